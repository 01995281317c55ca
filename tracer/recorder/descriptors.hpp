// The descriptor tables of traced processes, as far as they hold sockets or epoll instances: what a
// number means in which process, through fork, dup, exec and close. Counts who still holds what.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/model/event.hpp"

#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <variant>
#include <vector>

namespace socktale::recorder {

using EpollId = Id<std::uint32_t, struct EpollTag>;
using Object = std::variant<model::SocketId, EpollId>;

class Descriptors {
 public:
  // Told when the last descriptor of a socket or epoll instance is gone.
  using OnLast = std::function<void(const Object&)>;
  explicit Descriptors(OnLast on_last) : on_last_(std::move(on_last)) {}

  [[nodiscard]] const Object* find(Pid pid, int fd) const;
  [[nodiscard]] std::optional<model::SocketId> socket(Pid pid, int fd) const;
  [[nodiscard]] std::optional<EpollId> epoll(Pid pid, int fd) const;
  // Numbers of this process in [first, last].
  [[nodiscard]] std::vector<int> range(Pid pid, std::uint64_t first, std::uint64_t last) const;

  // What the number meant before is closed.
  void open(Pid pid, int fd, Object object, bool close_on_exec);
  void close(Pid pid, int fd);
  // What `open` and `duplicate` were told of the process since the last time.
  [[nodiscard]] std::vector<int> take_opened(Pid pid);
  void duplicate(Pid pid, int from, int to, bool close_on_exec);
  void set_close_on_exec(Pid pid, int fd, bool on);

  void born(Pid parent, Pid child, bool shared);
  void unshare(Pid pid); // close_range(2) with CLOSE_RANGE_UNSHARE
  void exec(Pid pid);    // a table of its own, without what was close-on-exec
  void gone(Pid pid);

 private:
  struct Entry {
    Object object;
    bool close_on_exec = false;
  };
  struct Table {
    std::unordered_map<int, Entry> entries; // asked at every stop, also where there are thousands
  };
  void hold(const Object& object);
  void let_go(const Object& object);
  void drop_table(Pid pid);
  Table& table(Pid pid);

  OnLast on_last_;
  std::unordered_map<Pid, std::shared_ptr<Table>> tables_;
  std::vector<std::pair<Pid, int>> opened_;
  std::map<Object, int> holders_; // descriptors in all tables
};

} // namespace socktale::recorder
