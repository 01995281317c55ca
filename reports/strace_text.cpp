#include "reports/strace_text.hpp"

#include "reports/facts.hpp"
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

class Writer {
 public:
  explicit Writer(std::size_t string_limit) : string_limit_(string_limit) {}
  std::string take() { return std::move(out_); }

  void value(const model::Value& value) { std::visit(*this, value.is); }

  void field(const model::Field& field) {
    if (!field.meaning.empty()) return value(field.meaning);
    const auto* before = field.before.get<model::List>();
    const auto* after = field.after.get<model::List>();
    const bool two_counts = before && after && before->items.size() == 1 &&
                            after->items.size() == 1 && before->items != after->items &&
                            !before->items[0].get<model::Struct>();
    if (!two_counts) return value(field.shown());
    out_ += '[';
    value(before->items[0]);
    out_ += " => ";
    value(after->items[0]);
    out_ += ']';
  }

  void text(std::string_view text) { out_ += text; }

  void operator()(std::monostate) { out_ += '?'; }
  void operator()(std::int64_t number) { out_ += fmt::to_string(number); }
  void operator()(std::uint64_t number) { out_ += fmt::to_string(number); }
  void operator()(const model::Fd& fd) { out_ += fmt::to_string(fd.number); }
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
    const std::string_view shown = std::string_view(bytes.data).substr(0, string_limit_);
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
    items(list.items);
    if (list.items.size() < list.length) out_ += list.items.empty() ? "..." : ", ...";
    out_ += ']';
  }

 private:
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
    field(member);
  }

  void quoted(std::string_view bytes) {
    out_ += '"';
    out_ += c_escape(bytes);
    out_ += '"';
  }

  // Every byte in hex, as strace writes bytes that are surely no text.
  void hex(const model::Bytes& bytes) {
    const std::string_view shown = std::string_view(bytes.data).substr(0, string_limit_);
    out_ += '"';
    for (const char byte : shown)
      out_ += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    out_ += shown.size() < bytes.length ? "\"..." : "\"";
  }

  void address(std::uint64_t address) {
    out_ += address == 0 ? "NULL" : fmt::format("{:#x}", address);
  }

  std::size_t string_limit_;
  std::string out_;
};

// What poll(2) and select(2) were asked and what they answered are told apart: the question among
// the arguments, the answer after the result.
bool answers_in_place(const model::Call& call) {
  const auto effect = effect_of(call);
  return effect == tables::Effect::waits_poll || effect == tables::Effect::waits_select;
}

struct Answer {
  std::string_view argument, label;
};
constexpr std::array answers = {
    Answer{"fds", ""},          Answer{"readfds", "in "},
    Answer{"writefds", "out "}, Answer{"exceptfds", "except "},
    Answer{"tmo_p", "left "},   Answer{"timeout", "left "},
};

std::string answer_text(const model::Call& call, std::size_t string_limit) {
  if (!succeeded(call) || !answers_in_place(call)) return "";
  if (call.outcome->result == 0) return " (Timeout)";
  std::string out;
  for (const Answer& answer : answers) {
    const model::Field* field = argument(call, answer.argument);
    const auto* list = field ? field->after.get<model::List>() : nullptr;
    if (!field || field->after.empty() || (list && list->items.empty())) continue;
    out += out.empty() ? " (" : ", ";
    out += answer.label;
    out += value_text(field->after, string_limit);
  }
  return out.empty() ? out : out + ")";
}

} // namespace

std::string error_meaning(int error) {
  const auto* restart = std::ranges::find(restart_codes, error, &Restart::error);
  if (restart != restart_codes.end()) return std::string(restart->meaning);
  const char* text = strerrordesc_np(error);
  return text != nullptr ? text : "";
}

std::string value_text(const model::Value& value, std::size_t string_limit) {
  Writer writer(string_limit);
  writer.value(value);
  return writer.take();
}

std::string field_text(const model::Field& field, std::size_t string_limit) {
  Writer writer(string_limit);
  writer.field(field);
  return writer.take();
}

std::string arguments_text(const model::Call& call, std::size_t string_limit) {
  Writer writer(string_limit);
  for (std::size_t i = 0; i < call.args.size(); ++i) {
    if (i > 0) writer.text(", ");
    const bool question = answers_in_place(call) && !call.args[i].before.empty();
    if (question)
      writer.value(call.args[i].before);
    else
      writer.field(call.args[i]);
  }
  return writer.take();
}

std::string invocation_text(const model::Call& call, std::size_t string_limit) {
  return fmt::format("{}({}{}", printable(call.name), arguments_text(call, string_limit),
                     call.outcome ? ")" : " <unfinished ...>)");
}

std::string result_text(const model::Call& call, std::size_t string_limit) {
  const std::optional<model::Outcome>& outcome = call.outcome;
  if (!outcome) return "?";
  if (outcome->error == 0 && !outcome->meaning.empty() && outcome->result != 0)
    return fmt::format("{:#x} (flags {})", outcome->result, value_text(outcome->meaning));
  if (outcome->error == 0) return fmt::to_string(outcome->result) + answer_text(call, string_limit);
  const auto* restart = std::ranges::find(restart_codes, outcome->error, &Restart::error);
  if (restart != restart_codes.end())
    return fmt::format("? {} ({})", restart->name, restart->meaning);
  const std::string meaning = error_meaning(outcome->error);
  if (outcome->error_name.empty() || meaning.empty())
    return fmt::format("-1 {}{}(errno {})", printable(outcome->error_name),
                       outcome->error_name.empty() ? "" : " ", outcome->error);
  return fmt::format("-1 {} ({})", printable(outcome->error_name), meaning);
}

std::string call_text(const model::Call& call, std::size_t string_limit) {
  return invocation_text(call, string_limit) + " = " + result_text(call, string_limit);
}

} // namespace socktale::reports
