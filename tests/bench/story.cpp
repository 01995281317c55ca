// How long the story of a trace takes to build, by its number of calls: the time per call should
// not grow. The traces are synthetic: clients that each connect, talk, are polled for, and close.
#include "reports/story.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include <fmt/format.h>

using namespace socktale;

namespace {

constexpr int rounds = 20; // send and receive, either way, of each connection

class Maker {
 public:
  model::Trace run(std::uint64_t calls) {
    trace_.header.programs = {{"server", {"server"}}, {"client", {"client"}}};
    add(model::TaskBorn{{1}, {1}, {}, "server"});
    add(model::TaskBorn{{2}, {2}, {}, "client"});
    const std::uint32_t listener = socket("listening", "socket", server_, {}, {});
    call(1, "listen", listener, 0);
    while (made_ < calls) connection(listener);
    add(model::End{made_, made_ * 2});
    return std::move(trace_);
  }

 private:
  void add(model::Body body) {
    trace_.events.push_back({trace_.events.size() + 1, {++now_}, std::move(body)});
  }

  std::uint32_t socket(const std::string& role, const std::string& origin,
                       const model::Endpoint& local, std::optional<model::Endpoint> peer,
                       std::optional<model::SocketId> parent) {
    model::Socket socket;
    socket.id = {++sockets_};
    socket.family = "AF_INET";
    socket.type = "SOCK_STREAM";
    socket.role = role;
    socket.origin = origin;
    socket.local = local;
    socket.peer = std::move(peer);
    socket.parent = parent;
    add(socket);
    return sockets_;
  }

  model::Call& call(int pid, const char* name, std::uint32_t about, std::int64_t result) {
    model::Call call;
    call.id = {++made_};
    call.pid = {pid};
    call.tid = {pid};
    call.name = name;
    call.args.push_back({"sockfd", {model::Fd{3}}, {}});
    call.entered = {++now_};
    call.outcome.emplace();
    call.outcome->result = result;
    call.outcome->left = {++now_};
    call.socket = model::SocketId{about};
    add(std::move(call));
    return std::get<model::Call>(trace_.events.back().body);
  }

  void data(int pid, const char* name, std::uint32_t about) {
    model::Call& made = call(pid, name, about, 5);
    made.args.push_back({"buf", {model::Bytes{"hello", 5, false}}, {}});
    made.args.push_back({"len", {std::int64_t{5}}, {}});
  }

  void close(int pid, std::uint32_t about) {
    for (auto event = trace_.events.rbegin(); event != trace_.events.rend(); ++event) {
      const auto* known = std::get_if<model::Socket>(&event->body);
      if (!known || known->id.value != about) continue;
      model::Socket gone = *known;
      gone.gone_by = "close";
      add(std::move(gone));
      break;
    }
    call(pid, "close", about, 0);
  }

  // The port is one of few: it comes again and again.
  void connection(std::uint32_t listener) {
    const model::Endpoint client{"AF_INET", "127.0.0.1",
                                 static_cast<std::uint16_t>(40'000 + sockets_ % 100), "", ""};
    const std::uint32_t near = socket("connected", "socket", client, server_, {});
    call(2, "connect", near, 0);
    const std::uint32_t far =
        socket("connected", "accept", server_, client, model::SocketId{listener});
    call(1, "accept4", listener, 4).touched.push_back({far});
    for (int i = 0; i < rounds; ++i) {
      const Instant waits_since{++now_};
      data(2, "sendto", near);
      model::Call& waits = call(1, "epoll_wait", far, 1);
      waits.touched.push_back({listener});
      waits.entered = waits_since;
      data(1, "recvfrom", far);
      data(1, "sendto", far);
      data(2, "recvfrom", near);
    }
    close(2, near);
    call(1, "recvfrom", far, 0);
    close(1, far);
  }

  model::Trace trace_;
  const model::Endpoint server_{"AF_INET", "127.0.0.1", 80, "", ""};
  std::int64_t now_ = 0;
  std::uint64_t made_ = 0;
  std::uint32_t sockets_ = 0;
};

} // namespace

int main() {
  using namespace std::chrono;
  double first = 0;
  fmt::print("| calls | connections | transfers | waits | ns a call | ratio |\n"
             "|--:|--:|--:|--:|--:|--:|\n");
  for (const std::uint64_t calls : {10'000, 100'000, 1'000'000}) {
    const model::Trace trace = Maker().run(calls);
    const auto began = steady_clock::now();
    const reports::Story story = reports::build_story(trace);
    const double each = duration<double, std::nano>(steady_clock::now() - began).count() /
                        static_cast<double>(calls);
    if (first == 0) first = each;
    fmt::print("| {} | {} | {} | {} | {:.0f} | {:.2f} |\n", calls, story.connections.size(),
               story.transfers.size(), story.waits.size(), each, each / first);
  }
  return 0;
}
