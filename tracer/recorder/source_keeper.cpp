#include "tracer/recorder/source_keeper.hpp"

#include "tracer/base/file_start.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

namespace socktale::recorder {
namespace {

std::int64_t nanoseconds(const timespec& time) {
  return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

bool same_file(const std::string& one, const std::string& other) {
  struct stat a{};
  struct stat b{};
  return ::stat(one.c_str(), &a) == 0 && ::stat(other.c_str(), &b) == 0 && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

// Source that is run as it is may be replaced by an older file (mv), which its ctime tells. What
// was built may have been unpacked since, sources and all: there the dates of the content count.
std::int64_t changed_at(const struct stat& status, bool built) {
  const std::int64_t content = nanoseconds(status.st_mtim);
  return built ? content : std::max(content, nanoseconds(status.st_ctim));
}

} // namespace

bool SourceKeeper::may_keep(Pid pid) {
  const std::string proc = fmt::format("/proc/{}", pid.value);
  struct stat status{};
  return ::stat(proc.c_str(), &status) == 0 && status.st_uid == ::geteuid() &&
         same_file(proc + "/root", "/proc/self/root") &&
         same_file(proc + "/ns/mnt", "/proc/self/ns/mnt");
}

std::optional<model::SourceFile> SourceKeeper::take(const model::Frame& frame,
                                                    std::int64_t began_ns) {
  if (frame.owner != model::Owner::user || !frame.file.starts_with('/')) return std::nullopt;
  if (seen_.contains(frame.file) || seen_.size() >= limits_.files) return std::nullopt;
  seen_.insert(frame.file);
  const bool built = frame.language == model::Language::native;
  std::int64_t as_of = began_ns;
  FileUser user{::geteuid(), ::getegid(), {}}; // may_keep(): the process's
  if (built) {
    struct stat module{};
    if (::stat(frame.module.c_str(), &module) != 0) return std::nullopt;
    user = {module.st_uid, module.st_gid, {}}; // whoever wrote the name into it
    const std::int64_t built_at = nanoseconds(module.st_mtim);
    as_of = built_at <= began_ns ? built_at : 0; // what runs may be an earlier build than this one
  }
  return read(frame.file, user, as_of, built);
}

std::optional<model::SourceFile> SourceKeeper::read(const std::string& file, const FileUser& user,
                                                    std::int64_t as_of, bool built) {
  struct stat before{};
  struct stat after{};
  const UniqueFd fd = open_regular(file, user);
  if (!fd || ::fstat(fd.get(), &before) != 0 || before.st_size <= 0)
    return std::nullopt; // what /proc makes up has no size
  model::SourceFile source;
  source.file = file;
  source.size = static_cast<std::uint64_t>(before.st_size);
  source.changed = changed_at(before, built) > as_of;
  if (source.changed) return source;
  const std::size_t most = std::min(limits_.file, limits_.total - bytes_);
  source.cut = source.size > most;
  source.text = read_start(fd.get(), source.cut ? most : static_cast<std::size_t>(source.size));
  if (::fstat(fd.get(), &after) != 0 || changed_at(after, false) != changed_at(before, false) ||
      after.st_size != before.st_size) {
    source = {file, {}, source.size, false, true}; // while it was read
    return source;
  }
  if (source.cut) source.text.resize(source.text.rfind('\n') + 1); // npos + 1 is 0
  bytes_ += source.text.size();
  return source;
}

} // namespace socktale::recorder
