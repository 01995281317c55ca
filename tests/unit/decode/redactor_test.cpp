// What must not be kept of payload is replaced, wherever it lies in a call's buffers.
#include "tests/support/catch.hpp"
#include "tests/support/fake_memory.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/decode/payload.hpp"
#include "tracer/decode/redactor.hpp"

#include <sys/socket.h>

using namespace socktale;
using namespace socktale::decode;
using namespace std::string_literals;
using model::Value;
using test::FakeMemory;

namespace {

std::shared_ptr<const Redactor> redactor(const std::vector<std::string>& patterns) {
  auto made = Redactor::make(patterns);
  REQUIRE(made.has_value());
  return *made;
}

std::string redacted(const std::vector<std::string>& patterns, std::string bytes) {
  redactor(patterns)->redact(bytes);
  return bytes;
}

Reading reading(const std::vector<std::string>& patterns, std::size_t limit = 4096) {
  Reading how;
  how.limits.payload = limit;
  how.limits.redactor = redactor(patterns);
  return how;
}

} // namespace

TEST_CASE("matches are replaced by as many marks, whatever the bytes") {
  CHECK(redacted({"secret"}, "a secret, two secrets") == "a ******, two ******s");
  CHECK(redacted({"\\d+"}, "4 and 4711") == "* and ****");
  CHECK(redacted({"ab", "bc"}, "xabcx") == "x***x"); // both, in what was there
  CHECK(redacted({"x*"}, "aaa") == "aaa");           // nothing is nothing to replace
  CHECK(redacted({"a.c"}, "a\nc a\0c a\xff"
                          "c"s) == "*** *** ***");
  CHECK(redacted({"密码"}, "密码: x") == "******: x");
  CHECK(redacted({}, "abc") == "abc");
  CHECK(redactor({"b+"})->redact(*std::make_unique<std::string>("abbcb")) ==
        Redactor::Spans{{1, 3}, {4, 5}});
}

TEST_CASE("a pattern that is none is an error that names it") {
  const auto made = Redactor::make({"fine", "(open"});
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().op == "(open");
  CHECK_FALSE(made.error().detail.empty());
  CHECK_FALSE(Redactor::make({"(a)\\1"}).has_value()); // it could take time without end
}

TEST_CASE("a pattern that takes others time without end takes none here") {
  std::string bytes(100'000, 'a');
  redactor({"(a|aa)+$b"})->redact(bytes);
  CHECK(bytes == std::string(100'000, 'a'));
}

TEST_CASE("a match across the buffers of one call is seen, and counted in each") {
  FakeMemory memory;
  memory.put(0x1000, "my sec");
  memory.put(0x2000, "ret!");
  const std::uint64_t vectors[] = {0x1000, 6, 0x2000, 4};
  memory.put(0x3000, {reinterpret_cast<const char*>(vectors), sizeof vectors});
  Room left{.payload = 4096};
  const Value value = io_vectors(memory, memory, {0x3000}, 2, 10, reading({"secret"}), left);
  const auto base = [&](std::size_t i) {
    return value.get<model::List>()->items.at(i).get<model::Struct>()->members.at(0).before;
  };
  CHECK(base(0) == Value{model::Bytes{"my ***", 6, false, 3}});
  CHECK(base(1) == Value{model::Bytes{"***!", 4, false, 3}});
  CHECK(left.payload == 4086);
  CHECK(left.vectors == max_items - 2);
}

TEST_CASE("a match that the limit cuts is replaced as far as it is kept") {
  FakeMemory memory;
  memory.put(0x1000, "my secret!");
  CHECK(payload(memory, {0x1000}, 10, reading({"secret"}, 5)) ==
        Value{model::Bytes{"my **", 10, false, 2}});
  CHECK(payload(memory, {0x1000}, 10, reading({"secret"}, 3)) == Value{model::Bytes{"my ", 10}});
  CHECK(payload(memory, {0x1000}, 10, reading({"other"}, 5)) == Value{model::Bytes{"my se", 10}});
}

TEST_CASE("netlink messages that a pattern matches are not taken apart") {
  FakeMemory memory;
  memory.put(0x1000, "\x14\0\0\0\x12\0\1\3\5\0\0\0\0\0\0\0abcd"s);
  Reading how = reading({"abc"});
  how.netlink = 0;
  CHECK(payload(memory, {0x1000}, 20, how).get<model::Bytes>()->redacted == 3);
  how.limits.redactor.reset();
  CHECK(payload(memory, {0x1000}, 20, how).get<model::List>() != nullptr);
}

TEST_CASE("nothing of a buffer is told where nothing is to be kept") {
  FakeMemory memory;
  memory.put(0x1000, "secret");
  Reading how;
  how.limits.keep = Keep::nothing;
  CHECK(payload(memory, {0x1000}, 6, how) == Value{model::Pointer{0x1000}});
  how.limits.keep = Keep::lengths;
  CHECK(payload(memory, {0x1000}, 6, how) == Value{model::Bytes{{}, 6, true}});
  CHECK(memory.reads == 0);
}
