// The section "What netstat and ss would have shown" and the samples of the reports, a function a
// format.
#pragma once

#include "reports/kernel_view.hpp"
#include "reports/terminal_text.hpp"

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace socktale::reports {

// Nothing where nothing was sampled at the document's moment.
[[nodiscard]] std::string markdown_kernel_view(const Story& story, const Options& options);
void terminal_kernel_view(TerminalText& text, const Story& story, const Options& options);

// One sample; and the document's check, or null.
[[nodiscard]] nlohmann::ordered_json json_sample(const SampleStory& told);
[[nodiscard]] nlohmann::ordered_json json_document_check(const Story& story,
                                                         const Options& options);

} // namespace socktale::reports
