// Events go through the background in their order, and none is lost.
#include "tests/support/catch.hpp"
#include "tracer/model/background_sink.hpp"

#include <latch>
#include <thread>

using namespace socktale;
using namespace socktale::model;

namespace {

struct Collector final : Sink {
  void begin(const Header& header) override { tool = header.tool; }
  void on(const Event& event) override {
    if (gate != nullptr) gate->wait();
    seen.push_back(event.seq);
    by = std::this_thread::get_id();
  }
  std::string tool;
  std::vector<std::uint64_t> seen;
  std::thread::id by;
  std::latch* gate = nullptr;
};

Event numbered(std::uint64_t seq) { return {seq, {}, Note{"test", {}, {}}}; }

bool in_order(const std::vector<std::uint64_t>& seen, std::uint64_t count) {
  if (seen.size() != count) return false;
  for (std::uint64_t i = 0; i < count; ++i)
    if (seen[i] != i + 1) return false;
  return true;
}

} // namespace

TEST_CASE("every sink has every event in order once it is finished") {
  Collector one;
  Collector two;
  BackgroundSink sink({&one, &two});
  Header header;
  header.tool = "a test";
  sink.begin(header);
  CHECK(one.tool == "a test");
  constexpr std::uint64_t count = 50000;
  for (std::uint64_t i = 1; i <= count; ++i) sink.take(numbered(i));
  sink.finish();
  CHECK(in_order(one.seen, count));
  CHECK(in_order(two.seen, count));
  CHECK(one.by != std::this_thread::get_id());
}

TEST_CASE("a full queue holds its producer up until there is room") {
  std::latch gate(1);
  Collector slow;
  slow.gate = &gate;
  Header header;
  header.payload_limit = std::uint64_t{1} << 40; // the smallest queue
  constexpr std::uint64_t count = 500;
  std::uint64_t given = 0;
  {
    BackgroundSink sink({&slow});
    sink.begin(header);
    std::jthread producer([&] {
      for (std::uint64_t i = 1; i <= count; ++i) {
        sink.take(numbered(i));
        given = i;
      }
    });
    CHECK(slow.seen.empty()); // what it was given is still to be handed on
    gate.count_down();
    producer.join();
  }
  CHECK(given == count);
  CHECK(in_order(slow.seen, count));
}

TEST_CASE("a sink that never had a header ends without a word") {
  Collector one;
  {
    const BackgroundSink sink({&one});
  }
  CHECK(one.seen.empty());
}
