#include "reports/strace_text.hpp"

#include "reports/facts.hpp"
#include "reports/strace_descriptors.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include <string.h>

namespace socktale::reports {
namespace {

// Codes by which the kernel tells itself to make a call again (include/linux/errno.h). A program
// never sees them, a tracer does.
struct Restart {
  int error;
  std::string_view name, meaning;
};
constexpr std::array restart_codes = {
    Restart{512, "ERESTARTSYS", "To be restarted if SA_RESTART is set"},
    Restart{513, "ERESTARTNOINTR", "To be restarted"},
    Restart{514, "ERESTARTNOHAND", "To be restarted if no handler"},
    Restart{516, "ERESTART_RESTARTBLOCK", "Interrupted by signal"},
};

// What strace writes as a set, its elements parted by blanks.
bool is_set(std::string_view name) {
  return name == "readfds" || name == "writefds" || name == "exceptfds" || name == "sigmask";
}

// Members that are the index of a network interface, which strace looks up.
constexpr std::array<std::string_view, 14> interface_members = {
    "ifi_index",   "ifa_index",        "sin6_scope_id", "sll_ifindex",  "sxdp_ifindex",
    "can_ifindex", "dev_idx",          "ipi_ifindex",   "ipi6_ifindex", "if_index",
    "imr_ifindex", "ipv6mr_interface", "mr_ifindex",    "gr_interface",
};

class Writer {
 public:
  explicit Writer(const Spelling& spelling) : spelling_(spelling) {}
  std::string take() { return std::move(out_); }

  void value(const model::Value& value) { value.visit(*this); }

  void field(const model::Field& field) {
    if (spelling_.meanings && !field.meaning.empty()) return value(field.meaning);
    const auto* before = field.before.get<model::List>();
    const auto* after = field.after.get<model::List>();
    const bool two_counts = before && after && before->items.size() == 1 &&
                            after->items.size() == 1 && before->items != after->items &&
                            !before->items[0].get<model::Struct>();
    const bool two_numbers =
        field.before.get<std::int64_t>() && field.after.get<std::int64_t>(); // msg_namelen
    const bool moved = two_counts && field.name == "offset";                 // sendfile(2)
    if (two_numbers || moved) {
      value(field.before);
      out_ += " => ";
      return value(field.after);
    }
    if (field.name == "msg_name") return value(field.before); // what was given, as of every address
    if (!two_counts) return value(field.shown());
    out_ += '[';
    value(before->items[0]);
    out_ += " => ";
    value(after->items[0]);
    out_ += ']';
  }

  void text(std::string_view text) { out_ += text; }

  // A set: [3 4], of signals [INT USR1], and all but some ~[KILL].
  void set(const model::Value& value) {
    const auto* all_but = value.get<model::Made>();
    if (all_but != nullptr && all_but->by == "~" && all_but->of.size() == 1) {
      out_ += '~';
      return set(all_but->of[0]);
    }
    const auto* list = value.get<model::List>();
    if (list == nullptr) return this->value(value);
    out_ += '[';
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      if (i > 0) out_ += ' ';
      const auto* signal = list->items[i].get<model::Symbol>();
      if (signal != nullptr && signal->name.starts_with("SIG"))
        out_ += printable(signal->name.text().substr(3));
      else
        this->value(list->items[i]);
    }
    out_ += ']';
  }

  void operator()(std::monostate) { out_ += '?'; }
  void operator()(std::int64_t number) { out_ += fmt::to_string(number); }
  void operator()(std::uint64_t number) { out_ += fmt::to_string(number); }
  void operator()(const model::Fd& fd) {
    out_ += fmt::to_string(fd.number);
    if (spelling_.descriptor) out_ += spelling_.descriptor(fd.number);
  }
  void operator()(const model::Symbol& symbol) {
    if (!symbol.name.empty())
      out_ += printable(symbol.name);
    else
      unnamed(as_unsigned(symbol.number), symbol.unknown);
  }
  void operator()(const model::Flags& flags) {
    const std::size_t start = out_.size();
    for (const std::string& name : flags.names) {
      if (out_.size() > start) out_ += '|';
      out_ += printable(name);
    }
    if (flags.rest != 0) {
      if (out_.size() > start) out_ += '|';
      unnamed(flags.rest, flags.unknown);
    }
    if (out_.size() == start) out_ += '0';
  }
  void operator()(const model::Pointer& pointer) { address(pointer.address); }
  void operator()(const model::Unreadable& unreadable) { address(unreadable.address); }

