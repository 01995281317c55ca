// What the kernel said of the sockets at a moment, from a trace's samples, and as netstat and ss
// would have printed it. Shows what was sampled, and when; infers nothing.
#pragma once

#include "reports/story.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::reports {

// The last that was sampled of a socket by some moment. Points into the trace.
struct ViewRow {
  const model::SocketState* state = nullptr;
  const model::Sample* sample = nullptr; // `sample->taken` is when
};

struct KernelView {
  std::vector<ViewRow> rows; // listening sockets first, their connections next, then the others
  Instant at;                // the last sample of all rows
};

// By a moment, or after a call had returned. Sockets that the kernel had no more are left out.
[[nodiscard]] KernelView kernel_view_at(const model::Trace& trace, Instant moment);
[[nodiscard]] KernelView kernel_view_after(const model::Trace& trace, const model::Call& call);

// The moment of the hello/hi document's two checks: right after the first message was received,
// when both ends are connected. Nothing when no message was received, or nothing was sampled then.
struct DocumentCheck {
  Index step = 0;     // that received it
  bool exact = false; // sampled when it had; otherwise the last time before
  KernelView view;
};
[[nodiscard]] std::optional<DocumentCheck> document_check(const Story& story);

// As the tools print it, headings included, for the view's sockets alone; addresses and ports as
// numbers. Lines end in a newline and have no blanks at their ends; at most `most` rows.
constexpr std::size_t most_view_rows = 100;
[[nodiscard]] std::string netstat_an(const KernelView& view, std::size_t most = most_view_rows);
enum class SsTable {
  tcp,         // ss -tan
  established, // ss -tn state established
  udp,         // ss -uan
  unix_socket, // ss -xan
};
[[nodiscard]] std::string_view command_of(SsTable table); // "ss -tan"
// Empty when the view has no such socket.
[[nodiscard]] std::string ss(const KernelView& view, SsTable table,
                             std::size_t most = most_view_rows);

// What one sample says of a socket, and what is different from the sample of it before.
struct Changed {
  std::string_view what; // the member's name in the trace: "state", "recv_queue"
  std::string was, is;
};
struct SampledSocket {
  const model::SocketState* is = nullptr;
  const model::SocketState* was = nullptr; // nullptr: sampled for the first time
  std::vector<Changed> changes;
};
struct SampleStory {
  const model::Sample* sample = nullptr;
  std::vector<SampledSocket> sockets;
};
// Linear in the number of events. Timers that only ran on are no change.
[[nodiscard]] std::vector<SampleStory> tell_samples(const model::Trace& trace);

} // namespace socktale::reports
