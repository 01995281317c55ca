// Which functions of the kernel are behind a call: looked up in a table of ours, for Linux 5 and 6,
// and never traced. Whoever shows them says so.
#pragma once

#include <string_view>

namespace socktale::reports {

// "__sys_bind inet_bind": from the entry inwards, with blanks between. `family` and `type` are the
// socket's as the trace names them; empty when nothing is known of such a call.
[[nodiscard]] std::string_view kernel_functions(std::string_view call, std::string_view family,
                                                std::string_view type);

} // namespace socktale::reports
