// The teller: makes events of what the recorder kept of the stops, in a thread of its own. Decodes,
// finds whose line a call is, numbers, and hands on to the sinks; never meets a stopped program.
#pragma once

#include "tracer/base/handover.hpp"
#include "tracer/decode/capture.hpp"
#include "tracer/decode/entry.hpp"
#include "tracer/decode/layout.hpp"
#include "tracer/locate/locator.hpp"
#include "tracer/model/sink.hpp"
#include "tracer/recorder/socket_book.hpp"
#include "tracer/recorder/source_keeper.hpp"
#include "tracer/recorder/stack_numbers.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace socktale::recorder {

// All that is known of a call, as numbers.
struct CallFacts {
  decode::Entered entered;
  std::shared_ptr<const locate::Sighting> sighting;
  Touched touched;
  std::optional<int> netlink_protocol;
  model::CallId id;
  Pid pid;
  Tid tid;
  tables::Abi abi{};
  int number = -1;
  std::array<std::uint64_t, 6> raw{};
  Instant entered_at;
  std::optional<std::int64_t> result; // absent: it has not returned
  Instant left;
  // When its program began, ns since 1970, where sources that it names may be kept.
  std::optional<std::int64_t> began;
};

// And the bytes that its pointers held, whose memory serves one call after the other.
struct KeptCall : CallFacts {
  decode::Capture before, after;

  void clear() {
    CallFacts::operator=({});
    before.clear();
    after.clear();
  }
};
using CallPtr = std::unique_ptr<KeptCall>;

class Teller {
 public:
  // Sinks are used by the teller's thread alone, from the first thing told until finish(); of the
  // locator it only resolves.
  Teller(const decode::Limits& limits, locate::Locator& locator, std::vector<model::Sink*> sinks);

  // An empty one, with the memory of one that was told.
  [[nodiscard]] CallPtr fresh_call();
  void tell(model::Body body, Instant at);
  void tell(CallPtr call); // it has returned, or never will
  // Only worth it where somebody wants_entries().
  void tell_entry(CallPtr call);
  [[nodiscard]] bool wants_entries() const { return wants_entries_; }
  // Everything was told when it returns: the end, last.
  void finish(std::uint64_t stops, Instant at);

 private:
  struct Plain {
    model::Body body;
    Instant at;
  };
  struct Entering {
    CallPtr call;
  };
  using Item = std::variant<Plain, CallPtr, Entering>;

  void put(Item item, std::size_t bytes);
  void consume(Item& item);
  void on(Plain& plain) { emit(std::move(plain.body), plain.at); }
  void on(const CallPtr& call);
  void on(const Entering& entering);
  [[nodiscard]] model::Call call_of(KeptCall& kept) const;
  void tell_changes(const model::Call& call, const std::array<tables::Arg, 6>& args, Instant at);
  void attach_place(const KeptCall& kept, model::Call& call, Instant at);
  void keep_sources(const KeptCall& kept, const model::Stack& stack, Instant at);
  void emit(model::Body body, Instant at);

  decode::Limits limits_;
  locate::Locator& locator_;
  std::vector<model::Sink*> sinks_;
  bool wants_entries_;
  SourceKeeper sources_;
  StackNumbers stacks_;
  std::vector<CallPtr> used_; // of the tracing thread
  std::uint64_t seq_ = 0;
  std::uint64_t told_ = 0;     // calls
  Handover<Item> handed_over_; // last: its thread uses all of the above
};

} // namespace socktale::recorder
