// When the kernel is asked for the state of sockets, for which ones, and what of the answer is new
// enough to be written. Follows the socket book by its changes; never speaks netlink itself.
#pragma once

#include "tracer/base/clock.hpp"
#include "tracer/model/event.hpp"
#include "tracer/recorder/sampling_budget.hpp"
#include "tracer/recorder/socket_diag.hpp"
#include "tracer/tables/spec.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace socktale::recorder {

class Sampler {
 public:
  Sampler(std::unique_ptr<SocketDiag> diag, const Clock& clock, const model::Sampling& limits)
      : diag_(std::move(diag)), clock_(clock), limits_(limits), budget_(limits) {}

  // The socket is new or changed. One of another network namespace is never asked for.
  void know(const model::Socket& socket, bool in_our_network);
  // Nothing more will be heard of it.
  void forget(model::SocketId id);

  // What the sockets of a call are about to be asked at.
  struct Stop {
    model::CallId call;
    tables::Effect effect{};
    bool at_entry = false;
    bool received = false; // the call has brought a message
    std::optional<model::SocketId> about;
    std::span<const model::SocketId> others;
    Instant now;
  };
  // With the task still stopped: asks, when this stop is one to ask at. True: there is a take().
  bool ask(const Stop& stop);
  // After the end of a process: asks for what it left open.
  bool ask_after_end();
  // What was said. Nothing when it is what was said before, unless a socket has just received its
  // first message, which is a moment that reports show. Once after each ask.
  [[nodiscard]] std::optional<model::Sample> take();
  // Things to be told once.
  [[nodiscard]] std::vector<model::Note> take_notes();

 private:
  // A name that is asked for, and whose it is.
  struct Question {
    SocketName name;
    std::optional<model::SocketId> id; // of the book, while it is open
    std::uint64_t inode = 0;           // that the answer must have; 0: any
    std::string type;
  };
  struct Open {
    Question question;
    bool asked = false;    // it has a name that the kernel knows
    bool received = false; // its first message
  };
  void forget_name(const Open& open);
  [[nodiscard]] std::optional<Question> take_out(model::SocketId id);
  void closed(model::SocketId id);
  void forget_closed(const SocketName& name);
  void forget_last(const SocketName& name); // and of its other end
  [[nodiscard]] bool full() const { return questions_.size() >= limits_.sockets; }
  void add(const Question& question);
  void add_other_end(const Question& question);
  void add_around(model::SocketId id);
  void add_listening(std::uint16_t port);
  void add_waiting(std::uint16_t port);
  void add_closed(std::size_t newest);
  void add_all_if_few();
  bool put(std::optional<model::CallId> call, bool at_entry);
  [[nodiscard]] std::optional<model::SocketState> judge(const Question& question, DiagReply& reply);

  std::unique_ptr<SocketDiag> diag_;
  const Clock& clock_;
  model::Sampling limits_;
  SamplingBudget budget_;
  std::map<model::SocketId, Open> open_;
  std::map<SocketName, model::SocketId> by_name_;                // of open_
  std::map<std::uint16_t, std::set<model::SocketId>> listening_; // of open_, by port
  std::map<std::uint16_t, std::set<model::SocketId>> calling_;   // of open_, by the peer's port
  std::deque<Question> closed_;  // the last ones, until the kernel has none of them any more
  std::size_t closed_since_ = 0; // how many of them came since the last question
  std::map<SocketName, model::SocketState> last_; // what was written of each
  model::Sample sample_;
  bool keep_ = false; // even when it says nothing new
  std::vector<Question> questions_;
  std::vector<model::Note> notes_;
  bool told_elsewhere_ = false;
  bool told_refused_ = false;
  Instant began_;
};

// The name by which the kernel can be asked for a socket of the book; nothing when it has none: not
// bound, of a family or type that is not sampled, or an end is not known.
[[nodiscard]] std::optional<SocketName> name_of(const model::Socket& socket);

} // namespace socktale::recorder
