// Which sockets the sampler asks for, when, and what it finds worth writing, against a kernel that
// says what the test wants.
#include "tests/support/catch.hpp"
#include "tracer/recorder/sampler.hpp"

#include <algorithm>
#include <cerrno>

using namespace socktale;
using namespace socktale::recorder;
using model::Endpoint;
using model::SocketId;
using model::SocketState;
using tables::Effect;

namespace {

Endpoint at(std::uint16_t port) { return {"AF_INET", "127.0.0.1", port, "", ""}; }

// Sockets by their names; all else it does not know.
class FakeDiag final : public SocketDiag {
 public:
  explicit FakeDiag(std::vector<SocketState>& sockets, std::vector<std::size_t>& asked)
      : sockets_(sockets), asked_(asked) {}
  Result<> ask(std::span<const SocketName> names) override {
    if (refuses) return std::unexpected(Error{"sock_diag", EPERM, {}});
    asked_.push_back(names.size());
    replies_.clear();
    for (const SocketName& name : names) {
      DiagReply reply;
      reply.error = ENOENT;
      for (const SocketState& socket : sockets_)
        if (recorder::names(name, socket)) reply = {0, 0, socket};
      replies_.push_back(reply);
    }
    return {};
  }
  std::vector<DiagReply> replies() override { return std::exchange(replies_, {}); }

  bool refuses = false;

 private:
  std::vector<SocketState>& sockets_;
  std::vector<std::size_t>& asked_;
  std::vector<DiagReply> replies_;
};

struct World {
  std::vector<SocketState> kernel;
  std::vector<std::size_t> asked; // how many names each time
  Clock clock;
  FakeDiag* diag = nullptr;
  Sampler sampler;
  explicit World(const model::Sampling& limits = {2, 0, 32}) : sampler(make(), clock, limits) {}
  std::unique_ptr<FakeDiag> make() {
    auto made = std::make_unique<FakeDiag>(kernel, asked);
    diag = made.get();
    return made;
  }

  model::Socket tcp(std::uint32_t id, std::uint16_t local, std::uint16_t peer) {
    model::Socket socket;
    socket.id = {id};
    socket.family = "AF_INET";
    socket.type = "SOCK_STREAM";
    socket.protocol = "IPPROTO_IP";
    socket.role = peer == 0 ? "listening" : "connected";
    socket.local = at(local);
    if (peer != 0) socket.peer = at(peer);
    return socket;
  }
  void says(const char* state, std::uint16_t local, std::uint16_t peer, std::uint32_t recv = 0) {
    std::erase_if(kernel, [&](const SocketState& each) {
      return each.local == at(local) && each.peer.has_value() == (peer != 0) &&
             (peer == 0 || each.peer == at(peer));
    });
    if (state == nullptr) return;
    SocketState& socket = kernel.emplace_back();
    socket.family = "AF_INET";
    socket.state = state;
    socket.local = at(local);
    if (peer != 0) socket.peer = at(peer);
    socket.recv_queue = recv;
  }
  std::optional<model::Sample> stop(Effect effect, std::vector<SocketId> sockets,
                                    bool at_entry = false) {
    if (!sampler.ask({{1}, effect, at_entry, false, std::nullopt, sockets, clock.now()}))
      return std::nullopt;
    return sampler.take();
  }
};

} // namespace

TEST_CASE("a client's sample has the end that nobody accepted, and the queue that it waits in") {
  World world;
  world.sampler.know(world.tcp(1, 80, 0), true);
  world.sampler.know(world.tcp(2, 40000, 80), true);
  world.says("LISTEN", 80, 0, 1);
  world.says("ESTABLISHED", 40000, 80);
  world.says("ESTABLISHED", 80, 40000, 5);
  const auto sample = world.stop(Effect::connects, {{2}});
  REQUIRE(sample);
  REQUIRE(sample->sockets.size() == 3);
  CHECK(sample->sockets[0].socket == SocketId{2});
  CHECK(sample->sockets[0].protocol == "IPPROTO_TCP");
  CHECK(sample->sockets[1].socket == std::nullopt);
  CHECK(sample->sockets[1].recv_queue == 5);
  CHECK(sample->sockets[2].socket == SocketId{1});
}

TEST_CASE("what was said before is not written again, and a timer alone is no news") {
  World world;
  world.sampler.know(world.tcp(2, 40000, 80), true);
  world.says("ESTABLISHED", 40000, 80);
  CHECK(world.stop(Effect::connects, {{2}}));
  world.kernel[0].timer_ms = 40;
  CHECK_FALSE(world.stop(Effect::shuts_down, {{2}}));
  world.says("FIN_WAIT2", 40000, 80);
  CHECK(world.stop(Effect::shuts_down, {{2}}));
  CHECK(world.asked.size() == 3);
}

TEST_CASE("the sample after a socket's first message is written even when it says nothing new") {
  World world;
  world.sampler.know(world.tcp(2, 40000, 80), true);
  world.says("ESTABLISHED", 40000, 80);
  CHECK(world.stop(Effect::connects, {{2}}));
  const Sampler::Stop received{{3}, Effect::receives, false, true, SocketId{2},
                               {},  world.clock.now()};
  REQUIRE(world.sampler.ask(received));
  const auto first = world.sampler.take();
  REQUIRE(first);
  CHECK(first->call == model::CallId{3});
  REQUIRE(world.sampler.ask(received));
  CHECK_FALSE(world.sampler.take());
}

