#include "tests/support/catch.hpp"
#include "tracer/base/regular_file.hpp"

#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace socktale::test {
namespace {

constexpr FileUser nobody{65534, 65534, {}};

struct Folder {
  Folder() {
    REQUIRE(mkdtemp(path.data()) != nullptr);
    REQUIRE(chmod(path.c_str(), 0755) == 0);
  }
  ~Folder() {
    unlink(file().c_str());
    unlink(pipe().c_str());
    rmdir(path.c_str());
  }
  [[nodiscard]] std::string file() const { return path + "/file"; }
  [[nodiscard]] std::string pipe() const { return path + "/pipe"; }
  std::string path = "/tmp/socktale-rights-XXXXXX";
};

} // namespace

TEST_CASE("only regular files are opened", "[base][files]") {
  const Folder folder;
  REQUIRE(mkfifo(folder.pipe().c_str(), 0666) == 0);
  for (const std::string& path : {folder.pipe(), folder.path, std::string("/dev/null"),
                                  std::string("relative"), std::string(), folder.file()})
    CHECK_FALSE(open_regular(path, FileUser{}));
}

TEST_CASE("root opens for others what they may read", "[base][files]") {
  if (geteuid() != 0) {
    WARN("skipped: only root can open files by another's rights");
    return;
  }
  const Folder folder;
  const UniqueFd made(open(folder.file().c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  REQUIRE(made);
  CHECK(open_regular(folder.file(), FileUser{}));
  CHECK_FALSE(open_regular(folder.file(), nobody));
  CHECK(open_regular(folder.file(), FileUser{})); // our own rights are back
  REQUIRE(fchmod(made.get(), 0640) == 0);
  CHECK_FALSE(open_regular(folder.file(), nobody)); // root's groups are not theirs
  CHECK(open_regular(folder.file(), FileUser{65534, 65534, {0}}));
  REQUIRE(fchmod(made.get(), 0644) == 0);
  CHECK(open_regular(folder.file(), nobody));
  REQUIRE(chmod(folder.path.c_str(), 0700) == 0); // the way there counts too
  CHECK_FALSE(open_regular(folder.file(), nobody));
}

TEST_CASE("whose rights a process has is asked of the kernel", "[base][files]") {
  const auto user = file_user_of(Pid{getpid()});
  REQUIRE(user);
  CHECK(user->uid == geteuid());
  CHECK(user->gid == getegid());
  CHECK_FALSE(file_user_of(Pid{-1}));
}

} // namespace socktale::test
