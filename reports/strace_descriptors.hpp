// What stands behind a descriptor, as strace -yy writes it: "<TCP:[127.0.0.1:80->127.0.0.1:4711]>".
// Owns which number means which socket as calls went by; knows of sockets what the book says.
#pragma once

#include "tracer/model/event.hpp"

#include <map>
#include <string>

namespace socktale::reports {

// dup(2) and its kin, by which a descriptor comes to mean what another one does.
[[nodiscard]] bool duplicates_descriptor(const model::Call& call);

class StraceDescriptors {
 public:
  void know(const model::Socket& socket);
  void know(const model::Sample& sample); // who is at the other end of an AF_UNIX socket
  // At a call's entry, at its return before it is told, and once it was told.
  void entered(const model::Call& call);
  void returned(const model::Call& call);
  void ended(const model::Call& call);
  void born(Pid parent, Pid child);
  void gone(Pid pid);

  // Empty: no socket that anything is known of.
  [[nodiscard]] std::string text(Pid pid, int fd);

 private:
  [[nodiscard]] std::uint64_t peer_inode(const model::Socket& socket) const;
  [[nodiscard]] std::string ends_text(const model::Socket& socket) const;

  std::map<Pid, std::map<int, model::SocketId>> numbers_;
  std::map<model::SocketId, model::Socket> sockets_;
  std::map<model::SocketId, std::uint64_t> peers_;   // their inodes
  std::map<std::uint64_t, model::SocketId> callers_; // whose peer an inode is
  // strace asks once: what the kernel's socket tables said first of an inode is what it writes.
  std::map<model::SocketId, std::string> told_;
};

} // namespace socktale::reports
