// Turns what a look saw into frames with file, line, text and owner, and picks the user's line
// among them. Reads source files; never the traced program.
#pragma once

#include "tracer/locate/python/code.hpp"
#include "tracer/locate/python/interpreter.hpp"
#include "tracer/locate/python/owner.hpp"
#include "tracer/locate/python/process.hpp"
#include "tracer/locate/python/source.hpp"
#include "tracer/model/place.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace socktale::locate::python {

class Namer {
 public:
  Namer(const Process& process, Version version, Owners& owners);

  // Innermost first, one for each frame of the sighting.
  [[nodiscard]] std::vector<model::Frame> frames_of(const Sighting& sighting);

 private:
  enum class Depth { inner, outermost };
  [[nodiscard]] model::Frame frame_of(const FrameRef& ref, Depth depth);
  [[nodiscard]] std::shared_ptr<const Source> source_of(const Code& code, const std::string& file,
                                                        Depth depth);
  [[nodiscard]] std::string file_of(const Code& code) const;

  const Process& process_;
  Owners& owners_;
  SourceFiles files_;
  std::shared_ptr<const Source> command_; // the text of -c, as the line tables count it
};

// Does this text, given as -c, hold the code: does its first line begin a function of that name?
// Code that exec() compiled from a string has the same file name "<string>".
[[nodiscard]] bool begins_in(const Source& source, const Code& code);

} // namespace socktale::locate::python
