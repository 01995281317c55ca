// Whose code a native frame is: rules over the names of its module and source file, as tables. Pure
// text; never looks at the files.
#pragma once

#include "tracer/model/place.hpp"

#include <string_view>

namespace socktale::locate {

// Is this file part of the C library: libc itself, its dynamic linker, or what it loads to look up
// names?
[[nodiscard]] bool is_libc(std::string_view module);

// Is this source file part of a compiler, a standard library or an installed package?
[[nodiscard]] bool is_library_source(std::string_view file);

// The owner of a frame in `module` whose line is in `file` (empty: no line is known). `unknown`
// where nothing says whose it is: a program without debug information.
[[nodiscard]] model::Owner owner_of(std::string_view module, std::string_view file);

} // namespace socktale::locate
