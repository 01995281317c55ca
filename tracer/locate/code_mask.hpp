// A source text with its comments and the insides of its literals blanked out, byte for byte as
// long as the text, so that brackets and names can be looked for in it. Knows C, C++, Rust and Go.
#pragma once

#include <string>
#include <string_view>

namespace socktale::locate {

// Comments become spaces; what is between the quotes of a literal becomes '.'; newlines stay where
// they are. Text that does not end as it should is masked to its end.
[[nodiscard]] std::string mask_of(std::string_view source);

} // namespace socktale::locate
