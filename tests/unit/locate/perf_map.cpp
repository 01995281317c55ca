#include "tracer/locate/perf_map.hpp"

#include "tests/support/catch.hpp"
#include "tracer/locate/event_loop.hpp"
#include "tracer/locate/made_code.hpp"

#include <random>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace socktale::test {
namespace {

using locate::made_frame;
using locate::Maker;
using locate::PerfMap;
using model::Language;
using model::Owner;

// A map whose file can be written on.
struct Written {
  UniqueFd fd{memfd_create("perf", MFD_CLOEXEC)};
  PerfMap map{UniqueFd(dup(fd.get()))};

  std::optional<std::string> name_at(std::uint64_t address) {
    return map.name_at(address, map.size());
  }
  void write(const std::string& text) const {
    REQUIRE(::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
};

const std::string own_map = "/tmp/perf-" + std::to_string(getpid()) + ".map";

struct OwnMap {
  ~OwnMap() { unlink(own_map.c_str()); }
};

} // namespace

TEST_CASE("an address has the name of the code around it", "[locate][perf_map]") {
  Written file;
  CHECK_FALSE(file.name_at(0x1000));
  file.write("1000 10 JS:~say /a b.js:1:2\n2000 8 Builtin:Call\n");
  CHECK(file.name_at(0x1000) == "JS:~say /a b.js:1:2");
  CHECK(file.name_at(0x100f) == "JS:~say /a b.js:1:2");
  CHECK_FALSE(file.name_at(0x1010));
  CHECK_FALSE(file.name_at(0xfff));
  CHECK(file.name_at(0x2007) == "Builtin:Call");
}

TEST_CASE("a perf map that grew is read on", "[locate][perf_map]") {
  Written file;
  file.write("1000 10 one\n20");
  CHECK(file.name_at(0x1000) == "one");
  CHECK_FALSE(file.name_at(0x2000));
  file.write("00 10 two\n");
  CHECK(file.name_at(0x2000) == "two");
}

TEST_CASE("code that is put where other code was has taken its place", "[locate][perf_map]") {
  Written file;
  file.write("1000 100 old\n1100 100 next\n1080 100 new\n");
  CHECK(file.name_at(0x1090) == "new");
  CHECK_FALSE(file.name_at(0x1000));
  CHECK_FALSE(file.name_at(0x1190));
}

TEST_CASE("a name that came after the stop is not that of the code then", "[locate][perf_map]") {
  Written file;
  file.write("1000 100 then\n3000 10 other\n");
  const std::uint64_t size = file.map.size();
  file.write("1000 100 later\n");
  CHECK_FALSE(file.map.name_at(0x1000, size));
  CHECK(file.map.name_at(0x3000, size) == "other");
  CHECK(file.name_at(0x1000) == "later");
}

TEST_CASE("lines that are none of a perf map are left out", "[locate][perf_map]") {
  Written file;
  file.write("\n \n1000\n1000 \n1000 10\n1000 10 \n1000 0 empty\nxyz 10 name\n-1 10 name\n"
             "1000 -10 name\nffffffffffffffff 10 wraps\n10000000000000000 1 long\n" +
             std::string(100'000, '1') + " 10 long line\n5000 10 good\n");
  for (const std::uint64_t address : {0x0ULL, 0x1000ULL, ~0ULL}) CHECK_FALSE(file.name_at(address));
  CHECK(file.name_at(0x5000) == "good");
}

TEST_CASE("a perf map of any bytes harms nobody", "[locate][perf_map]") {
  std::mt19937 random(20240131);
  for (int round = 0; round < 50; ++round) {
    Written file;
    std::string bytes;
    for (int i = 0; i < 5000; ++i) bytes += "0123456789abcdef \n\0x"[random() % 19];
    file.write(bytes);
    for (int i = 0; i < 100; ++i)
      if (const auto name = file.name_at(random())) {
        CHECK(name->find('\n') == std::string::npos);
        (void)made_frame(Maker::v8, *name);
        (void)made_frame(Maker::hotspot, *name);
      }
  }
}

TEST_CASE("only an ordinary file of the process's user is its perf map", "[locate][perf_map]") {
  const OwnMap remove;
  const Pid self{getpid()};
  unlink(own_map.c_str());
  CHECK_FALSE(PerfMap::open(self));
  REQUIRE(symlink("/etc/passwd", own_map.c_str()) == 0);
  CHECK_FALSE(PerfMap::open(self));
  unlink(own_map.c_str());
  REQUIRE(mkfifo(own_map.c_str(), 0600) == 0);
  CHECK_FALSE(PerfMap::open(self));
  unlink(own_map.c_str());
  const UniqueFd fd(open(own_map.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  REQUIRE(fd);
  CHECK(PerfMap::open(self));
  if (geteuid() == 0) {
    REQUIRE(fchown(fd.get(), 65534, 65534) == 0);
    CHECK_FALSE(PerfMap::open(self));
  }
  CHECK_FALSE(PerfMap::open(Pid{-1}));
}

TEST_CASE("what the names of made code say", "[locate][made_code]") {
  struct Row {
    Maker maker;
    const char* name;
    Language language;
    Owner owner;
    const char *function, *file;
  };
  constexpr auto v8 = Maker::v8;
  constexpr auto hotspot = Maker::hotspot;
  const Row rows[] = {
      {v8, "JS:~greet /home/ann/chat.js:12:20", Language::javascript, Owner::user, "greet",
       "/home/ann/chat.js"},
      {v8, "LazyCompile:*greet /home/ann/my chat.js:12", Language::javascript, Owner::user, "greet",
       "/home/ann/my chat.js"},
      {v8, "JS:^get port file:///home/ann/chat.mjs:1:1", Language::javascript, Owner::user,
       "get port", "/home/ann/chat.mjs"},
      {v8, "JS:~ /home/ann/chat.js:1:1", Language::javascript, Owner::user, "",
       "/home/ann/chat.js"},
      {v8, "JS:~Socket.connect node:net:1024:34", Language::javascript, Owner::library,
       "Socket.connect", "node:net"},
      {v8, "JS:~send /home/ann/node_modules/ws/lib/sender.js:3:4", Language::javascript,
       Owner::library, "send", "/home/ann/node_modules/ws/lib/sender.js"},
      {v8, "JS:~evaluated", Language::javascript, Owner::unknown, "evaluated", ""},
      {v8, "Builtin:CallFunction", Language::native, Owner::interpreter, "Builtin:CallFunction",
       ""},
      {v8, "", Language::native, Owner::interpreter, "", ""},
      {hotspot, "int sun.nio.ch.Net.connect(java.io.FileDescriptor, int)", Language::java,
       Owner::library, "int sun.nio.ch.Net.connect(java.io.FileDescriptor, int)", ""},
      {hotspot, "Lsun/nio/ch/Net;::connect", Language::java, Owner::library,
       "Lsun/nio/ch/Net;::connect", ""},
      {hotspot, "void Chat.say(java.lang.String)", Language::java, Owner::user,
       "void Chat.say(java.lang.String)", ""},
      {hotspot, "Interpreter", Language::native, Owner::interpreter, "Interpreter", ""},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const auto frame = made_frame(row.maker, row.name);
    CHECK(frame.language == row.language);
    CHECK(frame.owner == row.owner);
    CHECK(frame.function == row.function);
    CHECK(frame.file == row.file);
    CHECK(frame.span == model::Span{});
  }
}

TEST_CASE("which code keeps frame pointers", "[locate][made_code]") {
  using locate::keeps_frame_pointers;
  const std::string with("java\0-XX:+PreserveFramePointer\0Chat\0", 36);
  const std::string without("java\0-XX:-PreserveFramePointer\0Chat\0", 36);
  CHECK(keeps_frame_pointers(Maker::v8, ""));
  CHECK(keeps_frame_pointers(Maker::hotspot, with));
  CHECK_FALSE(keeps_frame_pointers(Maker::hotspot, without));
  CHECK_FALSE(keeps_frame_pointers(Maker::unknown, with));
}

TEST_CASE("which files are a runtime", "[locate][made_code]") {
  const auto maker = [](const char* path) {
    return locate::maker_of({{0x1000, 0x2000, 0, true, 7, path}});
  };
  CHECK(maker("/usr/bin/node") == Maker::v8);
  CHECK(maker("/opt/node/bin/node (deleted)") == Maker::v8);
  CHECK(maker("/usr/lib/libnode.so.108") == Maker::v8);
  CHECK(maker("/opt/jdk/lib/server/libjvm.so") == Maker::hotspot);
  CHECK(maker("/home/ann/nodes") == Maker::unknown);
  CHECK(maker("") == Maker::unknown);
  CHECK(locate::holds_runtime("/opt/jdk/lib/libnio.so"));
  CHECK_FALSE(locate::holds_runtime("/home/ann/libnio.so"));
}

TEST_CASE("a loop is known by its name, and no user's function is one", "[locate][event_loop]") {
  model::Frame frame;
  frame.language = Language::native;
  frame.owner = Owner::interpreter;
  frame.function = "uv__io_poll";
  CHECK(locate::is_event_loop(frame));
  frame.owner = Owner::user;
  CHECK_FALSE(locate::is_event_loop(frame));
  frame.owner = Owner::library;
  frame.function = "runtime.netpoll";
  CHECK_FALSE(locate::is_event_loop(frame));
  frame.file = "/usr/lib/go-1.19/src/runtime/netpoll_epoll.go";
  CHECK(locate::is_event_loop(frame));
  frame.language = Language::python;
  CHECK_FALSE(locate::is_event_loop(frame));
}

} // namespace socktale::test
