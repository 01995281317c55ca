#include "reports/steps.hpp"

#include "reports/facts.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace socktale::reports {
namespace {

// Names of Python's socket module and of the C library; where both have one it means the same.
constexpr std::array api_rows = {
    ApiRow{"socket", "socket"},
    ApiRow{"socketpair", "socketpair"},
    ApiRow{"bind", "bind"},
    ApiRow{"listen", "listen"},
    ApiRow{"create_server", "listen"},
    ApiRow{"accept", "accept4|accept"},
    ApiRow{"accept4", "accept4"},
    ApiRow{"connect", "connect"},
    ApiRow{"connect_ex", "connect"},
    ApiRow{"create_connection", "connect", Repeat::until_connected},
    ApiRow{"send", "sendto|send"},
    ApiRow{"sendto", "sendto"},
    ApiRow{"sendall", "sendto", Repeat::until_all_sent},
    ApiRow{"sendmsg", "sendmsg"},
    ApiRow{"sendmmsg", "sendmmsg"},
    ApiRow{"recv", "recvfrom|recv"},
    ApiRow{"recv_into", "recvfrom"},
    ApiRow{"recvfrom", "recvfrom"},
    ApiRow{"recvfrom_into", "recvfrom"},
    ApiRow{"recvmsg", "recvmsg"},
    ApiRow{"recvmsg_into", "recvmsg"},
    ApiRow{"recvmmsg", "recvmmsg"},
    ApiRow{"send_fds", "sendmsg"},
    ApiRow{"recv_fds", "recvmsg"},
    ApiRow{"read", "read"},
    ApiRow{"write", "write"},
    ApiRow{"readv", "readv"},
    ApiRow{"writev", "writev"},
    ApiRow{"shutdown", "shutdown"},
    ApiRow{"close", "close"},
    ApiRow{"dup", "dup|fcntl"},
    ApiRow{"dup2", "dup2|dup3"},
    ApiRow{"fcntl", "fcntl"},
    ApiRow{"ioctl", "ioctl"},
    ApiRow{"settimeout", "ioctl|fcntl"},
    ApiRow{"setblocking", "ioctl|fcntl"},
    ApiRow{"getsockname", "getsockname"},
    ApiRow{"getpeername", "getpeername"},
    ApiRow{"getsockopt", "getsockopt"},
    ApiRow{"setsockopt", "setsockopt"},
    ApiRow{"poll", "poll|ppoll"},
    ApiRow{"select", "select|pselect6|poll|epoll_wait|epoll_pwait"},
    ApiRow{"epoll_wait", "epoll_wait|epoll_pwait"},
    ApiRow{"sendfile", "sendfile|sendto"},
};

// What closes a socket when the programmer wrote no call.
constexpr ApiRow closing = {"", "close"};

bool in_identifier(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '_' || byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}

std::string_view identifier_before(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  std::size_t begin = text.size();
  while (begin > 0 && in_identifier(text[begin - 1])) --begin;
  return text.substr(begin);
}

// The position after the quoted text that begins at `at`.
std::size_t skip_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at++];
  while (at < text.size() && text[at] != quote) at += text[at] == '\\' ? 2 : 1;
  return at + 1;
}

// Whether the text has a call of that function in it.
bool calls(std::string_view text, std::string_view function) {
  if (function.empty()) return false;
  for (std::size_t at = text.find(function); at != std::string_view::npos;
       at = text.find(function, at + 1)) {
    const bool begins = at == 0 || !in_identifier(text[at - 1]);
    if (begins && text.substr(at + function.size()).starts_with('(')) return true;
  }
  return false;
}

bool without_user_call(const model::Place& place) {
  return place.kind == model::PlaceKind::leaving || place.kind == model::PlaceKind::finalizing;
}

// A resolver that asks a name service daemon connects to it first, see nscd(8).
bool to_unix_socket(const model::Call& call) {
  for (const model::Field& field : call.args) {
    const model::Field* family = member(field.shown(), "sa_family");
    const auto* symbol = family ? family->shown().get<model::Symbol>() : nullptr;
    if (symbol && symbol->name == "AF_UNIX") return true;
  }
  return false;
}

// Of the C library: looks names up, and may ask several sources one after the other.
bool in_resolver(const model::Place& place) {
  return place.libc.starts_with("gethostby") ||
         lists("getaddrinfo|getnameinfo|getaddrinfo_a", place.libc);
}

bool sent_short(const model::Call& call) {
  const model::Field* asked = argument(call, "len");
  const auto length = asked ? number_of(asked->shown()) : std::nullopt;
  return length && call.outcome->result < *length;
}

} // namespace

std::string callee_of(std::string_view expression) {
  std::string_view callee;
  int depth = 0;
  for (std::size_t i = 0; i < expression.size();) {
    const char c = expression[i];
    if (c == '"' || c == '\'') {
      i = skip_quoted(expression, i);
      continue;
    }
    if (c == '(' && depth == 0) {
      const std::string_view name = identifier_before(expression.substr(0, i));
      if (!name.empty()) callee = name;
    }
    if (c == '(' || c == '[' || c == '{') ++depth;
    if ((c == ')' || c == ']' || c == '}') && depth > 0) --depth;
    ++i;
  }
  return std::string(callee);
}

std::string api_of(const model::Place& place) {
  if (without_user_call(place)) return "";
  if (place.text.empty()) return place.libc;
  // check(bind(...)) is known by its line only: of the calls in it, bind is the one that was made.
  std::string callee = callee_of(place.text);
  return api_row(callee) == nullptr && calls(place.text, place.libc) ? place.libc.text() : callee;
}

