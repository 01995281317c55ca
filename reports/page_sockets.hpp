// The other half of a page's data: sockets, connections, whose bytes went where, who waited, and
// the states, both inferred and as the kernel told them. Reads the story; owns no escaping.
#pragma once

#include "reports/kernel_view.hpp"
#include "reports/page_index.hpp"
#include "reports/page_phrases.hpp"

namespace socktale::reports {

[[nodiscard]] PageJson page_socket(const Story& story, const PageIndex& index, PagePhrases& phrases,
                                   const SocketStory& socket, std::int64_t connection);
[[nodiscard]] PageJson page_connection(const Story& story, const PageIndex& index,
                                       PagePhrases& phrases, const Connection& connection);
// Null where the page holds neither of the calls.
[[nodiscard]] PageJson page_transfer(const PageIndex& index, const Transfer& transfer);
// Null where the page does not hold the call.
[[nodiscard]] PageJson page_wait(const Story& story, const PageIndex& index, PagePhrases& phrases,
                                 const Wait& wait);
// Inferred and passed states of all sockets, and the sampled ones, in the order of time.
[[nodiscard]] std::vector<PageJson> page_states(const Story& story, const PageIndex& index);
[[nodiscard]] PageJson page_sample(const PageIndex& index, const model::Sample& sample);

} // namespace socktale::reports
