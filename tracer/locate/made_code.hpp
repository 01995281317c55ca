// Code that a runtime makes while it runs: which runtimes are known to keep frame pointers in it,
// and what their names for it say. Tables and pure text; never reads memory.
#pragma once

#include "tracer/locate/maps.hpp"
#include "tracer/locate/rule.hpp"
#include "tracer/model/place.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace socktale::locate {

// What makes code in a process.
enum class Maker { unknown, v8, hotspot };

// By the files that it has mapped.
[[nodiscard]] Maker maker_of(const std::vector<Mapping>& maps);

// Does the file at `path` hold the runtime itself?
[[nodiscard]] bool holds_runtime(std::string_view path);

// Does code that `maker` makes keep frame pointers? `arguments` are the process's, each ended by
// NUL.
[[nodiscard]] bool keeps_frame_pointers(Maker maker, std::string_view arguments);

// Is this function of a runtime what it runs a script's function in, so that the frame is that
// function's, whichever it is?
[[nodiscard]] bool runs_script(std::string_view function);

// The frame of a function that a perf map calls `name`. A position in it is that of the function,
// not of the call: it gives the file and no line.
[[nodiscard]] model::Frame made_frame(Maker maker, std::string_view name);

} // namespace socktale::locate
