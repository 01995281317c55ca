#include "reports/sentences.hpp"
#include "reports/terminal.hpp"
#include "reports/terminal_rows.hpp"
#include "reports/wording.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

std::string short_line(const model::Place& place) {
  if (place.file.empty()) return "";
  const std::string& file = place.file;
  const std::string name = file.substr(file.rfind('/') + 1);
  return place.span.line > 0 ? fmt::format("{}:{}", name, place.span.line) : name;
}

// Programs that only lead to others. Whether one was replaced is known too late for live lines, so
// what they do without a known line is left to the report.
constexpr std::array<std::string_view, 5> launchers = {"sh", "bash", "dash", "zsh", "env"};

bool is_launcher(std::string_view exe) {
  return std::ranges::find(launchers, exe.substr(exe.rfind('/') + 1)) != launchers.end();
}

} // namespace

void LiveTerminal::begin(const model::Header& header) {
  for (const model::Program& program : header.programs) side_of(program.role);
}

Index LiveTerminal::side_of(const std::string& role) {
  if (role.empty() && !roles_.empty()) return 0;
  const auto found = std::ranges::find(roles_, role);
  if (found != roles_.end()) return static_cast<Index>(found - roles_.begin());
  roles_.push_back(role);
  return roles_.size() - 1;
}

void LiveTerminal::on(const model::Event& event) {
  if (const auto* call = std::get_if<model::Call>(&event.body)) {
    tell(*call);
  } else if (const auto* stack = std::get_if<model::Stack>(&event.body)) {
    grouper_.learn(*stack);
  } else if (const auto* socket = std::get_if<model::Socket>(&event.body)) {
    remember(*socket);
  } else if (const auto* born = std::get_if<model::TaskBorn>(&event.body)) {
    if (born->pid.value != born->tid.value) return;
    const auto parent = processes_.find(born->parent);
    Who child = parent != processes_.end() ? parent->second : Who{};
    if (!born->role.empty() || parent == processes_.end()) {
      child.role = born->role;
      child.side = side_of(born->role);
    }
    processes_.insert_or_assign(born->pid, child);
  } else if (const auto* exec = std::get_if<model::TaskExec>(&event.body)) {
    processes_[exec->pid].interpreted = !exec->runtime.empty();
    processes_[exec->pid].launcher = is_launcher(exec->exe);
  } else if (const auto* gone = std::get_if<model::TaskGone>(&event.body)) {
    grouper_.forget(gone->tid);
    if (gone->last) processes_.erase(gone->pid);
  } else if (const auto* note = std::get_if<model::Note>(&event.body)) {
    TerminalText text(options_);
    text.paragraph({{"! ", Style::bad}}, {{text.told(sentence(*note))}});
    write(text.take());
  }
}

// A socket that is gone is still needed for the sentence on the call that closed it, which ends
// later.
void LiveTerminal::remember(const model::Socket& socket) {
  constexpr std::size_t most_gone = 256;
  sockets_.insert_or_assign(socket.id, socket);
  if (socket.gone_by.empty()) return;
  gone_.push_back(socket.id);
  if (gone_.size() <= most_gone) return;
  sockets_.erase(gone_.front());
  gone_.pop_front();
}

void LiveTerminal::tell(const model::Call& call) {
  const Who& by = processes_[call.pid];
  if (by.launcher && !is_user_code(call.place)) return;
  const StepGrouper::Placed placed = grouper_.add(call, by.interpreted);
  const Style style = side_style(by.side);
  const std::string mark(side_mark(by.role, by.side));
  const Runs gutter = {{mark + "     ", style}};
  TerminalText text(options_);
  const std::string role = text.told(role_text(by.role));
  if (placed.opened || told_ != placed.step) {
    const std::string line = short_line(call.place);
    Runs head = {{mark + " " + role + (role.empty() ? "" : "  "), style}};
    if (!line.empty()) head.push_back({line + "  ", style});
    Runs body = expression_runs(text, call.place);
    if (!placed.opened) body.push_back({"  " + text.told(tr("(continued)")), Style::dim});
    text.paragraph(head, gutter, body);
  }
  told_ = placed.step;
  const bool hidden = !placed.main;
  kernel_row(text, gutter, gutter, call, hidden, options_);
  const auto socket = call.socket ? sockets_.find(*call.socket) : sockets_.end();
  const std::string said =
      hidden ? "" : text.told(sentence(call, socket != sockets_.end() ? &socket->second : nullptr));
  if (!said.empty()) text.paragraph(gutter, gutter, {{said}});
  write(text.take());
}

// A reader that went away is no reason to stop tracing, so failures are left to the stream's state.
void LiveTerminal::write(const std::string& text) {
  (void)std::fwrite(text.data(), 1, text.size(), out_);
  (void)std::fflush(out_);
}

} // namespace socktale::reports
