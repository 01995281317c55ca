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
  SentenceRow{"accept|accept4", in_flight, "", "It was still waiting for a client when the recording ended."},
  SentenceRow{"recvfrom|recvmsg|read|readv", in_flight, "", "It was still waiting for data when the recording ended."},
  SentenceRow{"connect", in_flight, "", "It was still waiting for the connection when the recording ended."},
  SentenceRow{"", in_flight, "", "The call had not returned when the recording ended."},
  SentenceRow{"", to_be_restarted, "", "A signal came while the call was waiting: the kernel makes it again, returns EINTR, or ends the program."},

  // Failures that are normal, and those that have their own explanation for one call.
  SentenceRow{"connect", failed, "EINPROGRESS", "Began to connect to {address} without waiting; how it ends comes later. Normal for a non-blocking socket."},
  SentenceRow{"connect", failed, "EAGAIN", "The queue of the listening socket {address} is full, and this socket does not wait."},
  SentenceRow{"accept|accept4", failed, "EAGAIN", "No client was waiting, and this socket does not wait for one. Normal for a non-blocking socket."},
  SentenceRow{"sendto|sendmsg|write|writev|sendfile", failed, "EAGAIN", "The kernel's send buffer is full, and this call does not wait. Normal for a non-blocking socket."},
  SentenceRow{"recvfrom|recvmsg|read|readv", failed, "EAGAIN", "Nothing had arrived, and this call does not wait. Normal for a non-blocking socket or after a timeout."},
  SentenceRow{"", failed, "EINTR", "A signal came before the call had done anything; it may be made again."},
  SentenceRow{"bind", failed, "EADDRINUSE", "The address {address} is taken: another socket has it, or connections of an earlier run still linger there."},
  SentenceRow{"listen", failed, "EADDRINUSE", "Another socket already listens on this port."},
  SentenceRow{"bind", failed, "EADDRNOTAVAIL", "The address {address} belongs to no interface of this machine."},
  SentenceRow{"bind", failed, "EACCES", "This user may not take the address {address}: ports below 1024 are for privileged programs."},
  SentenceRow{"connect", failed, "ECONNREFUSED", "Nobody listens on {address}: the other machine's kernel refused the connection."},
  SentenceRow{"connect", failed, "ENOENT", "There is no socket file {address}; nobody listens there."},
  SentenceRow{"connect", failed, "ETIMEDOUT", "No answer came from {address} until the kernel gave up."},
  SentenceRow{"connect", failed, "ENETUNREACH|EHOSTUNREACH", "There is no way to {address} from this machine."},
  SentenceRow{"connect", failed, "EISCONN", "This socket is connected already."},
  SentenceRow{"connect", failed, "EALREADY", "An earlier attempt to connect this socket is still under way."},
  SentenceRow{"", failed, "ECONNRESET", "The peer broke the connection off (RST); what was under way is lost."},
  SentenceRow{"", failed, "EPIPE", "The peer has closed the connection, so nothing can be sent on it any more."},
  SentenceRow{"getpeername", failed_in_clean_up, "ENOTCONN", "The interpreter asked for the peer's address on its way out; the socket has none (any more)."},
  SentenceRow{"", failed, "ENOTCONN", "The socket is not connected."},
  SentenceRow{"", failed, "EBADF", "Descriptor {fd} is not open in this process."},
  SentenceRow{"", failed, "ENOTSOCK", "Descriptor {fd} is open, but is no socket."},
  SentenceRow{"", failed, "EMFILE|ENFILE", "No descriptor is left: too many are open."},
  SentenceRow{"socket|socketpair", failed, "EAFNOSUPPORT", "This kernel does not support the address family {domain}."},
  SentenceRow{"", failed, "EAFNOSUPPORT", "The address is of another family than the socket."},
  SentenceRow{"socket|socketpair", failed, "EPROTONOSUPPORT", "This family has no such type and protocol."},
  SentenceRow{"getsockopt|setsockopt", failed, "ENOPROTOOPT", "This kind of socket has no such option."},
  SentenceRow{"", failed, "", "The kernel refused {call} with {error}: {meaning}."},

  // Making and naming.
  SentenceRow{"socket", done, "", "Asked the kernel for a {kind} socket; it is descriptor {result}."},
  SentenceRow{"socketpair", done, "", "Made two {kind} sockets that are connected to each other: descriptors {sv}."},
  SentenceRow{"bind", any_port, "", "Asked for any free port (port 0) as the socket's own address; the kernel chooses it."},
  SentenceRow{"bind", every_interface, "", "Gave the socket its own address: {address}, which is the port on every interface."},
  SentenceRow{"bind", done, "", "Gave the socket its own address: {address}."},
  SentenceRow{"listen", done, "", "From now on the kernel accepts connections for this socket; up to {backlog} may wait in its queue."},
  SentenceRow{"accept|accept4", from_unnamed, "", "Took a waiting connection out of the queue, from a client whose socket has no name; it has its own socket, descriptor {result}."},
  SentenceRow{"accept|accept4", done_with_address, "", "Took a waiting connection out of the queue, from {address}; it has its own socket, descriptor {result}."},
  SentenceRow{"accept|accept4", done, "", "Took a waiting connection out of the queue; it has its own socket, descriptor {result}."},
  SentenceRow{"connect", done_with_address, "", "Connected to {address}. The server's program need not have accepted the connection yet."},
  SentenceRow{"connect", done, "", "Connected the socket."},
  SentenceRow{"getsockname", by_clean_up, "", "The interpreter asked for the socket's own address ({address}) to warn that it was never closed."},
  SentenceRow{"getpeername", by_clean_up, "", "The interpreter asked for the peer's address ({address}) to warn that the socket was never closed."},
  SentenceRow{"getsockname", done_with_address, "", "Asked for the socket's own address: {address}."},
  SentenceRow{"getpeername", done_with_address, "", "Asked for the address at the other end: {address}."},

  // Data.
  SentenceRow{"sendto|sendmsg|write|writev", asked_for_nothing, "", "Sent no bytes at all: on a stream nothing reaches the peer."},
  SentenceRow{"sendto|write|sendfile", sent_short, "", "Only {result} of the bytes found room in the kernel's send buffer; the rest is still to be sent."},
  SentenceRow{"sendto|sendmsg|write|writev", some_with_data, "", "Handed {moved} bytes to the kernel for sending: \"{data}\". They need not have arrived yet."},
  SentenceRow{"sendto|sendmsg|write|writev|sendfile", some, "", "Handed {result} bytes to the kernel for sending. They need not have arrived yet."},
  SentenceRow{"sendmmsg", some, "", "Handed {result} messages to the kernel for sending, {moved} bytes in all."},
  SentenceRow{"recvfrom|recvmsg|read|readv", asked_for_nothing, "", "Asked for no bytes at all."},
  SentenceRow{"recvfrom|recvmsg|read|readv", zero_on_stream, "", "The peer closed its end: {call} returned 0 bytes, and no more will come."},
  SentenceRow{"recvfrom|recvmsg|read|readv", zero, "", "{call} returned 0 bytes."},
  SentenceRow{"recvfrom|recvmsg", looked, "", "Looked at {result} bytes that have arrived, without taking them (MSG_PEEK)."},
  SentenceRow{"recvfrom|recvmsg|read|readv", some_with_data, "", "Took {moved} bytes that had arrived: \"{data}\"."},
  SentenceRow{"recvfrom|recvmsg|read|readv", some, "", "Took {result} bytes that had arrived."},
  SentenceRow{"recvmmsg", some, "", "Took {result} messages that had arrived, {moved} bytes in all."},
  SentenceRow{"splice", some, "", "Moved {result} bytes inside the kernel, without a copy in the program."},

  // Ending.
  SentenceRow{"shutdown", no_more_writing, "", "Ended the sending half: after the last byte the peer will read 0. Receiving goes on."},
  SentenceRow{"shutdown", no_more_reading, "", "Ended the receiving half of the connection."},
  SentenceRow{"shutdown", done, "", "Ended both halves of the connection; the descriptor stays open until close."},
  SentenceRow{"close", by_clean_up, "", "The program never closed descriptor {fd}; the interpreter did so on its way out."},
  SentenceRow{"close", leaving, "", "Closed descriptor {fd} because its owner went away; no call is written on this line."},
  SentenceRow{"close", listener, "", "Closed the listening socket, descriptor {fd}; no new client is accepted."},
  SentenceRow{"close", connection, "", "Closed descriptor {fd}, this side's end of the connection."},
  SentenceRow{"close", done, "", "Closed descriptor {fd}."},
  SentenceRow{"close_range", done, "", "Closed the descriptors from {first} to {last}."},

  // Options and descriptors.
  SentenceRow{"setsockopt", reuse_address, "", "Allowed the address to be taken although old connections still linger there (SO_REUSEADDR)."},
  SentenceRow{"setsockopt", done, "", "Set the socket's option {optname} to {optval}."},
  SentenceRow{"getsockopt", no_pending_error, "", "Asked how the attempt ended: without an error."},
  SentenceRow{"getsockopt", pending_error, "", "Asked how the attempt ended: with the error {optval}."},
  SentenceRow{"getsockopt", done, "", "Asked for the socket's option {optname}: {optval}."},
  SentenceRow{"ioctl", non_blocking, "", "Made the socket non-blocking: its calls no longer wait, they return EAGAIN instead."},
  SentenceRow{"ioctl", blocking, "", "Made the socket blocking: its calls wait until they can be done."},
  SentenceRow{"ioctl", how_much, "", "Asked how many bytes have arrived: {argp}."},
  SentenceRow{"ioctl", done, "", "Asked the socket's driver for {request}."},
  SentenceRow{"fcntl", sets_status, "", "Set the status flags of descriptor {fd} to {arg}."},
  SentenceRow{"fcntl", gets_status, "", "Asked for the status flags of descriptor {fd}."},
  SentenceRow{"fcntl", sets_cloexec, "", "Set the flags of descriptor {fd} itself to {arg}."},
  SentenceRow{"fcntl", duplicates, "", "Made descriptor {result} a second name of the same socket."},
  SentenceRow{"fcntl", done, "", "Did {cmd} on descriptor {fd}."},
  SentenceRow{"dup|dup2|dup3", done, "", "Made descriptor {result} a second name of the same socket."},

  // Waiting.
  SentenceRow{"poll|ppoll|select|pselect6|epoll_wait|epoll_pwait|epoll_pwait2", zero, "", "Waited until the time was over; nothing became ready."},
  SentenceRow{"poll|ppoll|select|pselect6|epoll_wait|epoll_pwait|epoll_pwait2", some, "", "Waited until a descriptor was ready; {result} of those watched can go on now."},
  SentenceRow{"epoll_ctl", done, "", "Told epoll what to watch: {op} of descriptor {fd}."},
  SentenceRow{"", always, "", ""},
};

constexpr std::array notes = {
  NoteRow{"untraced-abi", "", "Process {pid} runs {exe}, a program of the ABI {abi}, which is not traced: its calls are missing here."},
  NoteRow{"io-uring", "", "Process {pid} has set up an io_uring: what it sends and receives by that makes no system call and is missing here."},
  NoteRow{"port-holder", "command", "The port is held by process {pid} ({command}): its socket on {address} is in the state {state}."},
  NoteRow{"port-holder", "", "The port is held by a socket on {address} in the state {state}; its process is not to be seen, or has ended."},
  NoteRow{"not-sampled", "", "The kernel could not be asked for the state of the sockets: {why}."},
  NoteRow{"not-sampled-network", "", "Some sockets are of another network namespace than socktale, or that could not be told: their state was not asked for."},
  NoteRow{"both-waiting", "", "Both sides were waiting for each other to send: neither could go on."},
  NoteRow{"interrupted", "", "The recording was interrupted by {signal} before the programs had ended."},
};
// clang-format on

} // namespace

std::span<const SentenceRow> sentence_rows() { return rows; }
std::span<const NoteRow> note_rows() { return notes; }

} // namespace socktale::reports
