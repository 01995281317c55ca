// The keyboards and screens of traced programs: types what it is told to, and shows what each
// prints with what was typed. Knows nothing of chats, lessons, sockets or tracing.
#pragma once

#include "tracer/base/unique_fd.hpp"

#include <array>
#include <cstddef>
#include <cstdio>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace socktale::cli {

class Stage {
 public:
  // `names`: of the programs, as they stand before their lines. `screen`: where both sides' lines
  // are shown; nullptr: nowhere.
  Stage(const std::vector<std::string>& names, std::FILE* screen);
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage();

  // The ends that the program gets as its 0 and 1 (and 2 stays ours); close them with started().
  [[nodiscard]] std::array<int, 3> stdio(std::size_t program) const;
  // The program has them: its ends are closed here, so that its end can be seen.
  void started(std::size_t program);
  // Begins to show.
  void begin();
  // Ends once everything has been shown that the programs printed by then.
  void finish();
  // Types a line; any thread may.
  void type(std::size_t program, const std::string& line);
  // Ends the program's input, as Ctrl-D does.
  void hang_up(std::size_t program);

 private:
  struct Player {
    std::string name;
    UniqueFd keyboard, screen;                 // ours
    UniqueFd program_keyboard, program_screen; // the program's
    std::string shown;                         // the line begun and not ended
    std::deque<std::string> echo;              // typed, not shown yet
  };
  void serve();
  bool listen_to(Player& player);
  void echo_after_prompt(Player& player);
  void show_line(Player& player);

  std::FILE* screen_;
  std::vector<Player> players_; // as many as there were names, from the beginning
  UniqueFd stop_;               // eventfd
  std::mutex mutex_;            // guards what typing touches of a player: keyboard, echo
  std::thread thread_;
};

} // namespace socktale::cli
