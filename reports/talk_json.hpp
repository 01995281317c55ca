// Connections, transfers, waits and states as members of the JSON report: numbers and names, no
// derived facts. The schema is reports/schema/report.schema.json.
#pragma once

#include "reports/story.hpp"
#include "reports/text/text.hpp"

#include <nlohmann/json_fwd.hpp>

namespace socktale::reports {

[[nodiscard]] nlohmann::ordered_json connection_json(const Story& story, const Connection& one,
                                                     Language language);
[[nodiscard]] nlohmann::ordered_json transfer_json(const Transfer& transfer);
[[nodiscard]] nlohmann::ordered_json wait_json(const Story& story, const Wait& wait,
                                               Language language);
[[nodiscard]] nlohmann::ordered_json deadlock_json(const Story& story, const Deadlock& deadlock,
                                                   Language language);
[[nodiscard]] nlohmann::ordered_json states_json(model::SocketId socket,
                                                 const std::vector<StateChange>& changes);

} // namespace socktale::reports
