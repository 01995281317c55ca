#include "reports/strace_descriptors.hpp"

#include "reports/facts.hpp"
#include "tracer/base/text.hpp"
#include "tracer/model/endpoint.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

// The kernel's name of the protocol, as /proc has it (net/unix/af_unix.c: only streams are apart).
std::string protocol_text(const model::Socket& socket) {
  const std::string six = socket.family == "AF_INET6" ? "v6" : "";
  const bool stream = socket.type == "SOCK_STREAM";
  if (socket.family == "AF_UNIX") return stream ? "UNIX-STREAM" : "UNIX";
  if (socket.family == "AF_NETLINK") return "NETLINK";
  if (socket.family != "AF_INET" && socket.family != "AF_INET6") return "";
  if (stream) return "TCP" + six;
  return socket.type == "SOCK_DGRAM" ? "UDP" + six : "";
}

// Whether the kernel's socket tables have it (a TCP socket that is only bound: since Linux 6.8).
bool is_in_tables(const model::Socket& socket) { return socket.local && socket.local->port != 0; }

std::string internet_text(const model::Socket& socket) {
  std::string local = endpoint_text(*socket.local);
  if (!socket.peer || socket.role == "listening") return local;
  return fmt::format("{}->{}", local, endpoint_text(*socket.peer));
}

// ROUTE:4711; the tables have no socket without a port (net/netlink/af_netlink.c).
std::string netlink_text(const model::Socket& socket) {
  constexpr std::string_view prefix = "NETLINK_";
  const std::uint32_t port = socket.local ? model::netlink_port(*socket.local) : 0;
  if (port == 0 || !socket.protocol.starts_with(prefix)) return "";
  return fmt::format("{}:{}", socket.protocol.text().substr(prefix.size()), port);
}

// ,"path" or ,@"name", which ends at its first NUL here.
std::string path_text(const model::Socket& socket) {
  if (!socket.local || socket.local->path.empty()) return "";
  std::string_view path = socket.local->path;
  const bool abstract = path.starts_with('@');
  if (abstract) path.remove_prefix(1);
  return fmt::format(",{}\"{}\"", abstract ? "@" : "", c_escape(path.substr(0, path.find('\0'))));
}

} // namespace

void StraceDescriptors::know(const model::Socket& socket) {
  sockets_.insert_or_assign(socket.id, socket);
}

void StraceDescriptors::know(const model::Sample& sample) {
  for (const model::SocketState& state : sample.sockets)
    if (state.socket && state.peer_inode != 0) {
      peers_.insert_or_assign(*state.socket, state.peer_inode);
      callers_.insert_or_assign(state.peer_inode, *state.socket);
    }
}

namespace {

// The argument that is the socket which the call is about; nothing: it may be one of several.
std::optional<std::size_t> socket_argument(const model::Call& call) {
  using enum tables::Effect;
  const auto effect = effect_of(call);
  if (effect == controls_epoll) return 2;
  const bool several = effect == waits_epoll || effect == moves || is_wait(call);
  return several ? std::nullopt : std::optional<std::size_t>(0);
}

// The descriptors that control messages carry (SCM_RIGHTS), in order.
void collect_passed(const model::Value& value, bool passed, std::vector<int>& fds) {
  if (const auto* fd = value.get<model::Fd>(); fd != nullptr && passed) fds.push_back(fd->number);
  if (const auto* list = value.get<model::List>())
    for (const model::Value& item : list->items) collect_passed(item, passed, fds);
  if (const auto* structure = value.get<model::Struct>())
    for (const model::Field& member : structure->members)
      collect_passed(member.shown(), passed || member.name == "cmsg_data", fds);
}

} // namespace

bool duplicates_descriptor(const model::Call& call) {
  const model::Field* command = argument(call, "cmd");
  const auto* symbol = command ? command->before.get<model::Symbol>() : nullptr;
  return effect_of(call) == tables::Effect::duplicates ||
         (symbol != nullptr && symbol->name.starts_with("F_DUPFD"));
}

