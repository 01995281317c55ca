#include "reports/transfers.hpp"

#include "reports/payload.hpp"

#include <algorithm>
#include <queue>

namespace socktale::reports {
namespace {

// A send with what is left of it.
struct Source {
  const model::Call* call = nullptr;
  std::uint64_t done = 0, length = 0;
  bool open = false; // it had not returned: length is what was asked for, how much went is unknown
  std::string kept;
  [[nodiscard]] std::uint64_t left() const { return length - done; }
};

std::string kept_of(const model::Call& call) {
  std::vector<Message> messages = messages_of(call);
  return messages.size() == 1 ? std::move(messages[0].kept) : std::string();
}

// MSG_OOB: TCP keeps one urgent byte, the last one, beside the stream.
std::uint64_t urgent_part(const model::Call& call, bool urgent_inline) {
  return !urgent_inline && carried(call) > 0 && has_flag(call, "MSG_OOB") ? 1 : 0;
}

// One direction of a stream. A receive takes bytes of sends that were entered before it returned,
// in the order in which they returned. Of calls of several threads that overlap in time no order
// can be known, nor whether the kernel mixed their bytes: the order here is one that is possible
// by the clock, and of up to `most_tried` such sends one is taken that the bytes do not contradict.
class StreamMatcher {
 public:
  StreamMatcher(Story& story, Index connection, std::size_t from)
      : story_(story), connection_(connection), from_(from) {}

  void run(const Doings* sender, const Doings* receiver) {
    static const Calls none;
    const bool urgent_inline = receiver && receiver->urgent_inline;
    for (const model::Call* call : sender ? sender->outs : none) add(*call, urgent_inline);
    std::ranges::sort(sources_, {}, [](const Source& source) {
      return std::pair(source.call->entered, source.call->id);
    });
    for (const model::Call* call : receiver ? receiver->ins : none)
      if (call->outcome) take(*call, urgent_inline);
    finish();
    Connection& connection = story_.connections[connection_];
    connection.sent.at(from_) = sent_;
    connection.received.at(1 - from_) = received_;
  }

 private:
  static bool later(const Source* a, const Source* b) {
    return std::pair(left_of(*a->call), a->call->id) > std::pair(left_of(*b->call), b->call->id);
  }

  void add(const model::Call& call, bool urgent_inline) {
    Source source{&call, 0, carried(call), !call.outcome, {}};
    const std::uint64_t urgent = urgent_part(call, urgent_inline);
    source.length -= urgent;
    if (source.open)
      for (const Message& message : messages_of(call)) source.length = message.asked;
    if (source.length > 0) sources_.push_back(std::move(source));
    if (urgent > 0) urgent_.push_back(&call);
  }

  void take(const model::Call& recv, bool urgent_inline) {
    std::uint64_t wanted = carried(recv);
    received_ += wanted;
    if (!urgent_inline && wanted > 0 && has_flag(recv, "MSG_OOB")) return take_urgent(recv);
    // With MSG_TRUNC the bytes are thrown away, and what lies in the buffer is not them.
    const std::string kept = has_flag(recv, "MSG_TRUNC") ? "" : kept_of(recv);
    std::uint64_t got = 0;
    while (wanted > 0) {
      if (!current_) current_ = choose(recv, kept, got);
      if (!current_) return tell(nullptr, &recv, wanted, false);
      const std::uint64_t part = std::min(wanted, current_->left());
      const bool wrong = differ(current_->kept, current_->done, kept, got, part);
      tell(current_->call, &recv, part, wrong);
      got += part;
      wanted -= part;
      current_->done += part;
      if (current_->left() == 0) drop_current();
    }
  }

  void take_urgent(const model::Call& recv) {
    const model::Call* send = urgent_taken_ < urgent_.size() ? urgent_[urgent_taken_++] : nullptr;
    story_.transfers.push_back({connection_, from_, send, &recv, offset_, 1, 0, true, false});
    if (send) ++sent_;
  }

  Source* choose(const model::Call& recv, const std::string& kept, std::uint64_t got) {
    constexpr std::size_t most_tried = 8;
    while (entered_ < sources_.size() &&
           (!story_.one_clock || sources_[entered_].call->entered <= left_of(recv)))
      waiting_.push(&sources_[entered_++]);
    if (waiting_.empty()) return nullptr;
    std::vector<Source*> passed;
    Source* chosen = pop();
    Source* const first = chosen;
    while (differ(chosen->kept, 0, kept, got, chosen->length)) {
      const bool overlaps =
          !waiting_.empty() && waiting_.top()->call->entered < left_of(*first->call);
      passed.push_back(chosen);
      if (!overlaps || passed.size() == most_tried) {
        chosen = first;
        break;
      }
      chosen = pop();
    }
    for (Source* source : passed)
      if (source != chosen) waiting_.push(source);
    return chosen;
  }

  Source* pop() {
    Source* top = waiting_.top();
    waiting_.pop();
    if (top->kept.empty()) top->kept = kept_of(*top->call);
    return top;
  }

  void drop_current() {
    current_->kept = {};
    current_ = nullptr;
  }

  void tell(const model::Call* send, const model::Call* recv, std::uint64_t length, bool wrong) {
    story_.transfers.push_back({connection_, from_, send, recv, offset_, length, 0, false, wrong});
    offset_ += length;
    if (send) sent_ += length;
  }

  // What nobody took. Of a send that did not return it is not known that there was more.
  void finish() {
    while (entered_ < sources_.size()) waiting_.push(&sources_[entered_++]);
    while (current_ || !waiting_.empty()) {
      if (!current_) {
        current_ = waiting_.top();
        waiting_.pop();
      }
      if (!current_->open) tell(current_->call, nullptr, current_->left(), false);
      drop_current();
    }
    while (urgent_taken_ < urgent_.size()) {
      story_.transfers.push_back(
          {connection_, from_, urgent_[urgent_taken_++], nullptr, offset_, 1, 0, true, false});
      ++sent_;
    }
  }

  Story& story_;
  Index connection_;
  std::size_t from_;
  std::vector<Source> sources_; // in the order in which they were entered
  std::size_t entered_ = 0;     // those that may be taken are in waiting_, or done
  std::priority_queue<Source*, std::vector<Source*>, decltype(&later)> waiting_{&later};
  Source* current_ = nullptr;
  std::vector<const model::Call*> urgent_;
  std::size_t urgent_taken_ = 0;
  std::uint64_t offset_ = 0, sent_ = 0, received_ = 0;
};

// SOCK_SEQPACKET and socketpairs of datagrams keep messages apart.
bool in_messages(const Story& story, const Connection& connection) {
  for (const auto& end : connection.ends)
    if (end && story.sockets.at(*end).last->type != "SOCK_STREAM") return true;
  return false;
}

} // namespace

void match_streams(Story& story, const Chronicle& chronicle) {
  for (Index i = 0; i < story.connections.size(); ++i) {
    if (in_messages(story, story.connections[i])) continue;
    const auto ends = story.connections[i].ends;
    for (const std::size_t from : {0UZ, 1UZ})
      StreamMatcher(story, i, from)
          .run(chronicle.find(ends.at(from)), chronicle.find(ends.at(1 - from)));
  }
}

} // namespace socktale::reports
