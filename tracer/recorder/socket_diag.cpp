#include "tracer/recorder/socket_diag.hpp"

#include "tracer/tables/names.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace socktale::recorder {
namespace {

using model::Endpoint;
using model::SocketState;

constexpr std::array<std::uint8_t, 12> mapped_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t buffer_size = 16384; // of one datagram; a reply is some hundred bytes

bool is_mapped(const InetEnd& end) {
  return std::equal(mapped_prefix.begin(), mapped_prefix.end(), end.address.begin());
}

bool is_any(const InetEnd& end) {
  const auto from = end.address.begin() + (is_mapped(end) ? 12 : 0);
  return std::all_of(from, end.address.end(), [](std::uint8_t byte) { return byte == 0; });
}

bool same(const InetEnd& one, const InetEnd& other) {
  return one.port == other.port && (one.address == other.address || (is_any(one) && is_any(other)));
}

void put_end(const InetEnd& end, bool inet6, std::uint32_t (&address)[4], std::uint16_t& port) {
  port = htons(end.port);
  if (inet6)
    std::memcpy(address, end.address.data(), 16);
  else
    std::memcpy(address, end.address.data() + 12, 4);
}

std::optional<Endpoint> endpoint(int family, const std::uint32_t (&address)[4],
                                 std::uint16_t port) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (inet_ntop(family, address, text.data(), text.size()) == nullptr) return std::nullopt;
  Endpoint end;
  end.family = family == AF_INET ? "AF_INET" : "AF_INET6";
  end.host = text.data();
  end.port = ntohs(port);
  return end;
}

// A T at the start of a message's or an attribute's content; nothing when it is shorter.
template <class T> std::optional<T> start_of(const void* content, std::size_t size) {
  if (size < sizeof(T)) return std::nullopt;
  T value{};
  std::memcpy(&value, content, sizeof value);
  return value;
}

// `each(type, content, size)` for every attribute after a header of `offset` bytes.
void for_each_attribute(const nlmsghdr* message, std::size_t offset, auto each) {
  const auto* at =
      static_cast<const char*>(mnl_nlmsg_get_payload_offset(message, NLMSG_ALIGN(offset)));
  const auto* end = static_cast<const char*>(mnl_nlmsg_get_payload_tail(message));
  while (end - at >= NLA_HDRLEN) {
    const auto header = *start_of<nlattr>(at, sizeof(nlattr));
    if (header.nla_len < NLA_HDRLEN || header.nla_len > end - at) return;
    each(header.nla_type & NLA_TYPE_MASK, at + NLA_HDRLEN,
         static_cast<std::size_t>(header.nla_len - NLA_HDRLEN));
    at += std::min<std::ptrdiff_t>(NLA_ALIGN(header.nla_len), end - at);
  }
}

std::string named(tables::Names names, int number) {
  return std::string(tables::name_of(names, number));
}

// inet_diag(7) in sock_diag(7): of a LISTEN socket the queues are its accept queue and its limit.
bool read_inet(const nlmsghdr* message, SocketState& state) {
  const auto told =
      start_of<inet_diag_msg>(mnl_nlmsg_get_payload(message), mnl_nlmsg_get_payload_len(message));
  if (!told || (told->idiag_family != AF_INET && told->idiag_family != AF_INET6)) return false;
  state.family = told->idiag_family == AF_INET ? "AF_INET" : "AF_INET6";
  state.state = named(tables::tcp_states(), told->idiag_state);
  state.local = endpoint(told->idiag_family, told->id.idiag_src, told->id.idiag_sport);
  if (told->id.idiag_dport != 0)
    state.peer = endpoint(told->idiag_family, told->id.idiag_dst, told->id.idiag_dport);
  state.inode = told->idiag_inode;
  state.recv_queue = told->idiag_rqueue;
  state.send_queue = told->idiag_wqueue;
  state.timer = named(tables::diag_timers(), told->idiag_timer);
  if (!state.timer.empty()) state.timer_ms = told->idiag_expires;
  state.retransmits = told->idiag_retrans;
  for_each_attribute(message, sizeof(inet_diag_msg),
                     [&](int type, const char* content, std::size_t size) {
                       if (type == INET_DIAG_SKV6ONLY) state.v6only = size > 0 && *content != 0;
                     });
  return !state.state.empty();
}

Endpoint unix_endpoint(std::string_view name) {
  Endpoint end;
  end.family = "AF_UNIX";
  if (name.empty()) return end;
  const bool abstract = name.front() == '\0';
  end.path =
      abstract ? "@" + std::string(name.substr(1)) : std::string(name.substr(0, name.find('\0')));
  return end;
}

