#include "reports/sentence_rows.hpp"

#include "reports/facts.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace socktale::reports {
namespace {

using F = const CallFacts&;

bool always(F) { return true; }
bool in_flight(F f) { return !f.call.outcome; }
bool to_be_restarted(F f) { return restarts(f.call); }
bool failed(F f) { return f.call.outcome && f.call.outcome->error != 0; }
bool done(F f) { return succeeded(f.call); }
bool zero(F f) { return done(f) && f.call.outcome->result == 0; }
bool some(F f) { return done(f) && f.call.outcome->result > 0; }

bool stream(F f) { return f.socket && f.socket->type == "SOCK_STREAM"; }
bool has_role(F f, std::string_view role) { return f.socket && f.socket->role == role; }
bool has_address(F f) { return address_in(f.call).has_value(); }
bool has_data(F f) {
  const auto bytes = payload_of(f.call);
  return bytes && !bytes->withheld && !bytes->data.empty();
}
std::optional<std::int64_t> number_at(F f, std::string_view name) {
  const model::Field* field = argument(f.call, name);
  return field ? number_of(field->shown()) : std::nullopt;
}
bool is_named(F f, std::string_view argument_name, std::string_view constant) {
  const model::Field* field = argument(f.call, argument_name);
  const auto* symbol = field ? field->shown().get<model::Symbol>() : nullptr;
  return symbol && symbol->name == constant;
}
bool asked_for(F f, std::string_view buffer_length, bool less) {
  const auto asked = number_at(f, buffer_length);
  return some(f) && asked && (f.call.outcome->result < *asked) == less;
}

// Conditions of the rows below.
bool done_with_address(F f) { return done(f) && has_address(f); }
bool from_unnamed(F f) { return done(f) && address_in(f.call) == "(unnamed)"; }
bool some_with_data(F f) { return some(f) && has_data(f); }
bool any_port(F f) {
  const auto address = address_in(f.call);
  return done(f) && address && address->ends_with(":0");
}
bool every_interface(F f) {
  const auto address = address_in(f.call);
  return done(f) && address && (address->starts_with("0.0.0.0:") || address->starts_with("[::]:"));
}
bool zero_on_stream(F f) { return zero(f) && stream(f); }
bool asked_for_nothing(F f) { return zero(f) && number_at(f, "len").value_or(-1) == 0; }
bool sent_short(F f) { return asked_for(f, "len", true) || asked_for(f, "count", true); }
bool looked(F f) {
  const model::Field* flags = argument(f.call, "flags");
  const auto* set = flags ? flags->shown().get<model::Flags>() : nullptr;
  return some(f) && set && std::ranges::find(set->names, "MSG_PEEK") != set->names.end();
}
bool by_clean_up(F f) { return done(f) && f.call.place.kind == model::PlaceKind::finalizing; }
bool failed_in_clean_up(F f) {
  return failed(f) && f.call.place.kind == model::PlaceKind::finalizing;
}
bool leaving(F f) { return done(f) && f.call.place.kind == model::PlaceKind::leaving; }
bool listener(F f) { return done(f) && has_role(f, "listening"); }
bool connection(F f) { return done(f) && has_role(f, "connected"); }
bool no_more_writing(F f) { return done(f) && is_named(f, "how", "SHUT_WR"); }
bool no_more_reading(F f) { return done(f) && is_named(f, "how", "SHUT_RD"); }
bool reuse_address(F f) {
  return done(f) && is_named(f, "optname", "SO_REUSEADDR") &&
         number_at(f, "optval").value_or(0) != 0;
}
bool pending_error(F f) { return done(f) && is_named(f, "optname", "SO_ERROR"); }
bool no_pending_error(F f) { return pending_error(f) && number_at(f, "optval") == 0; }
bool non_blocking(F f) {
  return done(f) && is_named(f, "request", "FIONBIO") && number_at(f, "argp").value_or(0) != 0;
}
bool blocking(F f) {
  return done(f) && is_named(f, "request", "FIONBIO") && number_at(f, "argp") == 0;
}
bool how_much(F f) { return done(f) && is_named(f, "request", "FIONREAD"); }
bool sets_status(F f) { return done(f) && is_named(f, "cmd", "F_SETFL"); }
bool gets_status(F f) { return done(f) && is_named(f, "cmd", "F_GETFL"); }
bool sets_cloexec(F f) { return done(f) && is_named(f, "cmd", "F_SETFD"); }
bool duplicates(F f) {
  return done(f) && (is_named(f, "cmd", "F_DUPFD") || is_named(f, "cmd", "F_DUPFD_CLOEXEC"));
}

// clang-format off
constexpr std::array rows = {
  // Calls that did not return.
  SentenceRow{"accept|accept4", in_flight, "", tr("It was still waiting for a client when the recording ended.")},
  SentenceRow{"recvfrom|recvmsg|read|readv", in_flight, "", tr("It was still waiting for data when the recording ended.")},
  SentenceRow{"connect", in_flight, "", tr("It was still waiting for the connection when the recording ended.")},
  SentenceRow{"", in_flight, "", tr("The call had not returned when the recording ended.")},
  SentenceRow{"", to_be_restarted, "", tr("A signal came while the call was waiting: the kernel makes it again, returns EINTR, or ends the program.")},

  // Failures that are normal, and those that have their own explanation for one call.
  SentenceRow{"connect", failed, "EINPROGRESS", tr("Began to connect to {address} without waiting; how it ends comes later. Normal for a non-blocking socket.")},
  SentenceRow{"connect", failed, "EAGAIN", tr("The queue of the listening socket {address} is full, and this socket does not wait.")},
  SentenceRow{"accept|accept4", failed, "EAGAIN", tr("No client was waiting, and this socket does not wait for one. Normal for a non-blocking socket.")},
  SentenceRow{"sendto|sendmsg|write|writev|sendfile", failed, "EAGAIN", tr("The kernel's send buffer is full, and this call does not wait. Normal for a non-blocking socket.")},
  SentenceRow{"recvfrom|recvmsg|read|readv", failed, "EAGAIN", tr("Nothing had arrived, and this call does not wait. Normal for a non-blocking socket or after a timeout.")},
  SentenceRow{"", failed, "EINTR", tr("A signal came before the call had done anything; it may be made again.")},
  SentenceRow{"bind", failed, "EADDRINUSE", tr("The address {address} is taken: another socket has it, or connections of an earlier run still linger there.")},
  SentenceRow{"listen", failed, "EADDRINUSE", tr("Another socket already listens on this port.")},
  SentenceRow{"bind", failed, "EADDRNOTAVAIL", tr("The address {address} belongs to no interface of this machine.")},
  SentenceRow{"bind", failed, "EACCES", tr("This user may not take the address {address}: ports below 1024 are for privileged programs.")},
  SentenceRow{"connect", failed, "ECONNREFUSED", tr("Nobody listens on {address}: the other machine's kernel refused the connection.")},
  SentenceRow{"connect", failed, "ENOENT", tr("There is no socket file {address}; nobody listens there.")},
  SentenceRow{"connect", failed, "ETIMEDOUT", tr("No answer came from {address} until the kernel gave up.")},
  SentenceRow{"connect", failed, "ENETUNREACH|EHOSTUNREACH", tr("There is no way to {address} from this machine.")},
  SentenceRow{"connect", failed, "EISCONN", tr("This socket is connected already.")},
  SentenceRow{"connect", failed, "EALREADY", tr("An earlier attempt to connect this socket is still under way.")},
  SentenceRow{"", failed, "ECONNRESET", tr("The peer broke the connection off (RST); what was under way is lost.")},
  SentenceRow{"", failed, "EPIPE", tr("The peer has closed the connection, so nothing can be sent on it any more.")},
  SentenceRow{"getpeername", failed_in_clean_up, "ENOTCONN", tr("The interpreter asked for the peer's address on its way out; the socket has none (any more).")},
  SentenceRow{"", failed, "ENOTCONN", tr("The socket is not connected.")},
  SentenceRow{"", failed, "EBADF", tr("Descriptor {fd} is not open in this process.")},
  SentenceRow{"", failed, "ENOTSOCK", tr("Descriptor {fd} is open, but is no socket.")},
  SentenceRow{"", failed, "EMFILE|ENFILE", tr("No descriptor is left: too many are open.")},
  SentenceRow{"socket|socketpair", failed, "EAFNOSUPPORT", tr("This kernel does not support the address family {domain}.")},
  SentenceRow{"", failed, "EAFNOSUPPORT", tr("The address is of another family than the socket.")},
  SentenceRow{"socket|socketpair", failed, "EPROTONOSUPPORT", tr("This family has no such type and protocol.")},
  SentenceRow{"getsockopt|setsockopt", failed, "ENOPROTOOPT", tr("This kind of socket has no such option.")},
  SentenceRow{"", failed, "", tr("The kernel refused {call} with {error}: {meaning}.")},

  // Making and naming.
  SentenceRow{"socket", done, "", tr("Asked the kernel for a {kind} socket; it is descriptor {result}.")},
  SentenceRow{"socketpair", done, "", tr("Made two {kind} sockets that are connected to each other: descriptors {sv}.")},
  SentenceRow{"bind", any_port, "", tr("Asked for any free port (port 0) as the socket's own address; the kernel chooses it.")},
  SentenceRow{"bind", every_interface, "", tr("Gave the socket its own address: {address}, which is the port on every interface.")},
  SentenceRow{"bind", done, "", tr("Gave the socket its own address: {address}.")},
  SentenceRow{"listen", done, "", tr("From now on the kernel accepts connections for this socket; up to {backlog} may wait in its queue.")},
  SentenceRow{"accept|accept4", from_unnamed, "", tr("Took a waiting connection out of the queue, from a client whose socket has no name; it has its own socket, descriptor {result}.")},
  SentenceRow{"accept|accept4", done_with_address, "", tr("Took a waiting connection out of the queue, from {address}; it has its own socket, descriptor {result}.")},
  SentenceRow{"accept|accept4", done, "", tr("Took a waiting connection out of the queue; it has its own socket, descriptor {result}.")},
  SentenceRow{"connect", done_with_address, "", tr("Connected to {address}. The server's program need not have accepted the connection yet.")},
  SentenceRow{"connect", done, "", tr("Connected the socket.")},
  SentenceRow{"getsockname", by_clean_up, "", tr("The interpreter asked for the socket's own address ({address}) to warn that it was never closed.")},
  SentenceRow{"getpeername", by_clean_up, "", tr("The interpreter asked for the peer's address ({address}) to warn that the socket was never closed.")},
  SentenceRow{"getsockname", done_with_address, "", tr("Asked for the socket's own address: {address}.")},
  SentenceRow{"getpeername", done_with_address, "", tr("Asked for the address at the other end: {address}.")},

  // Data.
  SentenceRow{"sendto|sendmsg|write|writev", asked_for_nothing, "", tr("Sent no bytes at all: on a stream nothing reaches the peer.")},
  SentenceRow{"sendto|write|sendfile", sent_short, "", tr("Only {result} of the bytes found room in the kernel's send buffer; the rest is still to be sent.")},
  SentenceRow{"sendto|sendmsg|write|writev", some_with_data, "", tr("Handed {moved} byte to the kernel for sending: \"{data}\". It need not have arrived yet.", "Handed {moved} bytes to the kernel for sending: \"{data}\". They need not have arrived yet.", "moved")},
  SentenceRow{"sendto|sendmsg|write|writev|sendfile", some, "", tr("Handed {result} byte to the kernel for sending. It need not have arrived yet.", "Handed {result} bytes to the kernel for sending. They need not have arrived yet.", "result")},
  SentenceRow{"sendmmsg", some, "", tr("Handed {result} message to the kernel for sending; bytes in all: {moved}.", "Handed {result} messages to the kernel for sending; bytes in all: {moved}.", "result")},
  SentenceRow{"recvfrom|recvmsg|read|readv", asked_for_nothing, "", tr("Asked for no bytes at all.")},
  SentenceRow{"recvfrom|recvmsg|read|readv", zero_on_stream, "", tr("The peer closed its end: {call} returned 0 bytes, and no more will come.")},
  SentenceRow{"recvfrom|recvmsg|read|readv", zero, "", tr("{call} returned 0 bytes.")},
  SentenceRow{"recvfrom|recvmsg", looked, "", tr("Looked at {result} byte that has arrived, without taking it (MSG_PEEK).", "Looked at {result} bytes that have arrived, without taking them (MSG_PEEK).", "result")},
  SentenceRow{"recvfrom|recvmsg|read|readv", some_with_data, "", tr("Took {moved} byte that had arrived: \"{data}\".", "Took {moved} bytes that had arrived: \"{data}\".", "moved")},
  SentenceRow{"recvfrom|recvmsg|read|readv", some, "", tr("Took {result} byte that had arrived.", "Took {result} bytes that had arrived.", "result")},
  SentenceRow{"recvmmsg", some, "", tr("Took {result} message that had arrived; bytes in all: {moved}.", "Took {result} messages that had arrived; bytes in all: {moved}.", "result")},
  SentenceRow{"splice", some, "", tr("Moved {result} byte inside the kernel, without a copy in the program.", "Moved {result} bytes inside the kernel, without a copy in the program.", "result")},

  // Ending.
  SentenceRow{"shutdown", no_more_writing, "", tr("Ended the sending half: after the last byte the peer will read 0. Receiving goes on.")},
  SentenceRow{"shutdown", no_more_reading, "", tr("Ended the receiving half of the connection.")},
  SentenceRow{"shutdown", done, "", tr("Ended both halves of the connection; the descriptor stays open until close.")},
  SentenceRow{"close", by_clean_up, "", tr("The program never closed descriptor {fd}; the interpreter did so on its way out.")},
  SentenceRow{"close", leaving, "", tr("Closed descriptor {fd} because its owner went away; no call is written on this line.")},
  SentenceRow{"close", listener, "", tr("Closed the listening socket, descriptor {fd}; no new client is accepted.")},
  SentenceRow{"close", connection, "", tr("Closed descriptor {fd}, this side's end of the connection.")},
  SentenceRow{"close", done, "", tr("Closed descriptor {fd}.")},
  SentenceRow{"close_range", done, "", tr("Closed the descriptors from {first} to {last}.")},

  // Options and descriptors.
  SentenceRow{"setsockopt", reuse_address, "", tr("Allowed the address to be taken although old connections still linger there (SO_REUSEADDR).")},
  SentenceRow{"setsockopt", done, "", tr("Set the socket's option {optname} to {optval}.")},
  SentenceRow{"getsockopt", no_pending_error, "", tr("Asked how the attempt ended: without an error.")},
  SentenceRow{"getsockopt", pending_error, "", tr("Asked how the attempt ended: with the error {optval}.")},
  SentenceRow{"getsockopt", done, "", tr("Asked for the socket's option {optname}: {optval}.")},
  SentenceRow{"ioctl", non_blocking, "", tr("Made the socket non-blocking: its calls no longer wait, they return EAGAIN instead.")},
  SentenceRow{"ioctl", blocking, "", tr("Made the socket blocking: its calls wait until they can be done.")},
  SentenceRow{"ioctl", how_much, "", tr("Asked how many bytes have arrived: {argp}.")},
  SentenceRow{"ioctl", done, "", tr("Asked the socket's driver for {request}.")},
  SentenceRow{"fcntl", sets_status, "", tr("Set the status flags of descriptor {fd} to {arg}.")},
  SentenceRow{"fcntl", gets_status, "", tr("Asked for the status flags of descriptor {fd}.")},
  SentenceRow{"fcntl", sets_cloexec, "", tr("Set the flags of descriptor {fd} itself to {arg}.")},
  SentenceRow{"fcntl", duplicates, "", tr("Made descriptor {result} a second name of the same socket.")},
  SentenceRow{"fcntl", done, "", tr("Did {cmd} on descriptor {fd}.")},
  SentenceRow{"dup|dup2|dup3", done, "", tr("Made descriptor {result} a second name of the same socket.")},

  // Waiting.
  SentenceRow{"poll|ppoll|select|pselect6|epoll_wait|epoll_pwait|epoll_pwait2", zero, "", tr("Waited until the time was over; nothing became ready.")},
  SentenceRow{"poll|ppoll|select|pselect6|epoll_wait|epoll_pwait|epoll_pwait2", some, "", tr("Waited until a descriptor was ready; {result} of those watched can go on now.")},
  SentenceRow{"epoll_ctl", done, "", tr("Told epoll what to watch: {op} of descriptor {fd}.")},
  SentenceRow{"", always, "", {}},
};

constexpr std::array notes = {
  NoteRow{"untraced-abi", "", tr("Process {pid} runs {exe}, a program of the ABI {abi}, which is not traced: its calls are missing here.")},
  NoteRow{"x32-call", "", tr("Process {pid} makes calls by the x32 ABI, which is not traced: they are missing here.")},
  NoteRow{"own-filter", "", tr("Process {pid} has set up a seccomp filter of its own: a call that the filter refuses does not stop for socktale and is missing here. With --no-seccomp it is seen, as one that failed.")},
  NoteRow{"strict-seccomp", "", tr("Process {pid} has gone into seccomp's strict mode: from here on it can do no more than read, write and exit.")},
  NoteRow{"untraced-child", "", tr("Process {pid} has made the child {child} with CLONE_UNTRACED: it cannot be followed, and its calls are missing here.")},
  NoteRow{"untraced-child-filtered", "", tr("Process {pid} has made the child {child} with CLONE_UNTRACED: it cannot be followed, its calls are missing here, and every socket call that it makes fails with ENOSYS, for it has socktale's filter without socktale. With --no-seccomp it runs as it would alone.")},
  NoteRow{"one-tracer", "", tr("Process {pid} wanted to trace a program, or to be traced, and was refused (EPERM): a process has one tracer at a time, and these have socktale.")},
  NoteRow{"changed-argument", "", tr("While process {pid} was in its {name} (call {call}), another thread changed the argument {argument}: both values are recorded, and which of them the kernel took cannot be told.")},
  NoteRow{"io-uring", "", tr("Process {pid} has set up an io_uring: what it sends and receives by that makes no system call and is missing here.")},
  NoteRow{"no-set-user-id", "", tr("Process {pid} runs {exe}, whose file would give it privileges of its own (set-user-ID, set-group-ID or capabilities), without them: the kernel gives a program none that its tracer does not have. Where root runs socktale it has them.")},
  NoteRow{"port-holder", "command", tr("The port is held by process {pid} ({command}): its socket on {address} is in the state {state}.")},
  NoteRow{"port-holder", "", tr("The port is held by a socket on {address} in the state {state}; its process is not to be seen, or has ended.")},
  NoteRow{"not-sampled", "", tr("The kernel could not be asked for the state of the sockets: {why}.")},
  NoteRow{"not-sampled-network", "", tr("Some sockets are of another network namespace than socktale, or that could not be told: their state was not asked for.")},
  NoteRow{"both-waiting", "", tr("Both sides were waiting for each other to send: neither could go on.")},
  NoteRow{"attached", "command", tr("Process {pid} ({command}) ran already when the recording began: what it did before is not in the trace, and the sockets that it held were found, not seen being made. Each of its system calls, of whatever kind, was stopped at, which slows it down.")},
  NoteRow{"attached", "", tr("Process {pid} ran already when the recording began: what it did before is not in the trace, and the sockets that it held were found, not seen being made. Each of its system calls, of whatever kind, was stopped at, which slows it down.")},
  NoteRow{"let-go", "", tr("The recording was ended by {signal}; the programs run on.")},
  NoteRow{"interrupted", "", tr("The recording was interrupted by {signal} before the programs had ended.")},
};
// clang-format on

} // namespace

std::span<const SentenceRow> sentence_rows() { return rows; }
std::span<const NoteRow> note_rows() { return notes; }

} // namespace socktale::reports