  void operator()(const model::Bytes& bytes) {
    if (bytes.withheld) {
      out_ += fmt::format("<{} bytes withheld>", bytes.length);
      return;
    }
    const std::string_view shown = std::string_view(bytes.data).substr(0, spelling_.string_limit);
    quoted(shown);
    if (shown.size() < bytes.length) out_ += "...";
  }

  void operator()(const model::Text& text) { quoted(text.text); }

  // An abstract AF_UNIX name is marked, not made by a call: @"name". What was left unread is only
  // pointed at: ... /* 0x7ffe12345678 */
  void operator()(const model::Made& made) {
    if (made.by == "...") {
      out_ += "...";
      if (made.of.empty()) return;
      out_ += " /* ";
      items(made.of);
      out_ += " */";
      return;
    }
    const auto* bytes =
        made.by == "\\x" && made.of.size() == 1 ? made.of[0].get<model::Bytes>() : nullptr;
    if (bytes != nullptr) return hex(*bytes);
    const bool mark = made.by == "@";
    out_ += printable(made.by);
    if (!mark) out_ += '(';
    items(made.of);
    if (!mark) out_ += ')';
  }

  void operator()(const model::Struct& structure) {
    out_ += '{';
    bool first = true;
    for (const model::Field& field : structure.members) {
      if (field.shown().empty()) continue;
      if (!first) out_ += ", ";
      first = false;
      member(field);
    }
    out_ += '}';
  }

  void operator()(const model::List& list) {
    out_ += '[';
    if (!spelling_.meanings && is_attributes(list) && list.items.size() > spelling_.string_limit) {
      items({list.items.begin(),
             list.items.begin() + static_cast<std::ptrdiff_t>(spelling_.string_limit)});
      out_ += spelling_.string_limit == 0 ? "...]" : ", ...]"; // strace's -s is their limit, too
      return;
    }
    items(list.items);
    if (list.items.size() < list.length) out_ += list.items.empty() ? "..." : ", ...";
    out_ += ']';
  }

 private:
  // Of a netlink message: each is {nla_len=...}, or that and what it holds.
  static bool is_attributes(const model::List& list) {
    if (list.items.empty()) return false;
    const auto* whole = list.items[0].get<model::List>();
    const model::Value& first =
        whole != nullptr && !whole->items.empty() ? whole->items[0] : list.items[0];
    const auto* header = first.get<model::Struct>();
    return header != nullptr && !header->members.empty() && header->members[0].name == "nla_len";
  }

  // An int that is negative has 32 bits.
  static std::uint64_t as_unsigned(std::int64_t number) {
    if (number < 0 && number >= INT32_MIN) return static_cast<std::uint32_t>(number);
    return static_cast<std::uint64_t>(number);
  }

  // 0x2a /* AF_??? */
  void unnamed(std::uint64_t number, std::string_view unknown) {
    out_ += number == 0 ? "0" : fmt::format("{:#x}", number);
    if (!unknown.empty()) out_ += fmt::format(" /* {} */", printable(unknown));
  }

  void items(const std::vector<model::Value>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out_ += ", ";
      value(values[i]);
    }
  }

  // inet_pton(3) fills in the member it is given, so the member's name is its last argument.
  void member(const model::Field& member) {
    const auto* made = member.shown().get<model::Made>();
    if (made && made->by == "inet_pton") {
      out_ += "inet_pton(";
      items(made->of);
      out_ += ", &" + printable(member.name) + ')';
      return;
    }
    if (!member.name.empty()) out_ += printable(member.name) + '=';
    if (is_set(member.name)) return set(member.shown());
    if (interface_name(member)) return;
    field(member);
  }

