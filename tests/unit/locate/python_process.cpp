#include "tests/support/catch.hpp"
#include "tracer/locate/python/owner.hpp"
#include "tracer/locate/python/process.hpp"
#include "tracer/locate/python/runtime.hpp"
#include "tracer/locate/python/source.hpp"

#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

namespace socktale::locate::python {

namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

class Folder {
 public:
  Folder() {
    std::string path = (fs::temp_directory_path() / "socktale-XXXXXX").string();
    REQUIRE(::mkdtemp(path.data()) != nullptr);
    path_ = path;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  // Makes a file of that name with its folders.
  std::string file(const fs::path& name, std::string_view content = "") const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << content;
    return (path_ / name).string();
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

} // namespace

TEST_CASE("the text of -c is found by python's own rules", "[python][process]") {
  CHECK(command_text_of("python3\0-c\0print(1)\0x\0"s) == "print(1)");
  CHECK(command_text_of("python3\0-Ic\0print(1)\0"s) == "print(1)");
  CHECK(command_text_of("python3\0-cprint(1)\0"s) == "print(1)");
  CHECK(command_text_of("python3\0-X\0dev\0-W\0c\0-c\0pass\0"s) == "pass");
  CHECK(command_text_of("python3\0-Xdev\0-Wc\0-c\0pass\0"s) == "pass");
  CHECK(command_text_of("python3\0--check-hash-based-pycs\0always\0-c\0pass\0"s) == "pass");
  CHECK(command_text_of("/lib64/ld-linux-x86-64.so.2\0--argv0\0x\0/bin/python3\0-c\0pass\0"s) ==
        "pass");
  CHECK_FALSE(command_text_of("python3\0run.py\0-c\0print(1)\0"s));
  CHECK_FALSE(command_text_of("python3\0-m\0mod\0-c\0print(1)\0"s));
  CHECK_FALSE(command_text_of("python3\0-mc\0print(1)\0"s));
  CHECK_FALSE(command_text_of("python3\0-\0-c\0print(1)\0"s));
  CHECK_FALSE(command_text_of("python3\0"s));
  CHECK_FALSE(command_text_of(""));
  CHECK(command_text_of("python3\0-c"s) == "");
}

TEST_CASE("the version is in the interpreter's file name", "[python][process]") {
  CHECK(version_from_path("/usr/bin/python3.9") == Version{3, 9, -1});
  CHECK(version_from_path("/opt/lib/libpython3.10.so.1.0") == Version{3, 10, -1});
  CHECK_FALSE(version_from_path("/opt/python3.9/bin/perl"));
  CHECK_FALSE(version_from_path("/usr/bin/python3"));
  CHECK_FALSE(version_from_path("/usr/lib/libpython3.so"));
  CHECK(version_from_hex(0x030b02f0) == Version{3, 11, 2});
}

TEST_CASE("files newer than the process are not shown", "[python][process]") {
  const Folder folder;
  const std::string old = folder.file("old.py", "a = 1\n"),
                    fresh = folder.file("new.py", "a = 1\n");
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(1));
  fs::last_write_time(fresh, fs::file_time_type::clock::now() + std::chrono::hours(1));
  const Process process({::getpid()});
  REQUIRE(process.started_at() != 0);
  SourceFiles files(process);
  REQUIRE(files.get(old) != nullptr);
  CHECK(files.get(old)->line(1) == "a = 1");
  CHECK(files.get(fresh) == nullptr);
  CHECK(files.get(folder.path().string()) == nullptr); // a folder
  CHECK(files.get("old.py") == nullptr);
  CHECK(files.get("/dev/zero") == nullptr);
  CHECK(process.working_directory() == fs::current_path());
}

TEST_CASE("a process that is gone has no files", "[python][process]") {
  const Process process({0x7ffffff0});
  CHECK(process.working_directory().empty());
  CHECK(process.started_at() == 0);
  CHECK_FALSE(process.command_text());
}

TEST_CASE("the standard library is found around the interpreter", "[python][process]") {
  using model::Owner;
  const Folder folder;
  const std::string root = fs::canonical(folder.path()).string();
  static_cast<void>(folder.file("lib/python3.11/os.py"));
  const std::string program = folder.file("bin/python3.11");
  fs::create_directory_symlink(folder.path(), folder.path() / "link");
  Owners owners(program, {3, 11}, {});
  CHECK(owners.of(root + "/lib/python3.11/socket.py") == Owner::library);
  CHECK(owners.of(root + "/lib/python3.11/http/server.py") == Owner::library);
  CHECK(owners.of(root + "/link/lib/python3.11/socket.py") == Owner::library);
  CHECK(owners.of(root + "/lib/python3.11x/a.py") == Owner::user);
  CHECK(owners.of("/home/me/.venv/lib/python3.11/site-packages/flask/app.py") == Owner::library);
  CHECK(owners.of("/usr/lib/python3/dist-packages/six.py") == Owner::library);
  CHECK(owners.of("<frozen runpy>") == Owner::library);
  CHECK(owners.of("<string>") == Owner::user);
  CHECK(owners.of("/home/me/server.py") == Owner::user);
  CHECK(owners.of("server.py") == Owner::user);
  CHECK(owners.of("") == Owner::unknown);
  CHECK(owners.is_own_extension(root + "/lib/python3.11/lib-dynload/_ssl.so"));
  CHECK_FALSE(owners.is_own_extension("/home/me/lib-dynload/_ssl.so"));
  CHECK_FALSE(owners.is_own_extension(root + "/lib/python3.11/site-packages/x.so"));
}

TEST_CASE("a mapped extension module shows where the library is", "[python][process]") {
  const Folder folder;
  static_cast<void>(folder.file("opt/python3.12/os.py"));
  Mapping mapping;
  mapping.path = (folder.path() / "opt/python3.12/lib-dynload/_socket.so").string();
  Owners owners("/nowhere/bin/python3.12", {3, 12}, {mapping});
  CHECK(owners.of((folder.path() / "opt/python3.12/socket.py").string()) == model::Owner::library);
  CHECK(owners.is_own_extension(mapping.path));
}

} // namespace socktale::locate::python
