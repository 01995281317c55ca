#include "reports/joining.hpp"

#include "reports/doings.hpp"
#include "reports/renumbering.hpp"
#include "reports/story.hpp"
#include "reports/wording.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace socktale::reports {
namespace {

// What can be added to the times of the second trace so that nothing is received before it is sent.
struct Bounds {
  std::optional<std::int64_t> least, most;

  // `before`, of the second trace if `moved_is_before`, was entered before `after` returned.
  void add(Instant before, Instant after, bool moved_is_before) {
    if (moved_is_before) {
      const std::int64_t offset = between(before, after);
      most = std::min(most.value_or(offset), offset);
    } else {
      const std::int64_t offset = between(after, before);
      least = std::max(least.value_or(offset), offset);
    }
  }
};

struct Setting {
  std::int64_t offset = 0;
  std::int64_t uncertainty = 0;
  const char* code = "clock-unknown";
};

// Which of two joined traces a call is of: those of the second have the greater ids.
class Witness {
 public:
  explicit Witness(model::CallId first_moved) : first_moved_(first_moved) {}

  Bounds ask(const Story& story) {
    for (const Connection& connection : story.connections) {
      relate(connection.connect, connection.accept);
      for (const std::size_t end : {0UZ, 1UZ}) ending(connection, end);
    }
    for (const Transfer& transfer : story.transfers)
      if (!transfer.contradicted) relate(transfer.send, transfer.recv);
    return bounds_;
  }

 private:
  // A reset is seen after what caused it was begun.
  void ending(const Connection& connection, std::size_t end) {
    const Ending& other = connection.endings.at(1 - end);
    if (other.how == Ended::closed) relate(other.by, connection.reset_seen.at(end));
  }

  [[nodiscard]] bool moved(const model::Call& call) const { return call.id >= first_moved_; }

  void relate(const model::Call* before, const model::Call* after) {
    if (!before || !after || !after->outcome || moved(*before) == moved(*after)) return;
    bounds_.add(before->entered, after->outcome->left, moved(*before));
  }

  model::CallId first_moved_;
  Bounds bounds_;
};

Setting by_dates(const model::Header& first, const model::Header& second) {
  if (first.began_at <= 0 || second.began_at <= 0) return {};
  return {between({first.began_at}, {second.began_at}), 0, "clock-by-date"};
}

Setting choose(const Bounds& bounds, const Setting& dates) {
  if (!bounds.least && !bounds.most) return dates;
  if (bounds.least && bounds.most) {
    if (*bounds.least > *bounds.most) return {dates.offset, 0, "clock-contradicts"};
    const std::int64_t half = between({*bounds.least}, {*bounds.most}) / 2; // least <= most
    return {*bounds.least + half, half, "clock-bounded"};
  }
  // The dates, as far as the one bound lets them.
  Setting out{dates.offset, 0, "clock-one-sided"};
  if (bounds.least) out.offset = std::max(out.offset, *bounds.least);
  if (bounds.most) out.offset = std::min(out.offset, *bounds.most);
  return out;
}

// "-3.02 s"
std::string offset_text(std::int64_t ns) {
  if (ns >= 0) return duration_text(ns);
  return "-" + duration_text(ns == std::numeric_limits<std::int64_t>::min()
                                 ? std::numeric_limits<std::int64_t>::max()
                                 : -ns);
}

model::Note note_on(const Setting& setting, const std::string& first, const std::string& file) {
  return {setting.code,
          std::nullopt,
          {{"first", first},
           {"file", file},
           {"offset", offset_text(setting.offset)},
           {"uncertainty", duration_text(setting.uncertainty)}}};
}

} // namespace

model::Trace join(std::vector<Recording> recordings) {
  model::Trace joined = std::move(recordings.front().trace);
  const std::string first = recordings.front().name;
  std::vector<model::Note> notes;
  for (std::size_t i = 1; i < recordings.size(); ++i) {
    Recording& next = recordings[i];
    const Setting dates = by_dates(joined.header, next.trace.header);
    const Seam seam = append(joined, std::move(next.trace));
    // Clocks apart, bytes are matched by their order alone; that is enough to set the clocks.
    const Bounds bounds =
        Witness(seam.call).ask(build_story(joined, {.unfold_launchers = true, .one_clock = false}));
    const Setting setting = choose(bounds, dates);
    shift(joined, seam, setting.offset);
    notes.push_back({"joined", std::nullopt, {{"first", first}, {"file", next.name}}});
    notes.push_back(note_on(setting, first, next.name));
  }
  if (!notes.empty()) finish(joined, std::move(notes));
  return joined;
}

} // namespace socktale::reports