  bool interface_name(const model::Field& member) {
    const auto* index = member.shown().get<std::int64_t>();
    if (!spelling_.interface || index == nullptr) return false;
    if (std::ranges::find(interface_members, member.name) == interface_members.end()) return false;
    const std::string name = spelling_.interface(*index);
    if (!name.empty()) out_ += fmt::format("if_nametoindex(\"{}\")", c_escape(name));
    return !name.empty();
  }

  void quoted(std::string_view bytes) {
    out_ += '"';
    out_ += c_escape(bytes);
    out_ += '"';
  }

  // Every byte in hex, as strace writes bytes that are surely no text.
  void hex(const model::Bytes& bytes) {
    const std::string_view shown = std::string_view(bytes.data).substr(0, spelling_.string_limit);
    out_ += '"';
    for (const char byte : shown)
      out_ += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    out_ += shown.size() < bytes.length ? "\"..." : "\"";
  }

  void address(std::uint64_t address) {
    out_ += address == 0 ? "NULL" : fmt::format("{:#x}", address);
  }

  const Spelling& spelling_;
  std::string out_;
};

// What poll(2) and select(2) were asked and what they answered are told apart: the question among
// the arguments, the answer after the result.
bool answers_in_place(const model::Call& call) {
  const auto effect = effect_of(call);
  return effect == tables::Effect::waits_poll || effect == tables::Effect::waits_select ||
         call.name == "recvmmsg";
}

struct Answer {
  std::string_view argument, label;
};
constexpr std::array answers = {
    Answer{"fds", ""},          Answer{"readfds", "in "},
    Answer{"writefds", "out "}, Answer{"exceptfds", "except "},
    Answer{"tmo_p", "left "},   Answer{"timeout", "left "},
};

std::string answer_text(const model::Call& call, const Spelling& spelling) {
  if (!succeeded(call) || !answers_in_place(call)) return "";
  if (call.outcome->result == 0) return call.name == "recvmmsg" ? "" : " (Timeout)";
  const Spelling plain{
      spelling.string_limit, {}, spelling.meanings}; // strace decorates no descriptor here
  std::string out;
  for (const Answer& answer : answers) {
    const model::Field* field = argument(call, answer.argument);
    const auto* list = field ? field->after.get<model::List>() : nullptr;
    if (!field || field->after.empty() || (list && list->items.empty())) continue;
    out += out.empty() ? " (" : ", ";
    out += answer.label;
    Writer writer(plain);
    if (is_set(answer.argument))
      writer.set(field->after);
    else
      writer.value(field->after);
    out += writer.take();
  }
  return out.empty() ? out : out + ")";
}

// What strace prints at the return of a call, because the kernel fills it in: the arguments from
// this one on. A call that is not here is printed whole at its entry.
struct Cut {
  std::string_view call;
  std::size_t from;
};
constexpr std::array cuts = {
    Cut{"accept", 1},     Cut{"accept4", 1},    Cut{"getsockname", 1},  Cut{"getpeername", 1},
    Cut{"recvfrom", 1},   Cut{"recvmsg", 1},    Cut{"recvmmsg", 1},     Cut{"sendmmsg", 1},
    Cut{"read", 1},       Cut{"readv", 1},      Cut{"epoll_wait", 1},   Cut{"epoll_pwait", 1},
    Cut{"getsockopt", 3}, Cut{"socketpair", 3}, Cut{"epoll_pwait2", 1}, Cut{"sendfile", 2},
};

// i386's socketcall(2) has two calls that have no row, for sendto and recvfrom are the same with
// more arguments. strace prints them as they came.
struct Shorter {
  std::string_view via, name;
  std::size_t arity;
};
constexpr std::array shorter = {
    Shorter{"socketcall(SYS_SEND)", "send", 4},
    Shorter{"socketcall(SYS_RECV)", "recv", 4},
};

const Shorter* shorter_form(const model::Call& call) {
  const auto* form = std::ranges::find(shorter, call.via, &Shorter::via);
  return form != shorter.end() ? form : nullptr;
}

std::size_t arity_of(const model::Call& call) {
  const Shorter* form = shorter_form(call);
  return std::min(form != nullptr ? form->arity : call.args.size(), call.args.size());
}

