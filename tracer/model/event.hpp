// The record: what happened, in the order in which it was seen. One Call tells a kernel call whole.
// Owns no decoding, no formatting, no file.
#pragma once

#include "tracer/base/clock.hpp"
#include "tracer/base/ids.hpp"
#include "tracer/model/place.hpp"
#include "tracer/model/value.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace socktale::model {

using CallId = Id<std::uint64_t, struct CallTag>;     // from 1, in order of entry
using SocketId = Id<std::uint32_t, struct SocketTag>; // from 1, one a kernel socket, never reused

// How a call ended.
struct Outcome {
  std::int64_t result = 0; // as the kernel returned it; -errno on failure
  int error = 0;           // errno, 0 on success; the kernel's own restart codes are 512 and up
  Name error_name;         // "EADDRINUSE", "ERESTARTSYS"; empty on success or when unknown
  Name result_kind;        // "fd", "count" or "status": what a success means
  Instant left;            // when the kernel returned
  Value meaning{};         // of a result that is more than a number: F_GETFL's O_RDWR|O_NONBLOCK
  bool operator==(const Outcome&) const = default;
};

struct Call {
  CallId id;
  Pid pid;
  Tid tid;
  Name name;                          // as the man page names it: "accept4"
  int number = -1;                    // the kernel's number of it, in the call's ABI
  Name abi;                           // "i386"; empty: x86-64
  Name via;                           // what was asked for when it has another name than the call:
                                      // "socketcall(SYS_SENDTO)", "fcntl64"
  std::array<std::uint64_t, 6> raw{}; // the argument registers
  std::vector<Field> args;
  Instant entered;
  std::optional<Outcome> outcome; // absent: in flight, or the thread ended inside
  std::optional<SocketId> socket; // the socket that the call is about
  std::vector<SocketId> touched;  // further ones: made, received, polled
  Place place;
  std::optional<std::uint32_t> stack; // Stack::id
  bool operator==(const Call&) const = default;
};

// One end of a connection, or what a socket is bound to.
struct Endpoint {
  Name family; // "AF_INET"
  Name host;   // numeric address; empty for other families
  std::uint16_t port = 0;
  Name path; // AF_UNIX: path, "@name" for an abstract one; empty: unnamed
  Name raw;  // other families: the bytes after sa_family
  bool operator==(const Endpoint&) const = default;
};

// A kernel socket as the book knows it now. The same id again is an update.
struct Socket {
  SocketId id;
  Name family;   // "AF_INET"; empty: unknown
  Name type;     // "SOCK_STREAM"
  Name protocol; // "IPPROTO_TCP"
  Name origin;   // "socket", "accept", "socketpair", "received", "inherited",
                 // "found" (before the tracing), "unknown"
  Name role;     // "fresh", "bound", "listening", "connecting", "connected"
  std::optional<Endpoint> local;
  std::optional<Endpoint> peer;
  std::optional<SocketId> parent; // accept: the listening one; socketpair: the other end
  std::uint64_t inode = 0;        // 0: not looked up
  // Absent while a descriptor is open; "close", "dup2", "exec" or "exit" tells what closed the
  // last.
  Name gone_by;
  bool operator==(const Socket&) const = default;
};

// A process or thread begins (`parent` is the process that made it).
struct TaskBorn {
  Pid pid;
  Tid tid;
  Pid parent;
  std::string role; // the program's, as given on the command line: "server"
  bool operator==(const TaskBorn&) const = default;
};

// A process runs another program from here on.
struct TaskExec {
  Pid pid;
  std::string exe;
  std::vector<std::string> argv;
  std::string cwd;
  std::string runtime;         // "CPython"; empty: none recognised
  std::string runtime_version; // "3.11.2"
  std::string abi;             // "x86-64", "i386", "x32"; the last is not traced
  bool operator==(const TaskExec&) const = default;
};

// A thread ends; a process when its last one does (`last`).
struct TaskGone {
  Pid pid;
  Tid tid;
  bool last = false;
  std::optional<int> status; // exit status
  std::optional<int> signal; // or the signal that killed it
  bool operator==(const TaskGone&) const = default;
};

struct Signal {
  Pid pid;
  Tid tid;
  int number = 0;
  std::string name;
  Value info; // siginfo_t, as far as this kind of signal fills it in; empty: not looked at
  bool operator==(const Signal&) const = default;
};

// Anything else worth saying, as a code with parameters: reports have the sentence.
struct Note {
  std::string code; // "untraced-abi", "io-uring", "who-holds-port", "both-waiting", "interrupted"
  std::optional<Pid> pid;
  std::vector<std::pair<std::string, std::string>> about;
  bool operator==(const Note&) const = default;
};

