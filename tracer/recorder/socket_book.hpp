// The socket book: which kernel socket a call is about, and what has become of each socket, from
// the calls alone (and a peek where a call does not tell). Never decodes arguments for show.
#pragma once

#include "tracer/decode/capture.hpp"
#include "tracer/decode/layout.hpp"
#include "tracer/recorder/descriptors.hpp"
#include "tracer/recorder/peek.hpp"
#include "tracer/tables/spec.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace socktale::recorder {

// A call as the book sees it.
struct Deed {
  const tables::Syscall& row;
  Pid pid;
  const decode::Args& args;
  decode::Capture& before;
  // Argument `i` as a descriptor, or as any other int.
  [[nodiscard]] int fd(std::size_t i = 0) const { return static_cast<int>(args.at(i)); }
};

enum class Interest {
  none,   // not about sockets: let it run
  follow, // the book must hear of its end, nobody else
  record,
};

struct Touched {
  std::optional<model::SocketId> about;
  std::vector<model::SocketId> others;
};

class SocketBook {
 public:
  // `identify`: looks up the inode and the network of each socket when it comes, for who wants to
  // ask the kernel about it.
  explicit SocketBook(Peek& peek, bool identify = false);

  // At entry. Polls and selects are judged by `before`, which must hold their lists.
  [[nodiscard]] Interest interest(const Deed& deed) const;
  // At entry, for what is recorded: the socket that the call names. One that nobody saw being made
  // is looked up and entered now.
  [[nodiscard]] Touched begin(const Deed& deed);
  // At exit, with the process still stopped: what the call changed. Adds to `touched`.
  void end(const Deed& deed, decode::Capture& after, std::int64_t result, Touched& touched);

  void born(Pid parent, Pid child, bool shared) { descriptors_.born(parent, child, shared); }
  void exec(Pid pid);
  void gone(Pid pid);
  // Enters the sockets that a process has from before it was traced.
  void inherit(Pid pid);
  // Enters what a running process holds (found_sockets.cpp); once more: what has changed since.
  void find(Pid pid);

  // The socket is known to be of the tracer's own network namespace.
  [[nodiscard]] bool in_our_network(model::SocketId id) const;

  // Descriptors that came to be sockets or epoll instances of the process since the last time.
  [[nodiscard]] std::vector<int> take_opened(Pid pid) { return descriptors_.take_opened(pid); }

  // NETLINK_*, of a netlink socket: how its messages are to be read.
  [[nodiscard]] std::optional<int> netlink_protocol(model::SocketId id) const;

  [[nodiscard]] bool has_changes() const { return !changed_.empty(); }
  // Sockets that are new or changed since the last time, as they are now.
  [[nodiscard]] std::vector<model::Socket> take_changes();
  // Since the last time: what is known no more, though nobody saw its end. It was passed on, to
  // who is not traced.
  [[nodiscard]] std::vector<model::SocketId> take_forgotten();

 private:
  struct Entry {
    model::Socket socket;
    int in_flight = 0; // copies inside messages that nobody received yet
    bool in_our_network = false;
  };
  model::SocketId make(std::string_view origin);
  Entry& entry(model::SocketId id) { return entries_.at(id); }
  [[nodiscard]] Touched named_by(const Deed& deed);
  // Nothing: it is gone for so long that it was forgotten.
  [[nodiscard]] std::optional<model::SocketId> known(std::optional<model::SocketId> id) const;
  void changed(model::SocketId id) { changed_.insert(id); }
  void on_last(const Object& object);
  void unwatch(model::SocketId id);
  model::SocketId learn(Pid pid, int fd, std::string_view origin);
  void peek_names(model::SocketId id, Pid pid, int fd);
  void bound_by_sending(const Deed& deed, model::SocketId id);
  void identify(model::SocketId id, Pid pid, int fd);
  [[nodiscard]] bool watches_sockets(Pid pid, int epfd) const;
  [[nodiscard]] std::vector<int> waited_fds(const Deed& deed, decode::Capture& memory) const;
  [[nodiscard]] std::vector<model::SocketId> sockets_among(Pid pid,
                                                           const std::vector<int>& fds) const;

  // One for each kind of effect that changes the book.
  void created(const Deed& deed, std::int64_t fd, Touched& touched);
  void created_pair(const Deed& deed, decode::Capture& after, Touched& touched);
  void bound(const Deed& deed, model::SocketId id);
  void listening(const Deed& deed, model::SocketId id);
  void accepted(const Deed& deed, decode::Capture& after, std::int64_t fd,
                std::optional<model::SocketId> listener, Touched& touched);
  void connected(const Deed& deed, model::SocketId id, std::int64_t result);
  void named(const Deed& deed, decode::Capture& after, model::SocketId id);
  void sent(const Deed& deed, Touched& touched);
  void received(const Deed& deed, decode::Capture& after, Touched& touched);
  void closed(const Deed& deed, const Touched& touched);
  void closed_range(const Deed& deed);
  void duplicated(const Deed& deed, std::int64_t fd);
  void controlled_fd(const Deed& deed, std::int64_t result);
  void controlled_epoll(const Deed& deed);

  Peek& peek_;
  bool identify_;
  Descriptors descriptors_;
  std::unordered_map<model::SocketId, Entry> entries_;
  std::uint32_t made_ = 0; // ever
  // The last ones that are gone, in order: calls may still be under way on them.
  std::deque<model::SocketId> gone_;
  // The last ones that only messages hold, in order.
  std::deque<model::SocketId> away_;
  std::vector<model::SocketId> forgotten_;
  std::map<EpollId, std::set<model::SocketId>> watched_;
  std::set<model::SocketId> changed_;
  std::string closing_ = "close"; // what closes descriptors at this moment
  std::uint32_t epolls_ = 0;
};

} // namespace socktale::recorder
