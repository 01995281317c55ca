// Bytes that are no text, for people who read JSON: sixteen a line, in hex and in ASCII.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace socktale::reports {

// "00000010  68 65 6c 6c 6f ff                                 |hello.|"
[[nodiscard]] std::vector<std::string> hexdump(std::string_view bytes);

// Each object of `json` that has its bytes in base64 gets them as "hexdump" as well.
void add_hexdumps(nlohmann::ordered_json& json);

} // namespace socktale::reports
