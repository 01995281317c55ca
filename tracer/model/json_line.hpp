// A line of JSON as text: parsed within bounds that hold for any input, and written so that neither
// a terminal nor a reader can be harmed by it. Knows nothing of the record. Private to model.
#pragma once

#include "tracer/base/result.hpp"

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace socktale::model::json {

using Json = nlohmann::ordered_json;

// An object with room for the usual number of members: growing one copies all that is in it.
[[nodiscard]] Json empty_object();

// Parses one JSON text. An Error when it is none, when an object has a member twice, or when it is
// larger or deeper than any line that is written here.
[[nodiscard]] Result<Json> parse(std::string_view line);

// `json` without line breaks. Characters that steer a terminal or hide are escaped; invalid UTF-8
// (which no caller should pass) becomes U+FFFD.
[[nodiscard]] std::string dump(const Json& json);

} // namespace socktale::model::json
