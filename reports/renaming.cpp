#include "reports/renaming.hpp"

#include "reports/facts.hpp"
#include "reports/strace_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <limits>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

constexpr std::size_t shown_bytes = 48;
constexpr int deepest = 32; // structures of a trace file that nest deeper are left as they are

// What getsockopt(2) answers differently at any time.
constexpr std::array<std::string_view, 5> changing_options = {
    "TCP_INFO", "SO_COOKIE", "SO_INCOMING_CPU", "SO_INCOMING_NAPI_ID", "SO_MEMINFO"};
constexpr std::array<std::string_view, 3> temporary_folders = {"/tmp/", "/var/tmp/", "/dev/shm/"};

model::Value symbol(const std::string& name) { return {model::Symbol{0, name}}; }

bool is_fixed_host(std::string_view host) {
  return host.starts_with("127.") || host == "0.0.0.0" || host == "255.255.255.255" ||
         host == "::" || host == "::1";
}

// Names that the kernel gives by itself are five hexadecimal digits, see unix(7), autobind.
bool is_chosen_by_kernel(std::string_view abstract) {
  unsigned number = 0;
  const auto [end, error] =
      std::from_chars(abstract.data(), abstract.data() + abstract.size(), number, 16);
  return abstract.size() == 5 && error == std::errc{} && end == abstract.data() + abstract.size();
}

bool is_temporary(std::string_view path) {
  return std::ranges::any_of(temporary_folders,
                             [&](std::string_view folder) { return path.starts_with(folder); });
}

bool is_port(std::string_view member) { return member == "sin_port" || member == "sin6_port"; }

bool is_waiting_time(const model::Call& call, std::string_view member) {
  return (member == "timeout" || member == "tmo_p") && is_wait(call);
}

bool answers_differently(const model::Call& call, std::string_view name) {
  if (name != "optval" && name != "optlen") return false;
  const model::Field* option = argument(call, "optname");
  const auto* known = option ? option->shown().get<model::Symbol>() : nullptr;
  return known && std::ranges::find(changing_options, known->name) != changing_options.end();
}

std::size_t hash_of(const std::string& text) { return std::hash<std::string>{}(text); }

// The socket behind a call's first descriptor, which is what the call is about.
std::optional<model::SocketId> about(const model::Call& call, std::string_view argument) {
  const bool first = !call.args.empty() && call.args.front().name == argument;
  return first ? call.socket : std::nullopt;
}

// The socket behind the descriptor that the call returned.
std::optional<model::SocketId> made_by(const model::Call& call) {
  if (effect_of(call) != tables::Effect::accepts) return call.socket;
  return call.touched.empty() ? std::nullopt : std::optional(call.touched.front());
}

// Of both values: poll(2) answers in the structures that it was asked with.
RenamedText both(const model::Field& field) {
  constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
  return {field_text(field, shown_bytes),
          hash_of(value_text(field.before, all) + '\n' + value_text(field.after, all))};
}

} // namespace

std::string Renaming::name(std::string_view kind, const std::string& what) {
  if (naming_ == Naming::alike) return std::string(kind);
  const auto [known, fresh] = names_.try_emplace({std::string(kind), what}, 0);
  if (fresh) known->second = ++counts_[std::string(kind)];
  return fmt::format("{} {}", kind, known->second);
}

std::string Renaming::descriptor(Pid pid, int number, std::optional<model::SocketId> socket) {
  if (number < 0) return fmt::to_string(number);
  if (naming_ == Naming::alike) return "fd";
  std::size_t& latest = latest_[{pid, number}];
  if (socket) {
    std::size_t& known = descriptors_[{*socket, number}];
    if (known == 0) known = ++counts_["fd"];
    latest = known;
  } else if (latest == 0) {
    latest = ++counts_["fd"];
  }
  return fmt::format("fd {}", latest);
}

