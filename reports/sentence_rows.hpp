// The rows behind sentences.hpp: text by call and outcome. Data only; only sentences.cpp reads it.
#pragma once

#include "tracer/base/said.hpp"
#include "tracer/model/event.hpp"

#include <span>
#include <string_view>

namespace socktale::reports {

struct CallFacts {
  const model::Call& call;
  const model::Socket* socket;
};

// The first row that fits is taken, so the special ones stand before the general.
struct SentenceRow {
  std::string_view calls; // '|' between names; empty: any call
  bool (*when)(const CallFacts&);
  std::string_view error; // '|' between errno names; empty: any outcome that `when` takes
  // Placeholders: every argument by its man-page name, and call kind fd address moved data result
  // error meaning local peer.
  Phrase text;
};
[[nodiscard]] std::span<const SentenceRow> sentence_rows();

// A note's sentence; placeholders are what the note is about, and pid. The first row is taken whose
// `needs`, if it names a parameter, is there.
struct NoteRow {
  std::string_view code, needs;
  Phrase text;
};
[[nodiscard]] std::span<const NoteRow> note_rows();

} // namespace socktale::reports
