// Takes the path of a Unix socket away again. It never removes anything but the very socket that
// was bound there, and does nothing at all for the other families.
#pragma once

#include "address.hpp"

#include <string>

#include <sys/types.h>

namespace chat {

class BoundPath {
 public:
  /// Remembers which file bind() has just made at the address.
  explicit BoundPath(const Address& bound);
  BoundPath(const BoundPath&) = delete;
  BoundPath& operator=(const BoundPath&) = delete;
  /// Removes the path if it still leads to that file.
  ~BoundPath();

 private:
  std::string path_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

} // namespace chat
