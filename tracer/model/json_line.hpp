// A line of JSON, parsed within bounds that hold for any input. Knows nothing of the record.
// Private to model.
#pragma once

#include "tracer/base/result.hpp"

#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace socktale::model::json {

using Json = nlohmann::ordered_json;

// Parses one JSON text. An Error when it is none, when an object has a member twice, or when it is
// larger or deeper than any line that is written here.
[[nodiscard]] Result<Json> parse(std::string_view line);

} // namespace socktale::model::json
