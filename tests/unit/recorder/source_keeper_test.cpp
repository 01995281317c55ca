// Which source files go along: real files in a folder of the test's own, named as frames name them.
#include "tests/support/catch.hpp"
#include "tracer/recorder/source_keeper.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace socktale;
using namespace std::string_literals;
using recorder::SourceKeeper;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t second = 1'000'000'000;

class Folder {
 public:
  Folder() {
    std::string name = fs::temp_directory_path() / "socktale-test-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  // Its content was last changed at `changed` (seconds since 1970), its inode just now.
  std::string file(const std::string& name, const std::string& text, std::int64_t changed = 1000) {
    const std::string path = path_ / name;
    std::ofstream(path, std::ios::binary) << text;
    const timespec times[2] = {{changed, 0}, {changed, 0}};
    REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
    return path;
  }
  [[nodiscard]] std::string path(const std::string& name) const { return path_ / name; }

 private:
  fs::path path_;
};

model::Frame python(const std::string& file) {
  model::Frame frame;
  frame.language = model::Language::python;
  frame.owner = model::Owner::user;
  frame.file = file;
  return frame;
}

model::Frame native(const std::string& file, const std::string& module) {
  model::Frame frame = python(file);
  frame.language = model::Language::native;
  frame.module = module;
  return frame;
}

// A program that is started a minute from now: whatever the test writes is older.
const std::int64_t soon = (::time(nullptr) + 60) * second;

} // namespace

TEST_CASE("a file of the user's goes along once, with its bytes", "[sources]") {
  Folder folder;
  SourceKeeper keeper;
  const std::string text = "import socket\r\ncaf\xe9\0x\n"s;
  const std::string file = folder.file("server.py", text);
  const auto source = keeper.take(python(file), soon);
  REQUIRE(source);
  CHECK(source->file == file);
  CHECK(source->text == text);
  CHECK(source->size == text.size());
  CHECK_FALSE(source->cut);
  CHECK_FALSE(source->changed);
  CHECK_FALSE(keeper.take(python(file), soon));
}

TEST_CASE("what is not a file of the user's stays out", "[sources]") {
  Folder folder;
  SourceKeeper keeper;
  const std::string file = folder.file("x.py", "x\n");
  for (const auto owner : {model::Owner::unknown, model::Owner::library, model::Owner::libc}) {
    model::Frame frame = python(file);
    frame.owner = owner;
    CHECK_FALSE(keeper.take(frame, soon));
  }
  for (const char* name : {"", "<string>", "<frozen importlib>", "x.py", "./x.py"})
    CHECK_FALSE(keeper.take(python(name), soon));
  CHECK_FALSE(keeper.take(python(folder.path("missing.py")), soon));
  CHECK_FALSE(keeper.take(python(folder.file("empty.py", "")), soon));
  CHECK_FALSE(keeper.take(python("/proc/self/environ"), soon)); // ours, not the program's
  CHECK(keeper.take(python(file), soon));
}

TEST_CASE("a FIFO, a device and a folder are not even opened", "[sources]") {
  Folder folder;
  SourceKeeper keeper;
  const std::string fifo = folder.path("fifo.py");
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  CHECK_FALSE(keeper.take(python(fifo), soon));
  CHECK_FALSE(keeper.take(python("/dev/zero"), soon));
  CHECK_FALSE(keeper.take(python("/dev/tty"), soon));
  CHECK_FALSE(keeper.take(python(fs::path(fifo).parent_path()), soon));
}

TEST_CASE("a script behind a symbolic link is read", "[sources]") {
  Folder folder;
  SourceKeeper keeper;
  const std::string file = folder.file("real.py", "x\n");
  const std::string link = folder.path("link.py");
  fs::create_symlink(file, link);
  const auto source = keeper.take(python(link), soon);
  REQUIRE(source);
  CHECK(source->file == link);
}

TEST_CASE("a script that changed after the program began has no text", "[sources]") {
  Folder folder;
  SourceKeeper keeper;
  // Its content is old: it was put there later, which the date of the inode tells.
  const std::string replaced = folder.file("replaced.py", "x\n", 1000);
  const auto source = keeper.take(python(replaced), 2000 * second);
  REQUIRE(source);
  CHECK(source->changed);
  CHECK(source->text.empty());
  CHECK(source->size == 2);
  CHECK_FALSE(keeper.take(python(replaced), soon)); // told once
}

TEST_CASE("native source is held against the date of what was built from it", "[sources]") {
  Folder folder;
  const std::string module = folder.file("server",
                                         "\x7f"
                                         "ELF",
                                         2000);
  const std::string older = folder.file("older.c", "int main;\n", 1000);
  const std::string newer = folder.file("newer.c", "int main;\n", 3000);
  SourceKeeper keeper;
  CHECK(keeper.take(native(older, module), soon)->text == "int main;\n");
  CHECK(keeper.take(native(newer, module), soon)->changed);
  CHECK_FALSE(keeper.take(native(folder.file("c.c", "x"), folder.path("none")), soon));
  // Rebuilt while it runs: nothing is known of the build that runs.
  SourceKeeper other;
  CHECK(other.take(native(older, module), 1500 * second)->changed);
}

TEST_CASE("no more is kept than the limits let", "[sources]") {
  Folder folder;
  SourceKeeper keeper({.file = 10, .total = 15, .files = 3});
  const auto first = keeper.take(python(folder.file("a.py", "123\n567\n90123\n")), soon);
  REQUIRE(first);
  CHECK(first->cut);
  CHECK(first->text == "123\n567\n"); // whole lines
  CHECK(first->size == 14);
  const auto second_file = keeper.take(python(folder.file("b.py", "1234567890")), soon);
  REQUIRE(second_file);
  CHECK(second_file->cut);
  CHECK(second_file->text.empty()); // seven bytes were left, and no line is as short
  CHECK(keeper.take(python(folder.file("c.py", "12345\n")), soon)->text == "12345\n");
  CHECK_FALSE(keeper.take(python(folder.file("d.py", "1\n")), soon));
}

TEST_CASE("of a process that is not there nothing may be kept", "[sources]") {
  CHECK(SourceKeeper::may_keep(Pid{::getpid()}));
  CHECK_FALSE(SourceKeeper::may_keep(Pid{1 << 30}));
}
