// What spans and their resources say of themselves: names by OpenTelemetry's semantic conventions
// where they have one, "socktale..." for the rest, each value with its type. Knows no ids and no
// times.
#pragma once

#include "reports/call_list.hpp"
#include "reports/options.hpp"
#include "reports/story.hpp"

#include <nlohmann/json_fwd.hpp>

namespace socktale::reports {

// The version of the conventions in which code.* became stable.
inline constexpr const char* schema_url = "https://opentelemetry.io/schemas/1.33.0";

// All of these are lists of {"key", "value"}.
[[nodiscard]] nlohmann::ordered_json resource_attributes(const Story& story,
                                                         const Process& process);
// How the process ended.
[[nodiscard]] nlohmann::ordered_json end_attributes(const Process& process);
[[nodiscard]] nlohmann::ordered_json signal_attributes(const model::Signal& signal);
[[nodiscard]] nlohmann::ordered_json step_attributes(const Story& story, const Step& step,
                                                     const Options& options);
// `wait`: nullptr where the call had not to wait.
[[nodiscard]] nlohmann::ordered_json call_attributes(const Story& story, const ListedCall& listed,
                                                     const Options& options, const Wait* wait);
[[nodiscard]] nlohmann::ordered_json transfer_attributes(const Transfer& transfer);

} // namespace socktale::reports
