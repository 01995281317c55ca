// Compares device and inode, because another server may have put its own socket at the path since.
#include "bound_path.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace chat {

BoundPath::BoundPath(const Address& bound) {
  struct stat file{};
  if (bound.family() != AF_UNIX || lstat(bound.text().c_str(), &file) == -1) return;
  path_ = bound.text();
  device_ = file.st_dev;
  inode_ = file.st_ino;
}

BoundPath::~BoundPath() {
  struct stat file{};
  if (path_.empty() || lstat(path_.c_str(), &file) == -1) return;
  if (S_ISSOCK(file.st_mode) && file.st_dev == device_ && file.st_ino == inode_)
    unlink(path_.c_str());
}

} // namespace chat
