#include "tracer/cli/chat_director.hpp"

#include "tracer/base/result.hpp"
#include "tracer/base/text.hpp"

#include <cerrno>

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>

namespace socktale::cli {
namespace {

constexpr std::array names = {"server", "client"};

void make_pipe(UniqueFd& read_end, UniqueFd& write_end) {
  std::array<int, 2> fds{};
  if (pipe2(fds.data(), O_CLOEXEC) != 0)
    throw UserError(Exit::os_error, Error{"pipe2", errno, {}}.said(),
                    tr("too many files are open"));
  read_end.reset(fds[0]);
  write_end.reset(fds[1]);
}

void type(const UniqueFd& keyboard, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = write(keyboard.get(), text.data(), text.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return; // the program is gone
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

} // namespace

ChatDirector::ChatDirector(ChatScript script, std::FILE* screen)
    : script_(std::move(script)), screen_(screen), stop_(eventfd(0, EFD_CLOEXEC)) {
  for (Side& side : sides_) {
    make_pipe(side.program_keyboard, side.keyboard);
    make_pipe(side.screen, side.program_screen);
  }
}

ChatDirector::~ChatDirector() { finish(); }

void ChatDirector::finish() {
  if (!thread_.joinable()) return;
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

std::array<int, 3> ChatDirector::stdio(Speaker speaker) const {
  const Side& side = sides_.at(static_cast<std::size_t>(speaker));
  return {side.program_keyboard.get(), side.program_screen.get(), 2};
}

void ChatDirector::started(Speaker speaker) {
  Side& side = sides_.at(static_cast<std::size_t>(speaker));
  side.program_keyboard.reset();
  side.program_screen.reset();
}

void ChatDirector::begin() {
  thread_ = std::thread([this] { serve(); });
}

void ChatDirector::turn(Speaker speaker) {
  const std::lock_guard lock(mutex_);
  Side& side = sides_.at(static_cast<std::size_t>(speaker));
  const auto line = script_.next(speaker);
  if (!line) return side.keyboard.reset();
  side.echo.push_back(*line);
  type(side.keyboard, *line + "\n");
}

void ChatDirector::serve() {
  // A prompt ends with ": "; any other text without a newline counts as one when nothing has
  // followed it for a moment, because a line may be printed in pieces. Only the showing depends on
  // that.
  constexpr int moment_ms = 30;
  for (;;) {
    std::array<pollfd, 3> waits{};
    for (std::size_t i = 0; i < sides_.size(); ++i)
      waits.at(i) = {sides_.at(i).screen.get(), POLLIN, 0};
    waits[2] = {stop_.get(), POLLIN, 0};
    const int ready = poll(waits.data(), waits.size(), moment_ms);
    if (ready < 0 && errno != EINTR) return;
    bool heard = false;
    for (std::size_t i = 0; i < sides_.size(); ++i) {
      const auto speaker = static_cast<Speaker>(i);
      if (ready == 0) echo_after_prompt(speaker);
      if ((waits.at(i).revents & (POLLIN | POLLHUP)) != 0) heard |= listen_to(speaker);
    }
    // Told to stop only after everything that was printed has been shown.
    if (!heard && (waits[2].revents & POLLIN) != 0) return;
  }
}

// False: the program has closed its screen.
bool ChatDirector::listen_to(Speaker speaker) {
  Side& side = sides_.at(static_cast<std::size_t>(speaker));
  std::array<char, 65536> buffer{};
  const ssize_t got = read(side.screen.get(), buffer.data(), buffer.size());
  if (got <= 0) {
    echo_after_prompt(speaker);
    if (!side.shown.empty()) show_line(speaker);
    side.screen.reset(); // poll(2) passes over a negative descriptor
    return false;
  }
  std::string_view text{buffer.data(), static_cast<std::size_t>(got)};
  for (;;) {
    const std::size_t newline = text.find('\n');
    side.shown += text.substr(0, newline);
    if (newline == std::string_view::npos) break;
    show_line(speaker);
    text.remove_prefix(newline + 1);
  }
  if (side.shown.ends_with(": ")) echo_after_prompt(speaker);
  return true;
}

void ChatDirector::echo_after_prompt(Speaker speaker) {
  Side& side = sides_.at(static_cast<std::size_t>(speaker));
  {
    const std::lock_guard lock(mutex_);
    if (side.shown.empty() || side.echo.empty()) return;
    side.shown += side.echo.front();
    side.echo.pop_front();
  }
  show_line(speaker);
}

void ChatDirector::show_line(Speaker speaker) {
  Side& side = sides_.at(static_cast<std::size_t>(speaker));
  if (screen_ != nullptr) {
    fmt::print(screen_, "{} | {}\n", names.at(static_cast<std::size_t>(speaker)),
               printable(side.shown));
    std::fflush(screen_);
  }
  side.shown.clear();
}

} // namespace socktale::cli