bool read_unix(const nlmsghdr* message, SocketState& state) {
  const auto told =
      start_of<unix_diag_msg>(mnl_nlmsg_get_payload(message), mnl_nlmsg_get_payload_len(message));
  if (!told || told->udiag_family != AF_UNIX) return false;
  state.family = "AF_UNIX";
  state.type = named(tables::socket_types(), told->udiag_type);
  state.state = named(tables::tcp_states(), told->udiag_state);
  state.inode = told->udiag_ino;
  state.local = unix_endpoint({});
  for_each_attribute(message, sizeof(unix_diag_msg),
                     [&](int type, const char* content, std::size_t size) {
                       if (type == UNIX_DIAG_NAME) state.local = unix_endpoint({content, size});
                       if (type == UNIX_DIAG_PEER)
                         state.peer_inode = start_of<std::uint32_t>(content, size).value_or(0);
                       if (const auto queues = start_of<unix_diag_rqlen>(content, size);
                           type == UNIX_DIAG_RQLEN && queues) {
                         state.recv_queue = queues->udiag_rqueue;
                         state.send_queue = queues->udiag_wqueue;
                       }
                     });
  return !state.state.empty();
}

// UDP is looked up with the ends the other way round (udp_dump_one in net/ipv4/udp_diag.c).
inet_diag_req_v2 inet_request(const SocketName& name) {
  const bool all_mapped = is_mapped(name.local) && (!name.has_peer() || is_mapped(name.peer));
  const bool inet6 = !all_mapped || (name.inet6 && name.kind == DiagKind::udp);
  inet_diag_req_v2 request{};
  request.sdiag_family = inet6 ? AF_INET6 : AF_INET;
  request.sdiag_protocol = name.kind == DiagKind::udp ? IPPROTO_UDP : IPPROTO_TCP;
  request.idiag_states = ~0U;
  const bool swapped = name.kind == DiagKind::udp;
  const InetEnd& source = swapped ? name.peer : name.local;
  const InetEnd& destination = swapped ? name.local : name.peer;
  put_end(source, inet6, request.id.idiag_src, request.id.idiag_sport);
  put_end(destination, inet6, request.id.idiag_dst, request.id.idiag_dport);
  request.id.idiag_cookie[0] = request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return request;
}

unix_diag_req unix_request(std::uint32_t inode) {
  unix_diag_req request{};
  request.sdiag_family = AF_UNIX;
  request.udiag_states = ~0U;
  request.udiag_ino = inode;
  request.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_PEER | UDIAG_SHOW_RQLEN;
  request.udiag_cookie[0] = request.udiag_cookie[1] = ~0U;
  return request;
}

class Batch {
 public:
  void add(const auto& request, std::uint32_t sequence, std::uint16_t flags) {
    nlmsghdr* message = mnl_nlmsg_put_header(bytes_.data() + size_);
    message->nlmsg_type = SOCK_DIAG_BY_FAMILY;
    message->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    message->nlmsg_seq = sequence;
    std::memcpy(mnl_nlmsg_put_extra_header(message, sizeof request), &request, sizeof request);
    size_ += NLMSG_ALIGN(message->nlmsg_len);
  }
  [[nodiscard]] const void* data() const { return bytes_.data(); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t room = NLMSG_ALIGN(NLMSG_HDRLEN + sizeof(inet_diag_req_v2));
  alignas(nlmsghdr) std::array<char, SocketDiag::most_names * room> bytes_{};
  std::size_t size_ = 0;
};

struct Close {
  void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
};

class KernelDiag final : public SocketDiag {
 public:
  explicit KernelDiag(mnl_socket* socket) : socket_(socket) {}

  Result<> ask(std::span<const SocketName> names) override {
    drop_rest();
    names = names.first(std::min(names.size(), most_names));
    first_ = next_;
    Batch batch;
    for (const SocketName& name : names) {
      if (name.kind == DiagKind::unix_socket)
        batch.add(unix_request(name.inode), next_++, 0);
      else
        batch.add(inet_request(name), next_++, 0);
    }
    return send(batch);
  }

  std::vector<DiagReply> replies() override {
    std::vector<DiagReply> all(next_ - first_);
    for (DiagReply& reply : all) reply.error = EIO; // not told
    for (std::size_t open = all.size(); open > 0;) {
      const auto bytes = receive();
      if (bytes.empty()) break; // what was asked is answered when sendto(2) returns
      for (DiagReply& reply : parse_replies(bytes)) {
        const std::uint32_t index = reply.sequence - first_;
        if (index >= all.size()) continue;
        all[index] = std::move(reply);
        --open;
        if (open == 0) break;
      }
    }
    first_ = next_;
    return all;
  }

