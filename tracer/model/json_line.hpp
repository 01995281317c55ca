// A line of JSON, parsed within bounds that hold for any input. Knows nothing of the record.
// Private to model.
#pragma once

#include "tracer/base/result.hpp"

#include <string_view>

#include <simdjson.h>

namespace socktale::model::json {

using Element = simdjson::dom::element;

// Parses one JSON text. An Error when it is none, when an object has a member twice, or when it is
// larger or deeper than any line that is written here. What is returned is good until the same
// thread parses another.
[[nodiscard]] Result<Element> parse(std::string_view line);

} // namespace socktale::model::json
