// Walks over memory that lies: locate/python against forged structures.
#include "tests/support/catch.hpp"
#include "tests/support/fake_memory.hpp"
#include "tracer/locate/python/frames.hpp"
#include "tracer/locate/python/object.hpp"
#include "tracer/locate/python/threads.hpp"

#include <cstring>
#include <random>
#include <string>

namespace socktale::locate::python {

namespace {

using test::FakeMemory;

const Offsets& offsets_for(int minor) { return *offsets_of({3, minor}); }

// One readable stretch of memory; real memory comes in pages, so does this.
class Image {
 public:
  static constexpr std::uint64_t base = 0x10000;
  explicit Image(std::size_t size = 0x20000) : bytes_(size, '\0') {}
  template <class T> void set(std::uint64_t at, const T& value) {
    std::memcpy(bytes_.data() + (at - base), &value, sizeof value);
  }
  void text(std::uint64_t at, std::string_view value) {
    std::memcpy(bytes_.data() + (at - base), value.data(), value.size());
  }
  void put_into(FakeMemory& memory) const { memory.put(base, bytes_); }

 private:
  std::string bytes_;
};

// str objects are compact and ASCII, as names are.
void put_str(Image& image, std::uint64_t at, const Offsets& offsets, std::string_view text) {
  image.set<std::uint64_t>(at + 16, text.size());
  image.set<std::uint32_t>(at + 32, 1U << 2U | 1U << 5U | 1U << 6U);
  image.text(at + offsets.ascii_text, text);
}

void put_bytes(Image& image, std::uint64_t at, std::string_view bytes) {
  image.set<std::uint64_t>(at + object_size, bytes.size());
  image.text(at + bytes_text, bytes);
}

// A code object at `at` whose strings follow it.
void put_code(Image& image, std::uint64_t at, const Offsets& offsets, std::string_view file) {
  image.set<std::uint64_t>(at + offsets.code_file, at + 0x100);
  image.set<std::uint64_t>(at + offsets.code_name, at + 0x200);
  if (offsets.code_qualname != none)
    image.set<std::uint64_t>(at + offsets.code_qualname, at + 0x280);
  image.set<std::uint64_t>(at + offsets.code_table, at + 0x300);
  image.set<std::int32_t>(at + offsets.code_first_line, 7);
  put_str(image, at + 0x100, offsets, file);
  put_str(image, at + 0x200, offsets, "f");
  put_str(image, at + 0x280, offsets, "C.f");
  put_bytes(image, at + 0x300, "\x80\x05");
}

void put_frame(Image& image, std::uint64_t at, const Offsets& offsets, std::uint64_t previous,
               std::uint64_t code) {
  image.set<std::uint64_t>(at + offsets.frame_previous, previous);
  image.set<std::uint64_t>(at + offsets.frame_code, code);
  image.set<std::uint64_t>(at + offsets.frame_instruction, code + offsets.code_bytes + 4);
}

struct Walker {
  explicit Walker(int minor)
      : offsets(offsets_for(minor)), codes(offsets, {}, [](const std::string&) { return false; }) {}
  Walk walk(const Image& image, std::uint64_t innermost) {
    FakeMemory memory;
    image.put_into(memory);
    ahead.begin(memory);
    codes.begin();
    Walk result = walk_frames(offsets, {innermost}, codes, ahead, memory);
    ahead.end();
    reads = memory.reads;
    return result;
  }
  const Offsets& offsets;
  CodeCache codes;
  ReadAhead ahead;
  int reads = 0;
};

constexpr std::uint64_t frame_at = 0x11000, code_at = 0x18000;

} // namespace

TEST_CASE("a frame chain is walked to its end, warm in one read", "[python][memory]") {
  for (const int minor : {11, 12, 13, 14}) {
    INFO(minor);
    Walker walker(minor);
    Image image;
    put_code(image, code_at, walker.offsets, "/a.py");
    for (std::uint64_t i = 0; i < 5; ++i)
      put_frame(image, frame_at + i * 0x80, walker.offsets, i < 4 ? frame_at + (i + 1) * 0x80 : 0,
                code_at);
    const Walk cold = walker.walk(image, frame_at);
    CHECK(cold.complete);
    REQUIRE(cold.frames.size() == 5);
    CHECK(cold.frames[4].code->file == "/a.py");
    CHECK(cold.frames[4].code->name == "C.f");
    CHECK(cold.frames[4].instruction == 2);
    const Walk warm = walker.walk(image, frame_at);
    CHECK(warm.frames == cold.frames);
    CHECK(walker.reads == 1);
  }
}

TEST_CASE("shims are stepped over", "[python][memory]") {
  Walker walker(13);
  Image image;
  put_code(image, code_at, walker.offsets, "/a.py");
  put_frame(image, frame_at, walker.offsets, frame_at + 0x80, code_at);
  put_frame(image, frame_at + 0x80, walker.offsets, frame_at + 0x100, 0xdead);
  image.set<std::uint8_t>(frame_at + 0x80 + walker.offsets.frame_owner, 3);
  put_frame(image, frame_at + 0x100, walker.offsets, 0, code_at);
  const Walk walk = walker.walk(image, frame_at);
  CHECK(walk.complete);
  CHECK(walk.frames.size() == 2);
}

TEST_CASE("chains that never end are cut", "[python][memory]") {
  Walker walker(11);
  Image image;
  put_code(image, code_at, walker.offsets, "/a.py");
  put_frame(image, frame_at, walker.offsets, frame_at, code_at);
  const Walk itself = walker.walk(image, frame_at);
  CHECK_FALSE(itself.complete);
  CHECK(itself.frames.size() == most_frames);
  put_frame(image, frame_at, walker.offsets, frame_at + 0x80, code_at);
  put_frame(image, frame_at + 0x80, walker.offsets, frame_at, code_at);
  image.set<std::uint8_t>(frame_at + walker.offsets.frame_owner, 3);
  image.set<std::uint8_t>(frame_at + 0x80 + walker.offsets.frame_owner, 3);
  const Walk shims = walker.walk(image, frame_at);
  CHECK_FALSE(shims.complete);
  CHECK(shims.frames.empty());
}

TEST_CASE("pointers to nowhere end the walk, not the program", "[python][memory]") {
  Walker walker(12);
  Image image;
  put_code(image, code_at, walker.offsets, "/a.py");
  put_frame(image, frame_at, walker.offsets, 0x7fff'ffff'f000, code_at);
  const Walk torn = walker.walk(image, frame_at);
  CHECK_FALSE(torn.complete);
  CHECK(torn.frames.size() == 1);
  put_frame(image, frame_at, walker.offsets, UINT64_MAX - 3, 0);
  CHECK(walker.walk(image, frame_at).frames.empty());
  CHECK(walker.walk(image, UINT64_MAX - 8).frames.empty());
  // The last frame touches the end of the memory.
  put_frame(image, frame_at, walker.offsets, Image::base + 0x20000 - 8, code_at);
  CHECK(walker.walk(image, frame_at).frames.size() == 1);
}

TEST_CASE("a code object whose strings are torn still has a place", "[python][memory]") {
  Walker walker(11);
  Image image;
  put_code(image, code_at, walker.offsets, "/a.py");
  image.set<std::uint64_t>(code_at + walker.offsets.code_file, 0x7000'0000);
  image.set<std::uint64_t>(code_at + 0x200 + 16, UINT64_MAX); // a name without end
  image.set<std::uint64_t>(code_at + 0x300 + 16, UINT64_MAX / 2);
  put_frame(image, frame_at, walker.offsets, 0, code_at);
  const Walk walk = walker.walk(image, frame_at);
  REQUIRE(walk.frames.size() == 1);
  CHECK(walk.frames[0].code->file.empty());
  CHECK(walk.frames[0].code->short_name.size() < 2048); // cut after 1024 characters
  CHECK(walk.frames[0].code->table.empty());
}

TEST_CASE("code at an address that was another's is read anew", "[python][memory]") {
  Walker walker(11);
  Image image;
  put_code(image, code_at, walker.offsets, "round 1");
  put_frame(image, frame_at, walker.offsets, 0, code_at);
  const auto first = walker.walk(image, frame_at).frames;
  put_str(image, code_at + 0x100, walker.offsets, "round 2"); // every pointer stays the same
  const auto second = walker.walk(image, frame_at).frames;
  REQUIRE(second.size() == 1);
  CHECK(first[0].code->file == "round 1");
  CHECK(second[0].code->file == "round 2");
  put_bytes(image, code_at + 0x300, "\x80\x06");
  CHECK(walker.walk(image, frame_at).frames[0].code->table == "\x80\x06");
}

TEST_CASE("an instruction outside its code is no instruction", "[python][memory]") {
  Walker walker(11);
  Image image;
  put_code(image, code_at, walker.offsets, "/a.py");
  put_frame(image, frame_at, walker.offsets, 0, code_at);
  for (const std::uint64_t address : {std::uint64_t{0}, code_at, UINT64_MAX}) {
    image.set<std::uint64_t>(frame_at + walker.offsets.frame_instruction, address);
    CHECK(walker.walk(image, frame_at).frames.at(0).instruction == -1);
  }
}

TEST_CASE("a str of any width becomes UTF-8", "[python][memory]") {
  const Offsets& offsets = offsets_for(11);
  const auto read = [&](std::uint32_t state, std::uint64_t length, std::string_view characters) {
    Image image;
    image.set<std::uint64_t>(Image::base + 16, length);
    image.set<std::uint32_t>(Image::base + 32, state);
    const bool ascii = (state & 1U << 6U) != 0;
    image.text(Image::base + (ascii ? offsets.ascii_text : offsets.compact_text), characters);
    FakeMemory memory;
    image.put_into(memory);
    return read_str(memory, {Image::base}, offsets, 1000);
  };
  constexpr std::uint32_t compact = 1U << 5U;
  CHECK(read(compact | 1U << 6U | 1U << 2U, 3, "abc") == "abc");
  CHECK(read(compact | 1U << 2U, 2, "\xe9z") == "\xc3\xa9z");
  CHECK(read(compact | 2U << 2U, 2, {"\x60\x4f\x80\xdc", 4}) ==
        "\xe4\xbd\xa0\x80"); // surrogateescape
  CHECK(read(compact | 4U << 2U, 1, {"\x00\xf6\x01\x00", 4}) == "\xf0\x9f\x98\x80");
  CHECK(read(compact | 1U << 6U | 1U << 2U, 400, std::string(400, 'x')) == std::string(400, 'x'));
  CHECK(read(compact | 1U << 6U | 1U << 2U, UINT64_MAX, "")->size() == 1000);
  CHECK_FALSE(read(1U << 2U, 3, "abc"));           // not compact
  CHECK_FALSE(read(compact | 3U << 2U, 3, "abc")); // no such width
}

TEST_CASE("the thread is found among interpreters and threads", "[python][memory]") {
  constexpr std::uint64_t runtime = 0x10100, interpreter = 0x12000, thread = 0x16000;
  const Offsets& offsets = offsets_for(13);
  Image image;
  image.set(runtime + offsets.runtime_interpreters, interpreter);
  image.set(interpreter + offsets.interpreter_threads, thread);
  for (std::uint64_t i = 0; i < 3; ++i) {
    const std::uint64_t at = thread + i * 0x400;
    image.set(at + offsets.thread_pthread, std::uint64_t{0x700 + i});
    image.set(at + offsets.thread_next, i < 2 ? at + 0x400 : std::uint64_t{0});
    image.set(at + offsets.thread_frame, frame_at);
  }
  const ThreadFinder finder(offsets, {runtime});
  ThreadMemo memo;
  Registers registers;
  const auto find = [&] {
    FakeMemory memory;
    image.put_into(memory);
    memo.ahead.begin(memory);
    return finder.find({42}, registers, memo, memory);
  };
  registers.fs_base = 0x701;
  REQUIRE(find());
  CHECK(find()->state.address == thread + 0x400);
  CHECK(find()->frame.address == frame_at);
  CHECK_FALSE(find()->finalizing);
  image.set(runtime + offsets.runtime_finalizing, thread + 0x400);
  CHECK(find()->finalizing);
  // The memory of the thread's state becomes another thread's.
  image.set(thread + 0x400 + offsets.thread_pthread, std::uint64_t{0x999});
  CHECK_FALSE(find());
  registers.fs_base = 0x999;
  CHECK(find());
  // Cycles end.
  registers.fs_base = 0x5;
  image.set(thread + 0x800 + offsets.thread_next, thread);
  image.set(interpreter + offsets.interpreter_next, interpreter);
  CHECK_FALSE(find());
  image.set(runtime + offsets.runtime_interpreters, std::uint64_t{0xdead'beef'0000});
  CHECK_FALSE(find());
  image.set(runtime + offsets.runtime_interpreters, std::uint64_t{0});
  CHECK_FALSE(find());
}

TEST_CASE("random memory is walked without harm", "[python][memory]") {
  std::mt19937_64 random(1991);
  for (int round = 0; round < 300; ++round) {
    const int minor = 8 + round % 7;
    Image image(0x4000);
    for (std::uint64_t at = Image::base; at < Image::base + 0x4000; at += 8) {
      // Mostly addresses of the image itself, so that walks go on.
      const std::uint64_t inside = Image::base + random() % 0x4000;
      image.set<std::uint64_t>(at, random() % 4 == 0 ? random() >> random() % 64 : inside);
    }
    Walker walker(minor);
    static_cast<void>(walker.walk(image, Image::base + random() % 0x4000));
    FakeMemory memory;
    image.put_into(memory);
    ThreadMemo memo;
    memo.ahead.begin(memory);
    Registers registers;
    registers.fs_base = Image::base + random() % 0x4000;
    const ThreadFinder finder(walker.offsets, {Image::base});
    static_cast<void>(finder.find({1}, registers, memo, memory));
  }
  SUCCEED("no crash");
}

} // namespace socktale::locate::python