// The text of a source file of the user's that places or stacks name, as it was when the program
// that ran it was started or built.
struct SourceFile {
  std::string file;       // as Place::file names it
  std::string text;       // its bytes, where they were kept
  std::uint64_t size = 0; // of the file, in bytes
  bool cut = false;       // text is only its beginning, in whole lines
  bool changed = false;   // changed since then: text is left out, its lines may be others
  bool operator==(const SourceFile&) const = default;
};

// The last line of a trace that was ended in good order.
struct End {
  std::uint64_t calls = 0;
  std::uint64_t stops = 0; // how often any task was stopped for a system call
  bool operator==(const End&) const = default;
};

// What the kernel said of one socket when it was asked. Unknown members are empty or 0.
struct SocketState {
  // Absent: no traced descriptor has it. It waits to be accepted, was closed (TIME_WAIT), or is a
  // program's that is not traced.
  std::optional<SocketId> socket;
  std::uint64_t inode = 0;       // 0: no descriptor anywhere
  std::uint64_t peer_inode = 0;  // AF_UNIX: the other end
  std::string family;            // "AF_INET"
  std::string type;              // "SOCK_STREAM"
  std::string protocol;          // "IPPROTO_TCP"; empty for AF_UNIX
  std::string state;             // "ESTABLISHED"; empty: the kernel has no such socket any more
  std::optional<Endpoint> local; // of TCP a socket without a peer listens
  std::optional<Endpoint> peer;
  bool v6only = false;
  std::uint32_t recv_queue = 0; // bytes that wait to be read; LISTEN: connections to be accepted
  std::uint32_t send_queue = 0; // bytes that the peer has not taken; LISTEN: the queue's limit
  std::string timer;            // "retransmit", "keepalive", "timewait", "probe"; empty: none runs
  std::uint32_t timer_ms = 0;   // until it expires
  std::uint32_t retransmits = 0;
  bool operator==(const SocketState&) const = default;
};

// Sockets at one moment, as the kernel told them to the tracer: sampled, not seen in a call.
struct Sample {
  std::optional<CallId> call; // at whose stop; absent: a process had ended
  bool at_entry = false;      // before the call; otherwise after it
  Instant taken;              // when the kernel was asked
  std::vector<SocketState> sockets;
  bool operator==(const Sample&) const = default;
};

using Body = std::variant<Call, Socket, Stack, TaskBorn, TaskExec, TaskGone, Signal, Note, End,
                          SourceFile, Sample>;

struct Event {
  std::uint64_t seq = 0;
  Instant at;
  Body body;
  bool operator==(const Event&) const = default;
};

// A program that was started to be traced.
struct Program {
  std::string role;
  std::vector<std::string> argv;
  bool operator==(const Program&) const = default;
};

// How the kernel was asked for the state of sockets.
struct Sampling {
  std::uint32_t always = 0;  // calls on each socket that move data or wait are sampled always;
  std::uint32_t percent = 0; // further ones while all sampling took no more of the time than this
  std::uint32_t sockets = 0; // at most, in a sample
  std::uint32_t first = 0;   // sockets whose calls `always` is about; 0: all
  bool operator==(const Sampling&) const = default;
};

// A network interface of the tracer's own network namespace.
struct Interface {
  std::int64_t index = 0;
  std::string name;
  bool operator==(const Interface&) const = default;
};

// The first line of a trace.
struct Header {
  static constexpr int current_schema = 1;
  int schema = current_schema;
  std::string tool;                // "socktale 0.1.0"
  std::int64_t began_at = 0;       // nanoseconds since 1970, the zero of every Instant
  std::string kernel;              // "6.1.0-18-amd64"
  std::string machine;             // "x86_64"
  std::string system;              // "Debian GNU/Linux 12 (bookworm)"
  std::string libc;                // "glibc 2.36"
  std::uint64_t payload_limit = 0; // bytes kept of each buffer
  bool payload_withheld = false;
  bool payload_unseen = false;        // withheld, and not even the lengths of buffers are told
  std::uint64_t payload_patterns = 0; // whose matches in payload were replaced by marks
  bool source_withheld = false;       // no text of source files was to be kept
  std::vector<Interface> interfaces;  // looked up when the recording began; programs may see others
  std::vector<Program> programs;
  std::string document;             // "hello-hi": the document whose chat this is; empty: none
  std::optional<Sampling> sampling; // absent: no samples were to be taken
  bool operator==(const Header&) const = default;
};

} // namespace socktale::model
