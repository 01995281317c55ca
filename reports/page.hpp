// The story as one HTML page that needs nothing else: the built page of web/ with the story as data
// inside. Owns the escaping that lets hostile text stand in a page; what the page does is web/'s.
#pragma once

#include "reports/options.hpp"
#include "reports/story.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace socktale::reports {

// Calls that the page holds; those after them are counted only.
inline constexpr std::size_t most_page_calls = 200'000;

[[nodiscard]] std::string render_html(const Story& story, const Options& options);

// The data alone, as web/src/data.ts describes it: JSON in which no '<' stands.
[[nodiscard]] std::string page_data(const Story& story, const Options& options,
                                    std::size_t most_calls = most_page_calls);

// The built page, with page_marker where the data goes.
[[nodiscard]] std::string_view page_template();
inline constexpr std::string_view page_marker = "@SOCKTALE_DATA@";

} // namespace socktale::reports