void StraceDescriptors::entered(const model::Call& call) {
  const auto index = socket_argument(call);
  if (!call.socket || !index || *index >= call.args.size()) return;
  if (const auto* fd = call.args[*index].before.get<model::Fd>())
    numbers_[call.pid].insert_or_assign(fd->number, *call.socket);
}

void StraceDescriptors::returned(const model::Call& call) {
  using enum tables::Effect;
  if (!succeeded(call)) return;
  auto& numbers = numbers_[call.pid];
  const auto effect = effect_of(call);
  const int result = static_cast<int>(call.outcome->result);
  if (effect == accepts && !call.touched.empty())
    numbers.insert_or_assign(result, call.touched.back());
  if ((effect == creates || duplicates_descriptor(call)) && call.socket)
    numbers.insert_or_assign(result, *call.socket);
  std::vector<int> fds;
  if (effect == receives)
    for (const model::Field& field : call.args) collect_passed(field.shown(), false, fds);
  std::vector<model::SocketId> sockets = call.touched;
  if (effect == creates_pair && call.socket) {
    if (const model::Field* pair = argument(call, "sv")) collect_passed(pair->after, true, fds);
    sockets.insert(sockets.begin(), *call.socket);
  }
  if (fds.size() != sockets.size()) return; // not all of them are sockets: which are, is not told
  for (std::size_t i = 0; i < fds.size(); ++i) numbers.insert_or_assign(fds[i], sockets[i]);
}

void StraceDescriptors::ended(const model::Call& call) {
  if (effect_of(call) != tables::Effect::closes || call.args.empty()) return;
  if (const auto* fd = call.args[0].before.get<model::Fd>()) numbers_[call.pid].erase(fd->number);
}

void StraceDescriptors::born(Pid parent, Pid child) {
  if (const auto known = numbers_.find(parent); known != numbers_.end())
    numbers_.insert_or_assign(child, std::map(known->second));
}

void StraceDescriptors::gone(Pid pid) { numbers_.erase(pid); }

std::string StraceDescriptors::text(Pid pid, int fd) {
  const auto numbers = numbers_.find(pid);
  if (numbers == numbers_.end()) return "";
  const auto number = numbers->second.find(fd);
  if (number == numbers->second.end()) return "";
  if (const auto told = told_.find(number->second); told != told_.end()) return told->second;
  const auto known = sockets_.find(number->second);
  if (known == sockets_.end()) return "";
  const model::Socket& socket = known->second;
  const std::string protocol = protocol_text(socket);
  if (protocol.empty()) return "";
  if (const std::string ends = ends_text(socket); !ends.empty()) {
    const std::string told = fmt::format("<{}:[{}]>", protocol, printable(ends));
    const bool whole =
        socket.family != "AF_UNIX" || socket.role != "connected" || peer_inode(socket) != 0;
    if (whole) told_[socket.id] = told;
    return told;
  }
  return socket.inode == 0 ? "" : fmt::format("<{}:[{}]>", protocol, socket.inode);
}

// Empty: the kernel has nothing to say of it but its inode.
std::string StraceDescriptors::ends_text(const model::Socket& socket) const {
  if (socket.family == "AF_NETLINK") return netlink_text(socket);
  if (socket.family != "AF_UNIX") return is_in_tables(socket) ? internet_text(socket) : "";
  const std::uint64_t peer = peer_inode(socket);
  const std::string path = path_text(socket);
  if (socket.inode == 0 || (peer == 0 && path.empty())) return "";
  return fmt::format("{}{}{}", socket.inode, peer != 0 ? fmt::format("->{}", peer) : "", path);
}

std::uint64_t StraceDescriptors::peer_inode(const model::Socket& socket) const {
  if (const auto peer = peers_.find(socket.id); peer != peers_.end()) return peer->second;
  if (socket.origin == "socketpair" && socket.parent)
    if (const auto other = sockets_.find(*socket.parent); other != sockets_.end())
      return other->second.inode;
  const auto caller = callers_.find(socket.inode); // asked for before it was accepted
  const auto other = caller != callers_.end() ? sockets_.find(caller->second) : sockets_.end();
  return other != sockets_.end() ? other->second.inode : 0;
}

} // namespace socktale::reports
