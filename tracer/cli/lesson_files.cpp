#include "tracer/cli/lesson_files.hpp"

#include "tracer/base/errors.hpp"
#include "tracer/base/result.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace socktale::cli {
namespace {

namespace fs = std::filesystem;

// Installed beside the binary (PREFIX/bin), or in the source folder.
fs::path lessons_folder() {
  std::error_code error;
  const fs::path prefix = fs::read_symlink("/proc/self/exe", error).parent_path().parent_path();
  for (const fs::path& folder :
       {prefix / "share/socktale/lessons", fs::path(SOCKTALE_CHAT_SOURCES) / "lessons"})
    if (fs::is_directory(folder, error)) return folder;
  throw UserError(
      Exit::not_found, tr("the lessons are not there"),
      tr("install socktale again with cmake --install, which brings share/socktale/lessons"));
}

} // namespace

std::vector<reports::Lesson> all_lessons() {
  std::vector<reports::Lesson> lessons;
  for (const auto& entry : fs::directory_iterator(lessons_folder()))
    if (fs::exists(entry.path() / "lesson.json"))
      lessons.push_back(reports::read_lesson(entry.path().string()));
  std::ranges::sort(lessons, {}, &reports::Lesson::number);
  return lessons;
}

fs::path lesson_folder(const std::string& name) {
  std::vector<std::string> names;
  for (const reports::Lesson& lesson : all_lessons()) {
    if (lesson.name == name) return lessons_folder() / name;
    names.push_back(lesson.name);
  }
  throw UserError(
      Exit::usage, {tr("there is no lesson '{name}'"), {{"name", name}}},
      {tr("there are: {names}"), {{"names", fmt::format("{}", fmt::join(names, ", "))}}});
}

reports::Handout read_handout(const fs::path& folder, std::string_view lang) {
  const std::string path = (folder / fmt::format("handout.{}.md", lang)).string();
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw UserError(
        Exit::no_input,
        {tr("cannot open {path}: {why}"), {{"path", path}, {"why", meaning_of_errno(errno)}}},
        tr("the hand-outs are in en and zh_CN"));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return reports::parse_handout(text, path);
}

} // namespace socktale::cli