model::Value Renaming::renamed_made(const model::Made& made, Context context, int depth) {
  model::Made out{made.by, {}};
  for (const model::Value& value : made.of) {
    const auto* text = value.get<model::Text>();
    const std::int64_t port = is_port(context.member) ? number_of(value).value_or(0) : 0;
    const bool address = made.by.starts_with("inet_");
    if (port >= 1024)
      out.of.push_back(symbol(name("port", fmt::to_string(port))));
    else if (text && address && !is_fixed_host(text->text))
      out.of.push_back(symbol(name("host", text->text)));
    else if (text && made.by == "@" && is_chosen_by_kernel(text->text))
      out.of.push_back(symbol(name("path", '@' + text->text)));
    else
      out.of.push_back(renamed(value, context, depth));
  }
  return {std::move(out)};
}

model::Value Renaming::renamed(const model::Value& value, Context context, int depth) {
  if (depth > deepest) return value;
  const auto number = number_of(value);
  if (is_waiting_time(*context.call, context.member) && number && *number > 0)
    return symbol("some time");
  if (context.member == "pid" && number) return symbol(name("pid", fmt::to_string(*number)));
  if (const auto* fd = value.get<model::Fd>())
    return symbol(descriptor(context.call->pid, fd->number,
                             depth == 0 ? about(*context.call, context.member) : std::nullopt));
  if (const auto* pointer = value.get<model::Pointer>())
    return pointer->address == 0 ? value : symbol("pointer");
  if (value.get<model::Unreadable>()) return symbol("unreadable");
  if (const auto* bytes = value.get<model::Bytes>())
    return {model::Bytes{payload_.withheld ? "" : bytes->data.substr(0, payload_.limit),
                         bytes->length, payload_.withheld}};
  if (const auto* made = value.get<model::Made>()) return renamed_made(*made, context, depth + 1);
  if (const auto* text = value.get<model::Text>();
      text && context.member == "sun_path" && is_temporary(text->text))
    return symbol(name("path", text->text));
  if (const auto* list = value.get<model::List>()) {
    model::List out{{}, list->length};
    for (const model::Value& item : list->items)
      out.items.push_back(renamed(item, context, depth + 1));
    return {std::move(out)};
  }
  if (const auto* structure = value.get<model::Struct>()) {
    // epoll_data is the program's own mark, most often a descriptor or a pointer.
    if (member(value, "u64") != nullptr) return symbol("...");
    model::Struct out;
    for (const model::Field& field : structure->members)
      out.members.push_back({field.name,
                             renamed(field.before, {context.call, field.name}, depth + 1),
                             renamed(field.after, {context.call, field.name}, depth + 1),
                             renamed(field.meaning, {context.call, field.name}, depth + 1)});
    return {std::move(out)};
  }
  return value;
}

RenamedText Renaming::result(const model::Call& call) {
  std::string text = result_text(call, shown_bytes);
  if (succeeded(call) && call.outcome->result_kind == "fd") {
    const int number = static_cast<int>(call.outcome->result);
    text = descriptor(call.pid, number, made_by(call));
  } else if (succeeded(call)) {
    text = fmt::to_string(call.outcome->result); // what was answered is among the arguments
  }
  const std::size_t hash = hash_of(text);
  return {std::move(text), hash};
}

RenamedCall Renaming::rename(const model::Call& call) {
  RenamedCall out;
  for (const model::Field& field : call.args) {
    if (answers_differently(call, field.name)) continue;
    // The size of a signal mask says nothing when there is none; Go leaves it to chance.
    if (field.name == "sigsetsize" || field.name == "sigmask") continue;
    const bool left_over = is_waiting_time(call, field.name);
    model::Field named{field.name, renamed(field.before, {&call, field.name}, 0), {}};
    if (!left_over) named.after = renamed(field.after, {&call, field.name}, 0);
    named.meaning = renamed(field.meaning, {&call, field.name}, 0);
    out.args.emplace_back(field.name, both(named));
  }
  out.result = result(call);
  return out;
}

} // namespace socktale::reports
