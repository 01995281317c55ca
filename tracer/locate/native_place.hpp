// Which of a stack's frames a call is told by: the user's own, a library's where no user's can be,
// or the loop of a runtime. Rules over named frames; reads no process and no file.
#pragma once

#include "tracer/locate/native_names.hpp"
#include "tracer/model/place.hpp"

#include <optional>
#include <string>
#include <vector>

namespace socktale::locate {

// All take frames innermost first.

// Of a native stack; `complete`: it was walked to its end. Unknown where nothing is sure.
[[nodiscard]] model::Place native_place(const std::vector<NamedFrame>& frames, bool complete);
// At the innermost frame that is the user's.
[[nodiscard]] std::optional<model::Place> user_place(const std::vector<NamedFrame>& frames);
// When a runtime's loop runs and nothing that it called is, or may be, the user's: what called the
// loop in turn did not make this call.
[[nodiscard]] std::optional<model::Place> loop_place(const std::vector<model::Frame>& frames);
// The function that the innermost run of the C library's frames was entered by: getaddrinfo, though
// it is a connect of its own that is at work. Empty: none, or not sure.
[[nodiscard]] std::string libc_function(const std::vector<NamedFrame>& frames);

} // namespace socktale::locate
