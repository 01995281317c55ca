// The record as JSON and back: the one place that knows the trace file's spelling
// (reports/schema/trace.schema.json is its published form). Never touches a file.
//
// What is written reads back equal, for records that keep three rules. A Value holds uint64_t only
// above INT64_MAX: smaller numbers come back as int64_t. The fields of one call, the members of one
// struct and the parameters of one note have different names, in valid UTF-8: a repeated name gets
// a "~" at its end, so that nothing is lost. No more is kept of Bytes or a List than its length
// says.
#pragma once

#include "tracer/base/result.hpp"
#include "tracer/model/event.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace socktale::model {

[[nodiscard]] nlohmann::ordered_json to_json(const Value& value);
[[nodiscard]] nlohmann::ordered_json to_json(const Place& place);
[[nodiscard]] nlohmann::ordered_json to_json(const Frame& frame);
[[nodiscard]] nlohmann::ordered_json to_json(const Endpoint& endpoint);

// One line of a trace file, without its newline: valid UTF-8 with nothing in it that steers a
// terminal.
[[nodiscard]] std::string to_line(const Header& header);
[[nodiscard]] std::string to_line(const Event& event);

// One line read back. Any bytes may come in; what does not fit the schema is an Error whose `op`
// says which member does not and why. Members that are not known here are passed over.

// A header of a newer schema comes back with its `schema` and `tool` alone. "not a socktale trace"
// is the Error for a line that is no header at all.
[[nodiscard]] Result<Header> header_from_line(std::string_view line);
// Nothing when the event is of a type that is not known here.
[[nodiscard]] Result<std::optional<Event>> event_from_line(std::string_view line);

} // namespace socktale::model
