#include "tracer/recorder/descriptors.hpp"

#include <algorithm>

namespace socktale::recorder {

const Object* Descriptors::find(Pid pid, int fd) const {
  const auto table = tables_.find(pid);
  if (table == tables_.end()) return nullptr;
  const auto entry = table->second->entries.find(fd);
  return entry == table->second->entries.end() ? nullptr : &entry->second.object;
}

std::optional<model::SocketId> Descriptors::socket(Pid pid, int fd) const {
  const Object* object = find(pid, fd);
  const auto* id = object == nullptr ? nullptr : std::get_if<model::SocketId>(object);
  return id == nullptr ? std::nullopt : std::optional(*id);
}

std::optional<EpollId> Descriptors::epoll(Pid pid, int fd) const {
  const Object* object = find(pid, fd);
  const auto* id = object == nullptr ? nullptr : std::get_if<EpollId>(object);
  return id == nullptr ? std::nullopt : std::optional(*id);
}

std::vector<int> Descriptors::range(Pid pid, std::uint64_t first, std::uint64_t last) const {
  std::vector<int> fds;
  const auto table = tables_.find(pid);
  if (table == tables_.end()) return fds;
  for (const auto& [fd, entry] : table->second->entries)
    if (static_cast<std::uint64_t>(fd) >= first && static_cast<std::uint64_t>(fd) <= last)
      fds.push_back(fd);
  std::ranges::sort(fds);
  return fds;
}

Descriptors::Table& Descriptors::table(Pid pid) {
  auto& table = tables_[pid];
  if (!table) table = std::make_shared<Table>();
  return *table;
}

void Descriptors::hold(const Object& object) { ++holders_[object]; }

void Descriptors::let_go(const Object& object) {
  const auto holder = holders_.find(object);
  if (holder == holders_.end() || --holder->second > 0) return;
  holders_.erase(holder);
  on_last_(object);
}

void Descriptors::open(Pid pid, int fd, Object object, bool close_on_exec) {
  hold(object); // before the close: it may be the same object
  close(pid, fd);
  table(pid).entries[fd] = {object, close_on_exec};
  opened_.emplace_back(pid, fd);
}

std::vector<int> Descriptors::take_opened(Pid pid) {
  std::vector<int> fds;
  std::erase_if(opened_, [&](const std::pair<Pid, int>& one) {
    if (one.first != pid) return false;
    fds.push_back(one.second);
    return true;
  });
  return fds;
}

void Descriptors::close(Pid pid, int fd) {
  auto& entries = table(pid).entries;
  const auto entry = entries.find(fd);
  if (entry == entries.end()) return;
  const Object object = entry->second.object;
  entries.erase(entry);
  let_go(object);
}

void Descriptors::duplicate(Pid pid, int from, int to, bool close_on_exec) {
  const Object* object = find(pid, from);
  if (object != nullptr)
    open(pid, to, Object(*object), close_on_exec);
  else
    close(pid, to); // dup2(2) of something else over a socket
}

void Descriptors::set_close_on_exec(Pid pid, int fd, bool on) {
  auto& entries = table(pid).entries;
  if (const auto entry = entries.find(fd); entry != entries.end()) entry->second.close_on_exec = on;
}

void Descriptors::born(Pid parent, Pid child, bool shared) {
  if (parent == child) return; // a thread
  if (!shared && !tables_.contains(parent)) return;
  table(parent); // one that is still empty is shared, too
  const std::shared_ptr<Table> parents = tables_.at(parent);
  drop_table(child);
  tables_[child] = shared ? parents : std::make_shared<Table>(*parents);
  if (!shared)
    for (const auto& [fd, entry] : parents->entries) hold(entry.object);
}

void Descriptors::unshare(Pid pid) {
  const auto at = tables_.find(pid);
  if (at == tables_.end() || at->second.use_count() == 1) return;
  auto& table = at->second;
  table = std::make_shared<Table>(*table);
  for (const auto& [fd, entry] : table->entries) hold(entry.object);
}

void Descriptors::exec(Pid pid) {
  unshare(pid);
  for (const int fd : range(pid, 0, INT32_MAX))
    if (table(pid).entries.at(fd).close_on_exec) close(pid, fd);
}

void Descriptors::gone(Pid pid) {
  (void)take_opened(pid);
  drop_table(pid);
}

void Descriptors::drop_table(Pid pid) {
  const auto at = tables_.find(pid);
  if (at == tables_.end()) return;
  const bool last = at->second.use_count() == 1;
  const std::vector<int> fds = last ? range(pid, 0, INT32_MAX) : std::vector<int>{};
  const std::shared_ptr<Table> table = std::move(at->second);
  tables_.erase(at);
  for (const int fd : fds) let_go(table->entries.at(fd).object);
}

} // namespace socktale::recorder
