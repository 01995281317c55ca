// Opening files that a traced program names, or whose names stand in its files: only regular ones,
// and only what those may read who name them. Never reads.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/base/unique_fd.hpp"

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace socktale {

// By whose rights files are opened (credentials(7)).
struct FileUser {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
};

// Whose files a process is given now; nothing: it is gone.
[[nodiscard]] std::optional<FileUser> file_user_of(Pid pid);
// Who owns an open file.
[[nodiscard]] std::optional<FileUser> file_owner(int fd);

// O_RDONLY; empty: there is none, it is a FIFO, a device or the like, or `user` may not read it.
// Rights only ever get less by this: without root's our own are what counts. `path` is looked up in
// `root`, which no link leaves, where that is a directory's descriptor.
[[nodiscard]] UniqueFd open_regular(const std::string& path, const FileUser& user, int root = -1);

} // namespace socktale
