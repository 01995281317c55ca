#include "tracer/recorder/privileges.hpp"

#include "tracer/base/process_status.hpp"
#include "tracer/base/regular_file.hpp"

#include <filesystem>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <sys/stat.h>
#include <sys/xattr.h>

namespace socktale::recorder {
namespace {

// None at all, as proc(5) has them: "CapEff:	0000000000000000".
bool has_no_capabilities(Pid pid) {
  const ProcessStatus status(pid.value);
  const std::string_view effective = status.value("CapEff");
  return !effective.empty() && effective.find_first_not_of('0') == std::string_view::npos;
}

} // namespace

std::optional<model::Note> lost_privileges(Pid pid) {
  const std::string link = fmt::format("/proc/{}/exe", pid.value);
  struct stat file{};
  if (stat(link.c_str(), &file) != 0) return std::nullopt;
  const bool user = (file.st_mode & S_ISUID) != 0;
  const bool group = (file.st_mode & S_ISGID) != 0 && (file.st_mode & S_IXGRP) != 0;
  const bool capable = getxattr(link.c_str(), "security.capability", nullptr, 0) > 0;
  if (!user && !group && !capable) return std::nullopt;
  const auto now = file_user_of(pid);
  if (!now) return std::nullopt;
  const bool lost = (user && now->uid != file.st_uid) || (group && now->gid != file.st_gid) ||
                    (capable && has_no_capabilities(pid));
  if (!lost) return std::nullopt;
  std::error_code error;
  const auto path = std::filesystem::read_symlink(link, error);
  return model::Note{"no-set-user-id", pid, {{"exe", error ? "?" : path.string()}}};
}

} // namespace socktale::recorder
