// What a call or an error is: purpose, arguments, who calls it, what goes wrong and why. Looked up
// in tables, never in a trace: what was observed is the reports' to tell.
#pragma once

#include "reports/options.hpp"
#include "tracer/base/result.hpp"

#include <string>
#include <string_view>

namespace socktale::reports {

// `topic`: a kernel call ("accept4"), a function of the C library or of Python's socket module
// ("recv", "create_connection"), or an errno by name or number ("EADDRINUSE", "98").
// An Error's op is what to print, its detail a hint that names what comes near.
[[nodiscard]] Result<std::string> explain(std::string_view topic, const Options& options);

} // namespace socktale::reports
