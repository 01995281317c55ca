// What is handed to another thread comes in its order, and none is lost.
#include "tests/support/catch.hpp"
#include "tracer/base/handover.hpp"

#include <latch>
#include <memory>
#include <thread>
#include <vector>

using namespace socktale;

namespace {

using Item = std::unique_ptr<int>; // it can only be moved

bool in_order(const std::vector<int>& seen, int count) {
  if (seen.size() != static_cast<std::size_t>(count)) return false;
  for (int i = 0; i < count; ++i)
    if (seen[static_cast<std::size_t>(i)] != i) return false;
  return true;
}

void give(Handover<Item>& handover, int number, std::size_t bytes) {
  auto item = std::make_unique<int>(number);
  handover.put(item, bytes);
}

} // namespace

TEST_CASE("everything is consumed in order, in another thread, once it is finished") {
  std::vector<int> seen;
  std::thread::id by;
  constexpr int count = 50000;
  Handover<Item> handover("test", std::size_t{1} << 20, [&](const Item& item) {
    seen.push_back(*item);
    by = std::this_thread::get_id();
  });
  for (int i = 0; i < count; ++i) give(handover, i, 100);
  handover.finish();
  CHECK(in_order(seen, count));
  CHECK(by != std::this_thread::get_id());
}

TEST_CASE("a full queue holds its producer up until there is room") {
  std::latch gate(1);
  std::vector<int> seen;
  constexpr int count = 500;
  int given = 0;
  {
    Handover<Item> handover("test", 16, [&](const Item& item) {
      gate.wait();
      seen.push_back(*item);
    });
    std::jthread producer([&] {
      for (int i = 0; i < count; ++i) {
        give(handover, i, 1);
        given = i + 1;
      }
    });
    CHECK(seen.empty()); // what it was given is still to be consumed
    gate.count_down();
    producer.join();
  }
  CHECK(given == count);
  CHECK(in_order(seen, count));
}

TEST_CASE("one item of more bytes than the queue may hold goes through") {
  std::vector<int> seen;
  {
    Handover<Item> handover("test", 16, [&](const Item& item) { seen.push_back(*item); });
    for (int i = 0; i < 3; ++i) give(handover, i, 1000);
  }
  CHECK(in_order(seen, 3));
}

TEST_CASE("what was consumed comes back") {
  std::latch consumed(1);
  Handover<Item> handover("test", 16, [&](Item& item) {
    *item += 100;
    consumed.count_down();
  });
  give(handover, 1, 1);
  consumed.wait();
  // The two queues take turns, so it comes within a few.
  bool back = false;
  for (int i = 0; i < 1000 && !back; ++i) {
    auto item = std::make_unique<int>(2);
    handover.put(item, 1);
    back = item && *item > 100;
    std::this_thread::yield();
  }
  CHECK(back);
}

TEST_CASE("a handover that was given nothing ends without a word") {
  int consumed = 0;
  {
    const Handover<Item> handover("test", 16, [&](const Item&) { ++consumed; });
  }
  CHECK(consumed == 0);
}
