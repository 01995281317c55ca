// Names of functions as their symbols spell them, made into names as the language writes them. Pure
// text; knows nothing of files.
#pragma once

#include <string>
#include <string_view>

namespace socktale::locate {

// "Conn::say" of "_ZN4Conn3sayEPKc", "chat::run" of Rust's "_ZN4chat3run17h0123456789abcdefE";
// without parameters, and without what the compiler appends to the parts of a function (".cold",
// ".part.0", ".isra.0"). A name that is not mangled stays as it is.
[[nodiscard]] std::string readable_name(std::string_view symbol);

// The name by which programs call a function of the C library: "connect" of "__connect", "recv"
// of "__recv_chk".
[[nodiscard]] std::string public_name(std::string_view symbol);

// Of two names of one address, is `a` the one to show? Fewer leading underscores, then the shorter,
// then the first by alphabet: "send" before "__send", "fcntl" before "fcntl64".
[[nodiscard]] bool better_name(std::string_view a, std::string_view b);

} // namespace socktale::locate
