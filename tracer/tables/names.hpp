// Names of the numbers that socket calls take: families, types, protocols, flags, requests.
// Data and look-up only.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace socktale::tables {

struct Name {
  std::int64_t number;
  std::string_view name;
};
// A set of constants; `unknown` stands for a number that is none of them: "AF_???".
struct Names {
  std::span<const Name> rows;
  std::string_view unknown;
  [[nodiscard]] auto begin() const { return rows.begin(); }
  [[nodiscard]] auto end() const { return rows.end(); }
};

[[nodiscard]] Names families();
[[nodiscard]] Names socket_types();
[[nodiscard]] Names socket_type_flags();
[[nodiscard]] Names inet_protocols();
[[nodiscard]] Names netlink_protocols();
[[nodiscard]] Names message_flags();
[[nodiscard]] Names shutdown_hows();
[[nodiscard]] Names option_levels();
[[nodiscard]] Names poll_events();
[[nodiscard]] Names epoll_ops();
[[nodiscard]] Names epoll_events();
[[nodiscard]] Names fcntl_commands();
[[nodiscard]] Names descriptor_flags();
[[nodiscard]] Names file_status_flags();
[[nodiscard]] Names ioctl_requests();
[[nodiscard]] Names close_range_flags();
[[nodiscard]] Names splice_flags();
[[nodiscard]] Names tcp_states();  // as proc(5) and sock_diag(7) number them
[[nodiscard]] Names diag_timers(); // idiag_timer of sock_diag(7)

// Empty: no such number.
[[nodiscard]] std::string_view name_of(Names names, std::int64_t number);

} // namespace socktale::tables
