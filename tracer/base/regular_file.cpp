#include "tracer/base/regular_file.hpp"

#include "tracer/base/process_status.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>

#include <fmt/format.h>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace socktale {
namespace {

std::vector<gid_t> our_groups() {
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
  const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
  groups.resize(static_cast<std::size_t>(std::max(count, 0)));
  return groups;
}

// Of this thread alone: glibc's setgroups(3) would tell all threads (nptl(7)).
bool set_groups(const std::vector<gid_t>& groups) {
  return ::syscall(SYS_setgroups, groups.size(), groups.data()) == 0;
}

// While it lives this thread opens files as somebody else: the kernel takes the capabilities that
// pass file permissions by away as long (capabilities(7), "Effect of user ID changes").
class Borrowed {
 public:
  explicit Borrowed(const FileUser& user) {
    if (::geteuid() != 0 || user.uid == 0) return;
    groups_ = our_groups();
    changed_ = held_ = set_groups(user.groups);
    if (!held_) return;
    ::setfsgid(user.gid);
    ::setfsuid(user.uid);
    // They return what was before, not whether it was done (setfsuid(2)).
    held_ = static_cast<uid_t>(::setfsuid(~0U)) == user.uid;
  }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  ~Borrowed() {
    if (!changed_) return;
    ::setfsuid(::geteuid());
    ::setfsgid(::getegid());
    (void)set_groups(groups_);
  }
  [[nodiscard]] bool held() const { return held_; }

 private:
  std::vector<gid_t> groups_;
  bool changed_ = false;
  bool held_ = true;
};

// O_PATH opens nothing yet: a FIFO's writer does not wake, a device does nothing (open(2)).
UniqueFd find(const std::string& path, int root) {
  constexpr int flags = O_PATH | O_CLOEXEC;
  if (root < 0) return UniqueFd(::open(path.c_str(), flags));
  open_how how{};
  how.flags = flags;
  how.resolve = RESOLVE_IN_ROOT;
  return UniqueFd(static_cast<int>(::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how)));
}

} // namespace

std::optional<FileUser> file_user_of(Pid pid) {
  const ProcessStatus status(pid.value);
  const auto words_of = [&](std::string_view name) {
    return std::istringstream(std::string(status.value(name)));
  };
  FileUser user;
  long skipped = 0; // proc(5): real, effective, saved, file system
  if (!(words_of("Uid") >> skipped >> skipped >> skipped >> user.uid)) return std::nullopt;
  words_of("Gid") >> skipped >> skipped >> skipped >> user.gid;
  auto groups = words_of("Groups");
  for (gid_t group = 0; groups >> group;) user.groups.push_back(group);
  return user;
}

std::optional<FileUser> file_owner(int fd) {
  struct stat status{};
  if (::fstat(fd, &status) != 0) return std::nullopt;
  return FileUser{status.st_uid, status.st_gid, {}};
}

UniqueFd open_regular(const std::string& path, const FileUser& user, int root) {
  if (!path.starts_with('/')) return {};
  const Borrowed rights(user);
  if (!rights.held()) return {};
  const UniqueFd found = find(path, root);
  struct stat status{};
  if (!found || ::fstat(found.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  return UniqueFd(::open(fmt::format("/proc/self/fd/{}", found.get()).c_str(),
                         O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
}

} // namespace socktale
