// --payload and --redact: how much of what programs send and receive is kept. CLI11 stays here.
#pragma once

#include "tracer/decode/layout.hpp"

#include <string>
#include <vector>

#include <CLI/App.hpp>

namespace socktale::cli {

struct PayloadOptions {
  std::string payload = "4096"; // full, a number, len or none
  bool no_payload = false;      // the same as len
  std::vector<std::string> redact;
  // Throws UserError(usage): a pattern that is none.
  [[nodiscard]] decode::Limits limits() const;
};
void add_payload_options(CLI::App& command, PayloadOptions& options);

} // namespace socktale::cli