std::size_t cut_of(const model::Call& call) {
  const auto* cut = std::ranges::find(cuts, call.name, &Cut::call);
  return std::min(cut != cuts.end() ? cut->from : arity_of(call), arity_of(call));
}

void arguments(Writer& writer, const model::Call& call, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    if (i > from) writer.text(", ");
    const model::Field& field = call.args[i];
    const bool question =
        answers_in_place(call) && !field.before.empty() &&
        std::ranges::find(answers, field.name, &Answer::argument) != answers.end();
    if (is_set(field.name))
      writer.set(question ? field.before : field.shown());
    else if (question)
      writer.value(field.before);
    else
      writer.field(field);
  }
}

} // namespace

std::string error_meaning(int error) {
  const auto* restart = std::ranges::find(restart_codes, error, &Restart::error);
  if (restart != restart_codes.end()) return std::string(restart->meaning);
  const char* text = strerrordesc_np(error);
  return text != nullptr ? text : "";
}

std::string value_text(const model::Value& value, std::size_t string_limit) {
  const Spelling spelling{string_limit, {}, true};
  Writer writer(spelling);
  writer.value(value);
  return writer.take();
}

std::string field_text(const model::Field& field, std::size_t string_limit) {
  const Spelling spelling{string_limit, {}, true};
  Writer writer(spelling);
  writer.field(field);
  return writer.take();
}

std::string strace_name(const model::Call& call) {
  const Shorter* form = shorter_form(call);
  return form != nullptr ? std::string(form->name) : printable(call.name);
}

std::string entry_text(const model::Call& call, const Spelling& spelling) {
  Writer writer(spelling);
  writer.text(strace_name(call));
  writer.text("(");
  const std::size_t cut = cut_of(call);
  arguments(writer, call, 0, cut);
  if (cut < arity_of(call) && cut > 0) writer.text(", ");
  return writer.take();
}

std::string return_text(const model::Call& call, const Spelling& spelling) {
  Writer writer(spelling);
  arguments(writer, call, cut_of(call), arity_of(call));
  writer.text(")");
  return writer.take();
}

std::string arguments_text(const model::Call& call, std::size_t string_limit) {
  const Spelling spelling{string_limit, {}, true};
  Writer writer(spelling);
  arguments(writer, call, 0, call.args.size());
  return writer.take();
}

std::string invocation_text(const model::Call& call, std::size_t string_limit) {
  return fmt::format("{}({}{}", printable(call.name), arguments_text(call, string_limit),
                     call.outcome ? ")" : " <unfinished ...>)");
}

std::string result_text(const model::Call& call, const Spelling& spelling) {
  const std::optional<model::Outcome>& outcome = call.outcome;
  if (!outcome) return "?";
  if (outcome->error == 0 && !outcome->meaning.empty() && outcome->result != 0)
    return fmt::format("{:#x} (flags {})", outcome->result, value_text(outcome->meaning));
  if (outcome->error == 0) {
    const std::string number = fmt::to_string(outcome->result);
    const bool descriptor =
        spelling.descriptor && (outcome->result_kind == "fd" || duplicates_descriptor(call));
    return number + (descriptor ? spelling.descriptor(static_cast<int>(outcome->result)) : "") +
           answer_text(call, spelling);
  }
  const auto* restart = std::ranges::find(restart_codes, outcome->error, &Restart::error);
  if (restart != restart_codes.end())
    return fmt::format("? {} ({})", restart->name, restart->meaning);
  const std::string meaning = error_meaning(outcome->error);
  if (outcome->error_name.empty() || meaning.empty())
    return fmt::format("-1 {}{}(errno {})", printable(outcome->error_name),
                       outcome->error_name.empty() ? "" : " ", outcome->error);
  return fmt::format("-1 {} ({})", printable(outcome->error_name), meaning);
}

std::string result_text(const model::Call& call, std::size_t string_limit) {
  return result_text(call, Spelling{string_limit, {}, true});
}

std::string call_text(const model::Call& call, std::size_t string_limit) {
  return invocation_text(call, string_limit) + " = " + result_text(call, string_limit);
}

} // namespace socktale::reports
