// Socket addresses: bytes to structure and to endpoint. Pure.
#pragma once

#include "tracer/model/event.hpp"
#include "tracer/model/value.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace socktale::decode {

// As strace shows it: {sa_family=AF_INET, sin_port=htons(12345), sin_addr=inet_addr("127.0.0.1")}.
// Other families, and addresses too short for their family, keep their raw bytes.
[[nodiscard]] model::Value socket_address(std::string_view bytes);

// The families whose addresses have a row here; of the others the bytes are kept.
[[nodiscard]] std::vector<int> decoded_families();

// The address as one end of a connection; nothing when it is too short to have a family.
[[nodiscard]] std::optional<model::Endpoint> endpoint(std::string_view bytes);

} // namespace socktale::decode