  // A list of the sockets in no state at all: empty, but refused where there is no module for it.
  Result<> probe() {
    drop_rest();
    Batch batch;
    inet_diag_req_v2 none = inet_request({});
    none.idiag_states = 0;
    batch.add(none, next_, NLM_F_DUMP);
    first_ = next_++;
    if (auto sent = send(batch); !sent) return sent;
    const auto bytes = receive();
    if (bytes.empty()) return std::unexpected(Error{"sock_diag", errno, "no answer"});
    for (const DiagReply& reply : parse_replies(bytes))
      if (reply.error != 0) return std::unexpected(Error{"sock_diag", reply.error, "TCP"});
    drop_rest();
    return {};
  }

 private:
  Result<> send(const Batch& batch) {
    if (mnl_socket_sendto(socket_.get(), batch.data(), batch.size()) >= 0) return {};
    first_ = next_;
    return std::unexpected(Error{"sock_diag", errno, "sendto"});
  }
  std::span<const std::byte> receive() {
    const auto size = mnl_socket_recvfrom(socket_.get(), bytes_.data(), bytes_.size());
    if (size <= 0) return {};
    return std::span<const std::byte>(bytes_).first(static_cast<std::size_t>(size));
  }
  void drop_rest() {
    while (!receive().empty()) {
    }
  }

  std::unique_ptr<mnl_socket, Close> socket_;
  std::uint32_t first_ = 1; // sequence number of the first request of the last question
  std::uint32_t next_ = 1;
  alignas(nlmsghdr) std::array<std::byte, buffer_size> bytes_{};
};

} // namespace

std::optional<InetEnd> inet_end(const Endpoint& endpoint) {
  InetEnd end;
  end.port = endpoint.port;
  if (endpoint.family == "AF_INET") {
    std::ranges::copy(mapped_prefix, end.address.begin());
    if (inet_pton(AF_INET, endpoint.host.text().c_str(), end.address.data() + 12) == 1) return end;
  } else if (endpoint.family == "AF_INET6") {
    if (inet_pton(AF_INET6, endpoint.host.text().c_str(), end.address.data()) == 1) return end;
  }
  return std::nullopt;
}

bool names(const SocketName& name, const SocketState& state) {
  if (name.kind == DiagKind::unix_socket) return name.inode == state.inode;
  const auto local = state.local ? inet_end(*state.local) : std::nullopt;
  if (!local || !same(*local, name.local)) return false;
  const auto peer = state.peer ? inet_end(*state.peer) : std::nullopt;
  return same(peer.value_or(InetEnd{}), name.peer);
}

std::vector<DiagReply> parse_replies(std::span<const std::byte> bytes) {
  std::vector<DiagReply> replies;
  while (const auto header = start_of<nlmsghdr>(bytes.data(), bytes.size())) {
    if (header->nlmsg_len < NLMSG_HDRLEN || header->nlmsg_len > bytes.size()) break;
    const auto* message = reinterpret_cast<const nlmsghdr*>(bytes.data());
    DiagReply reply;
    reply.sequence = header->nlmsg_seq;
    if (header->nlmsg_type == NLMSG_ERROR) {
      const auto error =
          start_of<int>(mnl_nlmsg_get_payload(message), mnl_nlmsg_get_payload_len(message));
      reply.error = error && *error < 0 && *error > -4096 ? -*error : EPROTO;
      replies.push_back(std::move(reply));
    } else if (header->nlmsg_type == SOCK_DIAG_BY_FAMILY) {
      const auto family = start_of<std::uint8_t>(mnl_nlmsg_get_payload(message),
                                                 mnl_nlmsg_get_payload_len(message));
      const bool read =
          family == AF_UNIX ? read_unix(message, reply.state) : read_inet(message, reply.state);
      if (read) replies.push_back(std::move(reply));
    }
    bytes = bytes.subspan(std::min<std::size_t>(NLMSG_ALIGN(header->nlmsg_len), bytes.size()));
  }
  return replies;
}

Result<std::unique_ptr<SocketDiag>> open_socket_diag() {
  mnl_socket* socket = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (socket == nullptr) return std::unexpected(Error{"sock_diag", errno, "socket"});
  auto diag = std::make_unique<KernelDiag>(socket);
  if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) != 0)
    return std::unexpected(Error{"sock_diag", errno, "bind"});
  if (auto probed = diag->probe(); !probed) return std::unexpected(probed.error());
  return std::unique_ptr<SocketDiag>(std::move(diag));
}

} // namespace socktale::recorder