bool lists(std::string_view names, std::string_view name) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find('|'), names.size());
    if (names.substr(0, end) == name) return true;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return false;
}

const ApiRow* api_row(std::string_view api) {
  const auto* row = std::ranges::find(api_rows, api, &ApiRow::api);
  return row != api_rows.end() ? row : nullptr;
}

bool StepGrouper::is_main(const Open& open, const model::Call& call) {
  return open.row ? lists(open.row->kernel, call.name) : call.name == open.first;
}

bool StepGrouper::same_expression(const Open& open, const model::Call& call) {
  const model::Place& a = open.place;
  const model::Place& b = call.place;
  if (b.kind == model::PlaceKind::unknown || a.kind != b.kind) return false;
  if (a.file != b.file || a.span != b.span || a.text != b.text || a.function != b.function)
    return false;
  // One clean-up is one socket's.
  if (without_user_call(b)) return call.socket.has_value() && call.socket == open.socket;
  return !b.file.empty();
}

void StepGrouper::learn(const model::Stack& stack) {
  Path path;
  const auto user = std::ranges::find(stack.frames, model::Owner::user, &model::Frame::owner);
  if (user != stack.frames.end())
    for (auto frame = user; frame != stack.frames.begin();) {
      --frame;
      if (frame->owner == model::Owner::library && frame->span.line > 0)
        path.push_back({frame->file, frame->function, frame->span});
    }
  paths_.insert_or_assign(stack.id, std::move(path));
}

// Whether the library that the user called has only moved on to a later line since the last call:
// another turn of a loop of the user's would have begun at its first line again.
bool StepGrouper::further_on(const Open& open, const model::Call& call) const {
  if (!open.stack || !call.stack) return false;
  const auto before = paths_.find(*open.stack);
  const auto now = paths_.find(*call.stack);
  if (before == paths_.end() || now == paths_.end()) return false;
  if (in_resolver(call.place) && !now->second.empty()) return true;
  const auto position = [](const PathLine& line) {
    return std::pair(line.span.line, line.span.column);
  };
  const auto [a, b] =
      std::ranges::mismatch(before->second, now->second, [&](const PathLine& x, const PathLine& y) {
        return x.file == y.file && x.function == y.function && position(x) == position(y);
      });
  if (a == before->second.end() || b == now->second.end()) return false;
  return a->file == b->file && a->function == b->function && position(*a) < position(*b);
}

bool StepGrouper::continues(const Open& open, const model::Call& call) const {
  switch (open.progress) {
  case Progress::before_main:
  case Progress::again: return true;
  case Progress::may_wait: return is_wait(call);
  // What the step began with begins the next one: poll, recvfrom | poll, recvfrom.
  case Progress::settled:
    if (open.row == nullptr && further_on(open, call)) return true;
    return !is_main(open, call) && call.name != open.first;
  }
  return false;
}

StepGrouper::Progress StepGrouper::after_main(const Open& open, const model::Call& call,
                                              bool interpreted) {
  if (!call.outcome) return Progress::settled;
  const int error = call.outcome->error;
  if (restarts(call)) return Progress::again;
  if (interpreted && error == EINTR) return Progress::again;
  if (interpreted && (error == EAGAIN || error == EINPROGRESS)) return Progress::may_wait;
  const Repeat repeat = open.row ? open.row->repeat : Repeat::never;
  if (repeat == Repeat::until_connected && (error != 0 || to_unix_socket(call)))
    return Progress::again;
  if (repeat == Repeat::until_all_sent && error == 0 && sent_short(call)) return Progress::again;
  return Progress::settled;
}

void StepGrouper::advance(Open& open, const model::Call& call, bool interpreted) {
  const Progress given_up =
      open.row && open.row->repeat == Repeat::until_connected ? Progress::again : Progress::settled;
  if (is_main(open, call)) {
    open.progress = after_main(open, call, interpreted);
  } else if (is_wait(call) && open.progress != Progress::settled) {
    const bool timed_out = succeeded(call) && call.outcome->result == 0;
    if (timed_out)
      open.progress = given_up;
    else if (open.progress == Progress::may_wait)
      open.progress = Progress::again;
  } else if (call.name == "getsockopt" && open.progress == Progress::again) {
    // SO_ERROR: how a connect(2) that did not wait has ended.
    const model::Field* error = argument(call, "optval");
    open.progress = error && number_of(error->shown()) == 0 ? Progress::settled : given_up;
  }
}

StepGrouper::Placed StepGrouper::add(const model::Call& call, bool interpreted) {
  const auto found = open_.find(call.tid);
  if (found != open_.end()) {
    Open& open = found->second;
    const bool update = open.last == call.id;
    if (update || (same_expression(open, call) && continues(open, call))) {
      open.last = call.id;
      open.stack = call.stack;
      advance(open, call, interpreted);
      return {open.step, false, is_main(open, call)};
    }
  }
  Open open;
  open.step = steps_++;
  open.place = call.place;
  open.row = without_user_call(call.place) ? &closing : api_row(api_of(call.place));
  open.first = call.name;
  open.last = call.id;
  open.socket = call.socket;
  open.stack = call.stack;
  advance(open, call, interpreted);
  const Placed placed{open.step, true, is_main(open, call)};
  open_.insert_or_assign(call.tid, std::move(open));
  return placed;
}

} // namespace socktale::reports
