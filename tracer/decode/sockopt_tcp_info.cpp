// struct tcp_info by member. It grows with the kernel, and its header excludes netinet/tcp.h:
// offsets are linux/tcp.h's own, members newer than Debian 12's header as in that of Linux 6.7.
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/sockopt_readings.hpp"
#include "tracer/decode/structure.hpp"

#include <array>

namespace socktale::decode {
namespace {

constexpr std::array first_members = {
    Member{"tcpi_state", 0, 1, Shape::symbol, tables::tcp_info_states},
    Member{"tcpi_ca_state", 1, 1, Shape::symbol, tables::congestion_states},
    Member{"tcpi_retransmits", 2, 1},
    Member{"tcpi_probes", 3, 1},
    Member{"tcpi_backoff", 4, 1},
    Member{"tcpi_options", 5, 1, Shape::flags, tables::tcp_info_options},
};
constexpr std::size_t scales_at = 6; // two bit-fields of four bits
constexpr std::size_t bits_at = 7;   // one of one bit and one of two

constexpr std::array further_members = {
    Member{"tcpi_rto", 8, 4},
    Member{"tcpi_ato", 12, 4},
    Member{"tcpi_snd_mss", 16, 4},
    Member{"tcpi_rcv_mss", 20, 4},
    Member{"tcpi_unacked", 24, 4},
    Member{"tcpi_sacked", 28, 4},
    Member{"tcpi_lost", 32, 4},
    Member{"tcpi_retrans", 36, 4},
    Member{"tcpi_fackets", 40, 4},
    Member{"tcpi_last_data_sent", 44, 4},
    Member{"tcpi_last_ack_sent", 48, 4},
    Member{"tcpi_last_data_recv", 52, 4},
    Member{"tcpi_last_ack_recv", 56, 4},
    Member{"tcpi_pmtu", 60, 4},
    Member{"tcpi_rcv_ssthresh", 64, 4},
    Member{"tcpi_rtt", 68, 4},
    Member{"tcpi_rttvar", 72, 4},
    Member{"tcpi_snd_ssthresh", 76, 4},
    Member{"tcpi_snd_cwnd", 80, 4},
    Member{"tcpi_advmss", 84, 4},
    Member{"tcpi_reordering", 88, 4},
    Member{"tcpi_rcv_rtt", 92, 4},
    Member{"tcpi_rcv_space", 96, 4},
    Member{"tcpi_total_retrans", 100, 4},
    Member{"tcpi_pacing_rate", 104, 8},
    Member{"tcpi_max_pacing_rate", 112, 8},
    Member{"tcpi_bytes_acked", 120, 8},
    Member{"tcpi_bytes_received", 128, 8},
    Member{"tcpi_segs_out", 136, 4},
    Member{"tcpi_segs_in", 140, 4},
    Member{"tcpi_notsent_bytes", 144, 4},
    Member{"tcpi_min_rtt", 148, 4},
    Member{"tcpi_data_segs_in", 152, 4},
    Member{"tcpi_data_segs_out", 156, 4},
    Member{"tcpi_delivery_rate", 160, 8},
    Member{"tcpi_busy_time", 168, 8},
    Member{"tcpi_rwnd_limited", 176, 8},
    Member{"tcpi_sndbuf_limited", 184, 8},
    Member{"tcpi_delivered", 192, 4},
    Member{"tcpi_delivered_ce", 196, 4},
    Member{"tcpi_bytes_sent", 200, 8},
    Member{"tcpi_bytes_retrans", 208, 8},
    Member{"tcpi_dsack_dups", 216, 4},
    Member{"tcpi_reord_seen", 220, 4},
    Member{"tcpi_rcv_ooopack", 224, 4},
    Member{"tcpi_snd_wnd", 228, 4},
    Member{"tcpi_rcv_wnd", 232, 4},
    Member{"tcpi_rehash", 236, 4},
    Member{"tcpi_total_rto", 240, 2},
    Member{"tcpi_total_rto_recoveries", 242, 2},
    Member{"tcpi_total_rto_time", 244, 4},
};

} // namespace

model::Value tcp_info(std::string_view bytes) {
  std::vector<model::Field> members;
  add_members(first_members, bytes, members);
  const auto bits = [&](const char* name, std::size_t at, unsigned shift, unsigned mask) {
    if (at < bytes.size())
      members.push_back({name, integer(static_cast<unsigned char>(bytes[at]) >> shift & mask), {}});
  };
  bits("tcpi_snd_wscale", scales_at, 0, 0xf);
  bits("tcpi_rcv_wscale", scales_at, 4, 0xf);
  bits("tcpi_delivery_rate_app_limited", bits_at, 0, 1);
  bits("tcpi_fastopen_client_fail", bits_at, 1, 3);
  add_members(further_members, bytes, members);
  return {model::Struct{std::move(members)}};
}

} // namespace socktale::decode
