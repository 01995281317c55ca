// An expected table compared with a story, row by row and part by part. Decides, never prints.
#pragma once

#include "reports/expect.hpp"
#include "reports/story.hpp"

#include <optional>
#include <string>
#include <vector>

namespace socktale::reports {

// One part in which a row and the observed call are not written alike.
struct Part {
  enum class Kind {
    differs,  // another value
    spelling, // another spelling of the same: PF_INET for AF_INET; no difference
    wording,  // the programmer's call is written in other words; no difference
    form,     // the same number, once plain and once behind a pointer
    absent,   // the observed call has no such argument or member
  };
  Kind kind = Kind::differs;
  std::string where; // "name", "addr.sin_addr", "result"
  std::string claimed;
  std::string observed;
};

struct RowVerdict {
  enum class Is { same, differs, missing };
  Is is = Is::missing;
  const ExpectedRow* row = nullptr;
  std::optional<Index> step;
  const model::Call* call = nullptr; // of that step
  std::vector<Part> parts;
};

// A kind of call that was observed and that no row speaks of.
struct LeftOut {
  Index side = 0;
  std::string api;    // empty: made without a written call
  std::string kernel; // the kernel call's name
  bool hidden = false;
  std::size_t count = 0;
  Index first_step = 0;
};

// Points into the expectation and the story, which must outlive it.
struct Verdict {
  const Expectation* expectation = nullptr;
  std::vector<RowVerdict> rows;
  std::vector<LeftOut> left_out;
  [[nodiscard]] bool holds() const; // every row is same
};

[[nodiscard]] Verdict judge(const Expectation& expectation, const Story& story);

// The document's claims, judged when the trace says that it is of the document's chat (socktale
// chat says so) and that made at least one of its calls; nothing otherwise.
[[nodiscard]] std::optional<Verdict> judge_document(const Story& story);

} // namespace socktale::reports
