// Where the lessons are, and which. Reads their folders; never runs one.
#pragma once

#include "reports/handout.hpp"
#include "reports/lesson.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::cli {

// All lessons by number. Throws UserError: not_found (no lessons here), bad_data.
[[nodiscard]] std::vector<reports::Lesson> all_lessons();

// The folder of a lesson. Throws UserError(usage): no such lesson; says which there are.
[[nodiscard]] std::filesystem::path lesson_folder(const std::string& name);

// Its hand-out in that language ("en", "zh_CN"). Throws UserError: no_input, bad_data.
[[nodiscard]] reports::Handout read_handout(const std::filesystem::path& folder,
                                            std::string_view lang);

} // namespace socktale::cli
