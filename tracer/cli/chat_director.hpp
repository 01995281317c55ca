// Sits at the keyboards of a chat: types a side's next line when told that its turn has come. Knows
// nothing of sockets or tracing.
#pragma once

#include "tracer/cli/chat_script.hpp"
#include "tracer/cli/stage.hpp"

#include <array>
#include <cstdio>

namespace socktale::cli {

class ChatDirector {
 public:
  // `screen`: where both sides' lines are shown, marked; nullptr: nowhere.
  ChatDirector(ChatScript script, std::FILE* screen);

  [[nodiscard]] std::array<int, 3> stdio(Speaker speaker) const {
    return stage_.stdio(static_cast<std::size_t>(speaker));
  }
  void started(Speaker speaker) { stage_.started(static_cast<std::size_t>(speaker)); }
  void begin() { stage_.begin(); }
  void finish() { stage_.finish(); }
  // Types this side's next line; when its script is used up, ends its input (as Ctrl-D does).
  void turn(Speaker speaker);

 private:
  ChatScript script_;
  Stage stage_;
};

} // namespace socktale::cli
