// The rooms of address families: each function adds the members behind sa_family, spelt as strace
// spells them. `bytes` is the whole address, at least as long as its row in sockaddr.cpp demands
// and at most sockaddr_storage. Private to decode.
#pragma once

#include "tracer/model/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace socktale::decode {

using Fields = std::vector<model::Field>;

void add_inet(std::string_view bytes, Fields& into);
void add_inet6(std::string_view bytes, Fields& into);
void add_unix(std::string_view bytes, Fields& into);

void add_netlink(std::string_view bytes, Fields& into);
void add_packet(std::string_view bytes, Fields& into);
void add_vsock(std::string_view bytes, Fields& into);
void add_alg(std::string_view bytes, Fields& into);
void add_xdp(std::string_view bytes, Fields& into);
void add_qrtr(std::string_view bytes, Fields& into);
void add_mctp(std::string_view bytes, Fields& into);
void add_rxrpc(std::string_view bytes, Fields& into);

void add_bluetooth(std::string_view bytes, Fields& into);
void add_nfc(std::string_view bytes, Fields& into);
void add_ieee802154(std::string_view bytes, Fields& into);
void add_ax25(std::string_view bytes, Fields& into);
void add_ipx(std::string_view bytes, Fields& into);
void add_x25(std::string_view bytes, Fields& into);

// What strace 6.1 shows as bytes; their meaning stands beside these.
void add_can(std::string_view bytes, Fields& into);
void add_tipc(std::string_view bytes, Fields& into);
void add_llc(std::string_view bytes, Fields& into);
void add_pppox(std::string_view bytes, Fields& into);
void add_phonet(std::string_view bytes, Fields& into);

// An AF_UNIX path or abstract name as an endpoint has it: "/tmp/chat", "@name", "".
[[nodiscard]] std::string unix_name(std::string_view bytes);
[[nodiscard]] std::string inet_host(std::string_view bytes);
[[nodiscard]] std::string inet6_host(std::string_view bytes);

} // namespace socktale::decode
