// Which of the named frames is the user's line, and what kind of place it is. Pure; the rules are
// in README.md.
#pragma once

#include "tracer/locate/python/interpreter.hpp"
#include "tracer/model/place.hpp"

#include <vector>

namespace socktale::locate::python {

// `frames` are the sighting's, innermost first, as Namer gave them.
[[nodiscard]] model::Place place_of(const Sighting& sighting,
                                    const std::vector<model::Frame>& frames);

} // namespace socktale::locate::python
