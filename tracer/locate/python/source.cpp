#include "tracer/locate/python/source.hpp"

#include "tracer/base/text.hpp"

#include <algorithm>

#include <sys/stat.h>
#include <unistd.h>

namespace socktale::locate::python {

namespace {

constexpr std::size_t most_source = 16U << 20U;
constexpr std::size_t most_files = 4096;

std::string with_newlines(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    result += text[i] == '\r' ? '\n' : text[i];
  }
  return result;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// PEP 263: "coding[:=] name" in a comment of the first two lines. Python counts columns after it
// has turned the file into UTF-8.
bool declares_other_encoding(std::string_view line) {
  const std::size_t hash = line.find('#');
  if (hash == std::string_view::npos) return false;
  std::size_t at = line.find("coding", hash);
  if (at == std::string_view::npos) return false;
  at += std::string_view("coding").size();
  if (at == line.size()) return false;
  if (line[at] != ':' && line[at] != '=') return false;
  at = std::min(line.find_first_not_of(" \t", at + 1), line.size());
  const auto begins_with = [name = line.substr(at)](std::string_view known) {
    return std::ranges::equal(name.substr(0, known.size()), known, [](char given, char wanted) {
      return (given == '_' ? '-' : given | ' ') == wanted; // in lower case
    });
  };
  return !begins_with("utf-8") && !begins_with("utf8") && !begins_with("ascii");
}

} // namespace

Source::Source(std::string_view text) : text_(with_newlines(text)) {
  starts_.push_back(0);
  for (std::size_t at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1))
    starts_.push_back(at + 1);
  utf8_ = is_utf8(text_) && !declares_other_encoding(line(1)) && !declares_other_encoding(line(2));
}

std::string_view Source::line(std::int32_t number) const {
  const auto index = static_cast<std::size_t>(number) - 1;
  if (number < 1 || index >= starts_.size()) return {};
  const std::size_t end = index + 1 < starts_.size() ? starts_[index + 1] - 1 : text_.size();
  return std::string_view(text_).substr(starts_[index], end - starts_[index]);
}

std::optional<std::size_t> Source::offset(std::int32_t number, std::int32_t column) const {
  const std::string_view text = line(number);
  if (number < 1 || static_cast<std::size_t>(number) > starts_.size() || column < 1 ||
      static_cast<std::size_t>(column) - 1 > text.size() || (!utf8_ && !is_ascii(text)))
    return std::nullopt;
  return starts_[static_cast<std::size_t>(number) - 1] + static_cast<std::size_t>(column) - 1;
}

std::pair<std::int32_t, std::int32_t> Source::position(std::size_t offset) const {
  const auto after = std::ranges::upper_bound(starts_, offset);
  const auto line = after - starts_.begin();
  return {static_cast<std::int32_t>(line), static_cast<std::int32_t>(offset - *(after - 1) + 1)};
}

std::shared_ptr<const Source> SourceFiles::get(const std::string& path) {
  if (const auto known = files_.find(path); known != files_.end()) return known->second;
  std::shared_ptr<const Source> source;
  const UniqueFd fd = process_.open(path);
  struct stat status{};
  if (fd && ::fstat(fd.get(), &status) == 0 && status.st_size <= static_cast<off_t>(most_source)) {
    const std::int64_t changed =
        status.st_mtim.tv_sec * std::int64_t{1'000'000'000} + status.st_mtim.tv_nsec;
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    const ssize_t got = ::pread(fd.get(), text.data(), text.size(), 0);
    if (got == status.st_size && process_.started_at() != 0 && changed <= process_.started_at())
      source = std::make_shared<const Source>(text);
  }
  if (files_.size() >= most_files || bytes_ > most_bytes) {
    files_.clear();
    bytes_ = 0;
  }
  bytes_ += source ? source->text().size() : 0;
  files_.emplace(path, source);
  return source;
}

} // namespace socktale::locate::python