TEST_CASE("a closed connection is followed until the kernel has it no more") {
  World world;
  model::Socket socket = world.tcp(2, 40000, 80);
  world.sampler.know(socket, true);
  world.says("ESTABLISHED", 40000, 80);
  world.stop(Effect::connects, {{2}});
  socket.gone_by = "close";
  world.sampler.know(socket, true);
  world.says("TIME_WAIT", 40000, 80);
  const auto after = world.stop(Effect::closes, {{2}});
  REQUIRE(after);
  CHECK(after->sockets[0].state == "TIME_WAIT");
  CHECK(after->sockets[0].socket == std::nullopt);
  world.says(nullptr, 40000, 80);
  world.sampler.know(world.tcp(3, 81, 0), true);
  world.says("LISTEN", 81, 0);
  const auto end = world.stop(Effect::listens, {{3}});
  REQUIRE(end);
  const auto gone = std::ranges::find(end->sockets, at(40000), &SocketState::local);
  REQUIRE(gone != end->sockets.end());
  CHECK(gone->state.empty());
  CHECK_FALSE(world.stop(Effect::listens, {{3}}));
}

TEST_CASE("another socket in the place of the one that was meant is not taken for it") {
  World world;
  model::Socket socket = world.tcp(1, 80, 0);
  socket.inode = 7;
  world.sampler.know(socket, true);
  world.says("LISTEN", 80, 0);
  world.kernel[0].inode = 8;
  CHECK_FALSE(world.stop(Effect::listens, {{1}}));
}

TEST_CASE("sockets of another network are never asked for, and that is said once") {
  World world;
  world.sampler.know(world.tcp(1, 80, 0), false);
  world.sampler.know(world.tcp(2, 81, 0), false);
  CHECK_FALSE(world.stop(Effect::listens, {{1}}));
  CHECK(world.asked.empty());
  const auto notes = world.sampler.take_notes();
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].code == "not-sampled-network");
}

TEST_CASE("a kernel that refuses is told of once, and nothing else is changed by it") {
  World world;
  world.sampler.know(world.tcp(1, 80, 0), true);
  world.diag->refuses = true;
  CHECK_FALSE(world.stop(Effect::listens, {{1}}));
  CHECK_FALSE(world.stop(Effect::accepts, {{1}}));
  const auto notes = world.sampler.take_notes();
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].code == "not-sampled");
  CHECK(notes[0].about[0].second.find("Operation not permitted") != std::string::npos);
}

TEST_CASE("calls that move data are asked at within the budget only, others always") {
  World world({2, 0, 32}); // two calls of each socket, and no time
  world.sampler.know(world.tcp(2, 40000, 80), true);
  const auto calls = [&] {
    world.stop(Effect::receives, {{2}}, true);
    world.stop(Effect::receives, {{2}});
  };
  calls();
  calls();
  CHECK(world.asked.size() == 4);
  calls();
  CHECK(world.asked.size() == 4);
  world.stop(Effect::shuts_down, {{2}});
  CHECK(world.asked.size() == 5);
  World generous({0, 100, 32});
  generous.sampler.know(generous.tcp(2, 40000, 80), true);
  for (int i = 0; i < 20; ++i) generous.stop(Effect::receives, {{2}});
  CHECK(generous.asked.size() == 20);
}

TEST_CASE("of very many sockets only the first are asked for early on") {
  World world({2, 0, 32, 3});
  for (const std::uint32_t id : {1U, 2U, 3U, 4U, 5U})
    world.sampler.know(world.tcp(id, static_cast<std::uint16_t>(40000 + id), 80), true);
  for (int call = 0; call < 3; ++call)
    for (const std::uint32_t id : {1U, 2U, 3U, 4U, 5U}) world.stop(Effect::receives, {{id}});
  CHECK(world.asked.size() == 6);
  auto gone = world.tcp(1, 40001, 80);
  gone.gone_by = "close";
  world.sampler.know(gone, true);
  world.stop(Effect::receives, {{4}});
  CHECK(world.asked.size() == 6); // whose place is not free again
  world.stop(Effect::shuts_down, {{4}});
  CHECK(world.asked.size() == 7);
}

TEST_CASE("what is forgotten is not asked for any more, and its port may be another's") {
  World world;
  world.sampler.know(world.tcp(2, 40000, 80), true);
  world.says("ESTABLISHED", 40000, 80);
  world.stop(Effect::sends, {{2}});
  CHECK(world.asked.size() == 1);
  world.sampler.forget({2});
  world.stop(Effect::shuts_down, {{2}});
  CHECK(world.asked.size() == 1);
  world.sampler.know(world.tcp(3, 40000, 80), true);
  world.stop(Effect::shuts_down, {{3}});
  CHECK(world.asked.size() == 2);
}

TEST_CASE("a sample never has more sockets than it may") {
  World world({2, 0, 8});
  world.sampler.know(world.tcp(1, 80, 0), true);
  std::vector<SocketId> all = {{1}};
  for (std::uint32_t i = 2; i < 1000; ++i) {
    world.sampler.know(world.tcp(i, static_cast<std::uint16_t>(40000 + i), 80), true);
    all.push_back({i});
  }
  world.stop(Effect::accepts, {{1}});
  world.stop(Effect::waits_poll, all, true);
  world.stop(Effect::closes, {{500}});
  REQUIRE(world.asked.size() == 3);
  CHECK(std::ranges::max(world.asked) <= 8);
}

TEST_CASE("a socket has a name once the kernel can find it") {
  World world;
  model::Socket socket = world.tcp(1, 80, 0);
  CHECK(recorder::name_of(socket));
  socket.role = "bound"; // in no table of the kernel's
  CHECK_FALSE(recorder::name_of(socket));
  socket.protocol = "IPPROTO_MPTCP";
  socket.role = "listening";
  CHECK_FALSE(recorder::name_of(socket));
  model::Socket local;
  local.family = "AF_UNIX";
  CHECK_FALSE(recorder::name_of(local));
  local.inode = 5;
  CHECK(recorder::name_of(local)->inode == 5);
}
