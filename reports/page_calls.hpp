// The calls of a page's data: sides, source files, places, calls, steps and moments as JSON. Reads
// the story; owns no escaping, which is the page's.
#pragma once

#include "reports/page_columns.hpp"
#include "reports/page_index.hpp"
#include "reports/page_phrases.hpp"

namespace socktale::reports {

[[nodiscard]] PageJson page_side(const Story& story, const PageIndex& index, PagePhrases& phrases,
                                 Index side);
[[nodiscard]] PageJson page_file(const Story& story, const SourceLines& sources,
                                 const std::string& file);
[[nodiscard]] PageJson page_place(const Story& story, const SourceLines& sources,
                                  const PageIndex& index, PagePhrases& phrases,
                                  const PagePlace& place);
[[nodiscard]] PageJson page_call(const Story& story, const PageIndex& index, PagePhrases& phrases,
                                 const PageCall& call, std::size_t string_limit);
// Null for a step of which the page holds no call.
[[nodiscard]] PageJson page_step(const PageIndex& index, const Step& step);
// Entries and returns of calls and the lives of processes, in the order of time.
[[nodiscard]] std::vector<PageJson> page_moments(const Story& story, const PageIndex& index,
                                                 PagePhrases& phrases);
// What the call is for and what its arguments mean.
[[nodiscard]] PageJson page_help(const model::Call& call, const model::Socket* socket,
                                 PagePhrases& phrases);

} // namespace socktale::reports
