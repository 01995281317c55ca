// Sits at the keyboards of a chat: types a side's next line when told that its turn has come, and
// shows what each program prints with what was typed. Knows nothing of sockets or tracing.
#pragma once

#include "tracer/base/unique_fd.hpp"
#include "tracer/cli/chat_script.hpp"

#include <array>
#include <cstdio>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace socktale::cli {

class ChatDirector {
 public:
  // `screen`: where both sides' lines are shown, marked; nullptr: nowhere.
  ChatDirector(ChatScript script, std::FILE* screen);
  ChatDirector(const ChatDirector&) = delete;
  ChatDirector& operator=(const ChatDirector&) = delete;
  ~ChatDirector();

  // The ends that the program gets as its 0 and 1 (and 2 stays ours); close them with started().
  [[nodiscard]] std::array<int, 3> stdio(Speaker speaker) const;
  // The program has them: its ends are closed here, so that its end can be seen.
  void started(Speaker speaker);
  // Begins to type and show; after both stdio() were made.
  void begin();
  // Ends once everything that the programs printed has been shown.
  void finish();
  // Types this side's next line; when its script is used up, ends its input (as Ctrl-D does).
  void turn(Speaker speaker);

 private:
  struct Side {
    UniqueFd keyboard, screen;                 // ours
    UniqueFd program_keyboard, program_screen; // the program's
    std::string shown;                         // the line begun and not ended
    std::deque<std::string> echo;              // typed, not shown yet
  };
  void serve();
  bool listen_to(Speaker speaker);
  void echo_after_prompt(Speaker speaker);
  void show_line(Speaker speaker);

  ChatScript script_;
  std::FILE* screen_;
  std::array<Side, 2> sides_;
  UniqueFd stop_;    // eventfd
  std::mutex mutex_; // guards script_ and what turn() touches of a side: keyboard, echo
  std::thread thread_;
};

} // namespace socktale::cli
