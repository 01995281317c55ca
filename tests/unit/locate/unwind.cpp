#include "tracer/locate/unwind.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/fake_memory.hpp"
#include "tracer/locate/walk_memory.hpp"

#include <cstring>
#include <map>
#include <memory>
#include <string>

namespace socktale::test {
namespace {

using locate::Code;
using locate::frame_pointer_rule;
using locate::NativeStack;
using locate::Origin;
using locate::Reg;
using locate::Rule;
using locate::StackReader;
using locate::walk_native;

constexpr std::uint64_t stack = 0x7000'0000;

// Rules by address; what is not listed holds no code.
class FakeCode final : public locate::CodeSource {
 public:
  const Code* code_at(std::uint64_t pc) override {
    const auto found = codes.find(pc);
    if (found == codes.end()) return nullptr;
    code = {nullptr, pc, found->second ? &*found->second : nullptr, interpreter, pc == gate};
    return &code;
  }
  std::uint64_t end_of_mapping(std::uint64_t) override { return end; }

  std::map<std::uint64_t, std::optional<Rule>> codes;
  Code code; // that was told last
  std::uint64_t end = 0;
  std::uint64_t gate = 0;
  bool interpreter = false;
};

// The return address and what was saved lie below the caller's frame, as compilers do it.
Rule usual_rule(std::int64_t frame) {
  Rule rule{.cfa = {Reg::rsp, frame}, .origins = {}};
  rule.origins[index(Reg::rip)] = {Origin::Kind::memory, {Reg::cfa, -8}};
  return rule;
}

Rule outermost_rule() {
  Rule rule = usual_rule(8);
  rule.origins[index(Reg::rip)] = {Origin::Kind::lost, {}};
  return rule;
}

std::string words(std::initializer_list<std::uint64_t> values) {
  std::string bytes(values.size() * 8, '\0');
  std::memcpy(bytes.data(), values.begin(), bytes.size());
  return bytes;
}

NativeStack walk(FakeCode& code, Memory& memory, Registers registers = {}) {
  registers.rip = 0x1001;
  registers.rsp = stack;
  StackReader reader;
  NativeStack stack_found;
  reader.start(memory, stack, code.end, registers.narrow);
  walk_native(registers, code, reader, stack_found);
  return stack_found;
}

} // namespace

TEST_CASE("a 32-bit stack has words of four bytes, and begins in __kernel_vsyscall",
          "[locate][unwind]") {
  const auto narrow = [](std::initializer_list<std::uint32_t> values) {
    return std::string(reinterpret_cast<const char*>(values.begin()), values.size() * 4);
  };
  FakeMemory memory;
  // ebp, edx, ecx as it has pushed them, then the return addresses of two more frames.
  memory.put(stack, narrow({0x7000'0018, 2, 3, 0x2001, 0x7000'0020, 0x3001, 0, 0}));
  FakeCode code;
  Rule by_ebp{.cfa = {Reg::rbp, 8}, .origins = {}};
  by_ebp.origins[index(Reg::rip)] = {Origin::Kind::memory, {Reg::cfa, -12}};
  code.codes = {{0x1000, locate::vsyscall_rule()}, {0x2000, by_ebp}, {0x3000, outermost_rule()}};
  code.gate = 0x1000;
  const auto result = walk(code, memory, {.narrow = true});
  REQUIRE(result.frames.size() == 2);
  CHECK(result.frames[0].address == 0x2000);
  CHECK(result.frames[1].address == 0x3000);
  CHECK(result.complete);
}

TEST_CASE("a stack is walked by its rules to the outermost frame", "[locate][unwind]") {
  FakeMemory memory;
  memory.put(stack, words({0x2001, 0xaa, 0x3001, 0, 0, 0}));
  FakeCode code;
  code.codes = {{0x1000, usual_rule(8)}, {0x2000, usual_rule(16)}, {0x3000, outermost_rule()}};
  const auto result = walk(code, memory);
  REQUIRE(result.frames.size() == 3);
  CHECK(result.complete);
  CHECK(result.frames[1].address == 0x2000); // the call, not the instruction after it
  CHECK(result.frames[2].address == 0x3000);
  CHECK(memory.reads == 1);
}

TEST_CASE("registers that a frame saved are followed", "[locate][unwind]") {
  FakeMemory memory;
  // The second frame is found by rbx, which the first one saved at its frame address - 16.
  memory.put(stack, words({stack + 0x40, 0x2001, 0, 0, 0, 0, 0, 0, 0x3001}));
  Rule saves_rbx = usual_rule(16);
  saves_rbx.origins[index(Reg::rbx)] = {Origin::Kind::memory, {Reg::cfa, -16}};
  Rule by_rbx = usual_rule(0);
  by_rbx.cfa = {Reg::rbx, 8};
  FakeCode code;
  code.codes = {{0x1000, saves_rbx}, {0x2000, by_rbx}, {0x3000, outermost_rule()}};
  const auto result = walk(code, memory);
  CHECK(result.frames.size() == 3);
  CHECK(result.complete);
}

TEST_CASE("an interrupted frame keeps its exact address", "[locate][unwind]") {
  FakeMemory memory;
  memory.put(stack, words({0x2001, stack + 0x20, 0x3000, 0, 0}));
  Rule signal;
  signal.cfa = {Reg::rsp, 0};
  signal.cfa_in_memory = true;
  signal.signal = true;
  signal.origins[index(Reg::rip)] = {Origin::Kind::memory, {Reg::rsp, 8}};
  FakeCode code;
  code.codes = {{0x1000, usual_rule(8)}, {0x2000, signal}, {0x3000, outermost_rule()}};
  const auto result = walk(code, memory);
  REQUIRE(result.frames.size() == 3);
  CHECK(result.frames[2].address == 0x3000);
  CHECK(result.complete);
}

TEST_CASE("Go's frame pointers end at zero", "[locate][unwind]") {
  FakeMemory memory;
  memory.put(stack, words({0, 0, stack + 0x20, 0x2001, 0, 0x3001}));
  FakeCode code;
  for (const std::uint64_t pc : {0x1000, 0x2000, 0x3000}) code.codes[pc] = frame_pointer_rule();
  Registers registers;
  registers.rbp = stack + 0x10;
  const auto result = walk(code, memory, registers);
  CHECK(result.frames.size() == 3);
  CHECK(result.complete);
}

TEST_CASE("a walk that cannot go on says so", "[locate][unwind]") {
  FakeMemory memory;
  memory.put(stack, words({0x2001, 0x2001}));
  FakeCode code;
  code.codes[0x1000] = usual_rule(8);

  SECTION("no code at the return address") { CHECK(walk(code, memory).frames.size() == 1); }
  SECTION("code without a rule") {
    code.codes[0x2000] = std::nullopt;
    CHECK(walk(code, memory).frames.size() == 2);
  }
  SECTION("unreadable stack") {
    code.codes[0x2000] = usual_rule(4096);
    CHECK(walk(code, memory).frames.size() == 2);
  }
  SECTION("a frame that does not lie higher") {
    for (const std::int64_t offset : {0, -8}) {
      code.codes[0x2000] = usual_rule(offset);
      CHECK(walk(code, memory).frames.size() == 2);
    }
  }
  SECTION("a frame address that wraps") {
    code.codes[0x2000] = usual_rule(-0x7000'0010);
    CHECK(walk(code, memory).frames.size() == 2);
  }
  SECTION("a register that was lost") {
    code.codes[0x1000]->origins[index(Reg::rbp)] = {Origin::Kind::lost, {}};
    code.codes[0x2000] = frame_pointer_rule();
    CHECK(walk(code, memory).frames.size() == 2);
  }
  CHECK_FALSE(walk(code, memory).complete);
  CHECK_FALSE(walk(code, memory).decided);
}

TEST_CASE("endless stacks are cut", "[locate][unwind]") {
  FakeMemory memory;
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += words({0x1001});
  memory.put(stack, bytes);
  FakeCode code;
  code.codes[0x1000] = usual_rule(8);
  const auto all = walk(code, memory);
  CHECK(all.frames.size() == locate::most_native_frames);
  CHECK_FALSE(all.complete);

  code.interpreter = true;
  const auto some = walk(code, memory);
  CHECK(some.frames.size() == locate::most_interpreter_frames);
  CHECK_FALSE(some.complete);
  CHECK(some.decided);
}

TEST_CASE("a chain through far memory reads a bounded number of pieces", "[locate][unwind]") {
  // Each signal frame may lie anywhere, so this is the worst that rules can do.
  FakeMemory memory;
  for (std::uint64_t i = 0; i < 200; ++i)
    memory.put(stack + i * 0x10'0000, words({stack + (i + 1) * 0x10'0000, 0x1001}));
  Rule signal;
  signal.cfa_in_memory = true;
  signal.signal = true;
  signal.origins[index(Reg::rip)] = {Origin::Kind::memory, {Reg::rsp, 8}};
  FakeCode code;
  code.codes = {{0x1000, signal}, {0x1001, signal}};
  CHECK_FALSE(walk(code, memory).complete);
  CHECK(memory.reads <= 24);
}

