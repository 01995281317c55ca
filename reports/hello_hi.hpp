// The document's claims as JSON text, built into the program from reports/reference/hello-hi.json.
#pragma once

#include <string_view>

namespace socktale::reports {

[[nodiscard]] std::string_view hello_hi_json();

} // namespace socktale::reports
