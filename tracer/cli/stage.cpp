#include "tracer/cli/stage.hpp"

#include "tracer/base/result.hpp"
#include "tracer/base/text.hpp"

#include <cerrno>

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>

namespace socktale::cli {
namespace {

void make_pipe(UniqueFd& read_end, UniqueFd& write_end) {
  std::array<int, 2> fds{};
  if (pipe2(fds.data(), O_CLOEXEC) != 0)
    throw UserError(Exit::os_error, Error{"pipe2", errno, {}}.said(),
                    tr("too many files are open"));
  read_end.reset(fds[0]);
  write_end.reset(fds[1]);
}

void write_keys(const UniqueFd& keyboard, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = write(keyboard.get(), text.data(), text.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return; // the program is gone
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

} // namespace

Stage::Stage(const std::vector<std::string>& names, std::FILE* screen)
    : screen_(screen), players_(names.size()), stop_(eventfd(0, EFD_CLOEXEC)) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    Player& player = players_[i];
    player.name = names[i];
    make_pipe(player.program_keyboard, player.keyboard);
    make_pipe(player.screen, player.program_screen);
  }
}

Stage::~Stage() { finish(); }

void Stage::finish() {
  if (!thread_.joinable()) return;
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

std::array<int, 3> Stage::stdio(std::size_t program) const {
  const Player& player = players_.at(program);
  return {player.program_keyboard.get(), player.program_screen.get(), 2};
}

void Stage::started(std::size_t program) {
  Player& player = players_.at(program);
  player.program_keyboard.reset();
  player.program_screen.reset();
}

void Stage::begin() {
  thread_ = std::thread([this] { serve(); });
}

void Stage::type(std::size_t program, const std::string& line) {
  const std::lock_guard lock(mutex_);
  Player& player = players_.at(program);
  player.echo.push_back(line);
  write_keys(player.keyboard, line + "\n");
}

void Stage::hang_up(std::size_t program) {
  const std::lock_guard lock(mutex_);
  players_.at(program).keyboard.reset();
}

void Stage::serve() {
  // A prompt ends with ": "; any other text without a newline counts as one when nothing has
  // followed it for a moment, because a line may be printed in pieces. Only the showing depends on
  // that.
  constexpr int moment_ms = 30;
  std::vector<pollfd> waits(players_.size() + 1);
  for (;;) {
    for (std::size_t i = 0; i < players_.size(); ++i)
      waits[i] = {players_[i].screen.get(), POLLIN, 0};
    waits.back() = {stop_.get(), POLLIN, 0};
    const int ready = poll(waits.data(), waits.size(), moment_ms);
    if (ready < 0 && errno != EINTR) return;
    bool heard = false;
    for (std::size_t i = 0; i < players_.size(); ++i) {
      if (ready == 0) echo_after_prompt(players_[i]);
      if ((waits[i].revents & (POLLIN | POLLHUP)) != 0) heard |= listen_to(players_[i]);
    }
    // Told to stop only after everything that was printed has been shown.
    if (!heard && (waits.back().revents & POLLIN) != 0) return;
  }
}

// False: the program has closed its screen.
bool Stage::listen_to(Player& player) {
  std::array<char, 65536> buffer{};
  const ssize_t got = read(player.screen.get(), buffer.data(), buffer.size());
  if (got <= 0) {
    echo_after_prompt(player);
    if (!player.shown.empty()) show_line(player);
    player.screen.reset(); // poll(2) passes over a negative descriptor
    return false;
  }
  // What was typed at a prompt stands before what the program printed next.
  if (player.shown.ends_with(": ")) echo_after_prompt(player);
  std::string_view text{buffer.data(), static_cast<std::size_t>(got)};
  for (;;) {
    const std::size_t newline = text.find('\n');
    player.shown += text.substr(0, newline);
    if (newline == std::string_view::npos) break;
    show_line(player);
    text.remove_prefix(newline + 1);
  }
  if (player.shown.ends_with(": ")) echo_after_prompt(player);
  return true;
}

void Stage::echo_after_prompt(Player& player) {
  {
    const std::lock_guard lock(mutex_);
    if (player.shown.empty() || player.echo.empty()) return;
    player.shown += player.echo.front();
    player.echo.pop_front();
  }
  show_line(player);
}

void Stage::show_line(Player& player) {
  if (screen_ != nullptr) {
    fmt::print(screen_, "{} | {}\n", player.name, printable(player.shown));
    std::fflush(screen_);
  }
  player.shown.clear();
}

} // namespace socktale::cli