TEST_CASE("a walk is remembered by all that decided it, and by nothing else", "[locate][unwind]") {
  FakeMemory memory;
  memory.put(stack, words({0x2001, 0, 0, 0, 0, 0, 0, 0, 0x3001, 0, 0, 0}));
  FakeCode code;
  Rule by_rbx{.cfa = {Reg::rbx, 8}, .origins = {}};
  by_rbx.origins[index(Reg::rip)] = {Origin::Kind::memory, {Reg::cfa, -8}};
  code.codes = {{0x1000, usual_rule(8)}, {0x2000, by_rbx}, {0x3000, outermost_rule()}};
  const Registers registers{.rip = 0x1001, .rsp = stack, .rbx = stack + 0x40};
  StackReader reader;
  NativeStack found;
  reader.start(memory, stack, 0);
  const auto ground = walk_native(registers, code, reader, found);
  REQUIRE(found.complete);
  REQUIRE(found.decided);
  CHECK(ground == bit(Reg::rbx));

  constexpr StackTop top{0x1001, stack};
  // What is told of a walk is nothing to its memory: any pointer does.
  const std::shared_ptr<const locate::Sighting> told(
      std::shared_ptr<int>(), reinterpret_cast<const locate::Sighting*>(&memory));
  locate::WalkMemory walks;
  const auto find = [&](StackTop at, const Registers* given, unsigned generation) {
    reader.start(memory, stack, 0);
    return walks.find(at, given, generation, reader);
  };
  walks.keep(registers, ground, reader, 1, told);
  CHECK(find(top, &registers, 1) == told);
  CHECK_FALSE(find(top, nullptr, 1));                // rbx decided, and is not given
  CHECK_FALSE(find(top, &registers, 2));             // other code
  CHECK_FALSE(find({0x1002, stack}, &registers, 1)); // nothing of there
  CHECK_FALSE(find({0x1001, stack + 8}, &registers, 1));
  Registers others = registers;
  others.rbx += 8;
  CHECK_FALSE(find(top, &others, 1));
  others = registers;
  others.r12 = 7; // nobody asked for it
  CHECK(find(top, &others, 1) == told);
  memory.put(stack, words({0x2001, 0x99, 0, 0, 0, 0, 0, 0, 0x3001, 0, 0, 0})); // 0x99: not read
  CHECK(find(top, &registers, 1) == told);
  memory.put(stack, words({0x2001, 0, 0, 0, 0, 0, 0, 0, 0x4001, 0, 0, 0}));
  CHECK_FALSE(find(top, &registers, 1));
}

TEST_CASE("a walk that read very much is not remembered", "[locate][unwind]") {
  FakeMemory memory;
  memory.put(stack, words({0x2001}));
  const Registers registers{.rip = 0x1001, .rsp = stack};
  const std::shared_ptr<const locate::Sighting> told(
      std::shared_ptr<int>(), reinterpret_cast<const locate::Sighting*>(&memory));
  const auto kept_of = [&](std::size_t asked) {
    StackReader reader;
    reader.start(memory, stack, 0);
    for (std::size_t i = 0; i < asked; ++i) REQUIRE(reader.word(stack));
    locate::WalkMemory walks;
    walks.keep(registers, 0, reader, 1, told);
    reader.start(memory, stack, 0);
    return walks.find({0x1001, stack}, nullptr, 1, reader);
  };
  CHECK(kept_of(128) == told);
  CHECK_FALSE(kept_of(129));
}

} // namespace socktale::test
