// The made packets of a run as a pcapng file, which Wireshark opens. Owns the file's blocks, the
// addresses that no call told, and what says of each packet that it was made, not captured.
#pragma once

#include "reports/options.hpp"
#include "reports/story.hpp"

#include <string>

namespace socktale::reports {

[[nodiscard]] std::string render_pcapng(const Story& story, const Options& options);

} // namespace socktale::reports
