// JSON for other programs' viewers: in ASCII, and no text of a traced program steers anything that
// shows it or that it is put into. Owns no form of any file.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace socktale::reports {

// On one line. All texts and names of members come out as `printable` of them, and no '<' is left.
[[nodiscard]] std::string inert_json(nlohmann::ordered_json json);

} // namespace socktale::reports
