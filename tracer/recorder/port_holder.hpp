// Who has a TCP port: asked when bind(2) says EADDRINUSE. Looks, never touches.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/model/event.hpp"

#include <optional>
#include <string>
#include <vector>

namespace socktale::recorder {

struct PortHolder {
  std::string address;    // "127.0.0.1:12345"
  std::string state;      // "LISTEN", "TIME_WAIT" ...
  std::optional<Pid> pid; // absent: no process holds it (TIME_WAIT), or we may not see it
  std::string command;
};

// All sockets on that local TCP port, in the network namespace of `pid` (/proc/PID/net/tcp, tcp6).
[[nodiscard]] std::vector<PortHolder> port_holders(Pid pid, std::uint16_t port);

} // namespace socktale::recorder
