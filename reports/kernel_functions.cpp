#include "reports/kernel_functions.hpp"

#include "reports/steps.hpp"

#include <algorithm>
#include <array>

namespace socktale::reports {
namespace {

enum class Protocol { any, tcp, udp, unix_stream, unix_datagram };

struct Row {
  std::string_view calls; // '|' between names
  Protocol protocol;
  std::string_view functions;
};

// clang-format off
constexpr std::array rows = {
  Row{"socket", Protocol::tcp, "__sys_socket sock_create inet_create"},
  Row{"socket", Protocol::udp, "__sys_socket sock_create inet_create"},
  Row{"socket", Protocol::any, "__sys_socket sock_create"},
  Row{"socketpair", Protocol::any, "__sys_socketpair unix_socketpair"},
  Row{"bind", Protocol::tcp, "__sys_bind inet_bind inet_csk_get_port"},
  Row{"bind", Protocol::udp, "__sys_bind inet_bind udp_v4_get_port"},
  Row{"bind", Protocol::any, "__sys_bind unix_bind"},
  Row{"listen", Protocol::tcp, "__sys_listen inet_listen inet_csk_listen_start"},
  Row{"listen", Protocol::any, "__sys_listen unix_listen"},
  Row{"accept|accept4", Protocol::tcp, "__sys_accept4 inet_accept inet_csk_accept"},
  Row{"accept|accept4", Protocol::any, "__sys_accept4 unix_accept"},
  Row{"connect", Protocol::tcp, "__sys_connect inet_stream_connect tcp_v4_connect"},
  Row{"connect", Protocol::udp, "__sys_connect inet_dgram_connect"},
  Row{"connect", Protocol::unix_stream, "__sys_connect unix_stream_connect"},
  Row{"connect", Protocol::unix_datagram, "__sys_connect unix_dgram_connect"},
  Row{"sendto", Protocol::tcp, "__sys_sendto sock_sendmsg tcp_sendmsg"},
  Row{"sendto", Protocol::udp, "__sys_sendto sock_sendmsg udp_sendmsg"},
  Row{"sendto", Protocol::unix_stream, "__sys_sendto sock_sendmsg unix_stream_sendmsg"},
  Row{"sendto", Protocol::unix_datagram, "__sys_sendto sock_sendmsg unix_dgram_sendmsg"},
  Row{"recvfrom", Protocol::tcp, "__sys_recvfrom sock_recvmsg tcp_recvmsg"},
  Row{"recvfrom", Protocol::udp, "__sys_recvfrom sock_recvmsg udp_recvmsg"},
  Row{"recvfrom", Protocol::unix_stream, "__sys_recvfrom sock_recvmsg unix_stream_recvmsg"},
  Row{"recvfrom", Protocol::unix_datagram, "__sys_recvfrom sock_recvmsg unix_dgram_recvmsg"},
  Row{"sendmsg", Protocol::tcp, "__sys_sendmsg sock_sendmsg tcp_sendmsg"},
  Row{"sendmsg", Protocol::udp, "__sys_sendmsg sock_sendmsg udp_sendmsg"},
  Row{"recvmsg", Protocol::tcp, "__sys_recvmsg sock_recvmsg tcp_recvmsg"},
  Row{"recvmsg", Protocol::udp, "__sys_recvmsg sock_recvmsg udp_recvmsg"},
  Row{"read|readv", Protocol::tcp, "vfs_read sock_read_iter tcp_recvmsg"},
  Row{"read|readv", Protocol::any, "vfs_read sock_read_iter"},
  Row{"write|writev", Protocol::tcp, "vfs_write sock_write_iter tcp_sendmsg"},
  Row{"write|writev", Protocol::any, "vfs_write sock_write_iter"},
  Row{"shutdown", Protocol::tcp, "__sys_shutdown inet_shutdown tcp_shutdown"},
  Row{"shutdown", Protocol::any, "__sys_shutdown"},
  Row{"close", Protocol::tcp, "sock_close inet_release tcp_close"},
  Row{"close", Protocol::udp, "sock_close inet_release"},
  Row{"close", Protocol::any, "sock_close"},
  Row{"getsockname", Protocol::tcp, "__sys_getsockname inet_getname"},
  Row{"getpeername", Protocol::tcp, "__sys_getpeername inet_getname"},
  Row{"getsockopt", Protocol::any, "__sys_getsockopt"},
  Row{"setsockopt", Protocol::any, "__sys_setsockopt"},
  Row{"poll|ppoll", Protocol::tcp, "do_sys_poll sock_poll tcp_poll"},
  Row{"poll|ppoll", Protocol::any, "do_sys_poll sock_poll"},
  Row{"select|pselect6", Protocol::any, "core_sys_select do_select sock_poll"},
  Row{"epoll_wait|epoll_pwait", Protocol::any, "do_epoll_wait"},
};
// clang-format on

Protocol protocol_of(std::string_view family, std::string_view type) {
  const bool stream = type == "SOCK_STREAM";
  if (family == "AF_UNIX") return stream ? Protocol::unix_stream : Protocol::unix_datagram;
  if (family != "AF_INET") return Protocol::any; // functions of IPv6 have other names
  return stream ? Protocol::tcp : Protocol::udp;
}

} // namespace

std::string_view kernel_functions(std::string_view call, std::string_view family,
                                  std::string_view type) {
  const Protocol protocol = protocol_of(family, type);
  const bool known_family = family == "AF_INET" || family == "AF_UNIX";
  for (const Row& row : rows)
    if (lists(row.calls, call) &&
        (row.protocol == protocol || (row.protocol == Protocol::any && known_family)))
      return row.functions;
  return "";
}

} // namespace socktale::reports
