// What sequence diagrams draw: each step's main call going into the kernel and coming back, in
// order of time, and the words beside the arrows. Knows no language of diagrams; escapes nothing.
#pragma once

#include "reports/options.hpp"
#include "reports/story.hpp"

#include <string>
#include <vector>

namespace socktale::reports {

// A call going into the kernel or coming back; where nothing happened in between one arrow tells
// both.
struct Arrow {
  const Step* step;
  bool back;    // from the kernel
  bool at_once; // there and back
};

struct Arrows {
  std::vector<Arrow> drawn;
  std::size_t left_out = 0; // moments beyond the limit
};

[[nodiscard]] Arrows arrows_of(const Story& story, const Options& options);

// "server.py:20 serv_sock.bind((host, port))", cut to what a picture has room for.
[[nodiscard]] std::string arrow_label(const Story& story, const Step& step, Language language);
// After how many sides the kernel stands.
[[nodiscard]] Index kernel_after(const Story& story);

} // namespace socktale::reports
