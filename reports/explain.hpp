// What a call or an error is: purpose, arguments, who calls it, what goes wrong and why. Looked up
// in tables, never in a trace: what was observed is the reports' to tell.
#pragma once

#include "reports/options.hpp"
#include "tracer/base/said.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace socktale::reports {

struct Unexplained {
  Said reason;
  Said hint; // names what comes near
};

// `topic`: a kernel call ("accept4"), a function of the C library or of Python's socket module
// ("recv", "create_connection"), or an errno by name or number ("EADDRINUSE", "98").
[[nodiscard]] std::expected<std::string, Unexplained> explain(std::string_view topic,
                                                              const Options& options);

} // namespace socktale::reports
