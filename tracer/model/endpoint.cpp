#include "tracer/model/endpoint.hpp"

#include <cstddef>
#include <cstring>
#include <string>

#include <linux/netlink.h>
#include <sys/socket.h>

namespace socktale::model {

std::uint32_t netlink_port(const Endpoint& endpoint) {
  constexpr std::size_t at = offsetof(sockaddr_nl, nl_pid) - sizeof(sa_family_t);
  std::uint32_t port = 0;
  const std::string& bytes = endpoint.raw;
  if (endpoint.family != "AF_NETLINK" || bytes.size() < at + sizeof port) return 0;
  std::memcpy(&port, bytes.data() + at, sizeof port);
  return port;
}

} // namespace socktale::model
