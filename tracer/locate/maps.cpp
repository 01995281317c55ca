#include "tracer/locate/maps.hpp"

#include "tracer/base/unique_fd.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

namespace socktale::locate {
namespace {

constexpr std::size_t largest_maps = 16
                                     << 20; // some 150 000 mappings; the kernel's limit is 65 530

// Takes the text up to the next space (or the end) off the front of `line`.
std::string_view word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view result = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return result;
}

std::optional<std::uint64_t> number(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The kernel writes a newline in a file's name as \012 (seq_file's mangling), and nothing else so.
std::string unmangled(std::string_view name) {
  constexpr std::string_view newline = "\\012";
  std::string path;
  while (!name.empty()) {
    const bool mangled = name.starts_with(newline);
    path += mangled ? '\n' : name.front();
    name.remove_prefix(mangled ? newline.size() : 1);
  }
  return path;
}

// "low-high perms offset major:minor inode   path", proc(5).
std::optional<Mapping> parse_line(std::string_view line) {
  const std::string_view range = word(line);
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto low = number(range.substr(0, dash), 16);
  const auto high = number(range.substr(dash + 1), 16);
  const std::string_view permissions = word(line);
  const auto offset = number(word(line), 16);
  const std::string_view device = word(line);
  const auto inode = number(word(line), 10);
  if (!low || !high || !offset || !inode || *low >= *high) return std::nullopt;
  if (permissions.size() != 4 || device.find(':') == std::string_view::npos) return std::nullopt;
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return Mapping{*low, *high, *offset, permissions[2] == 'x', *inode, unmangled(line)};
}

} // namespace

std::vector<Mapping> parse_maps(std::string_view text) {
  std::vector<Mapping> maps;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (auto mapping = parse_line(text.substr(0, end))) maps.push_back(std::move(*mapping));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  std::ranges::sort(maps, {}, &Mapping::low);
  return maps;
}

std::vector<Mapping> read_maps(Pid pid) {
  const UniqueFd file(
      ::open(fmt::format("/proc/{}/maps", pid.value).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return {};
  constexpr std::size_t step = 32 << 10;
  std::string text;
  while (text.size() < largest_maps) {
    const std::size_t have = text.size();
    text.resize(have + step);
    const ssize_t got = ::read(file.get(), text.data() + have, step);
    text.resize(have + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got <= 0) break;
  }
  return parse_maps(text);
}

} // namespace socktale::locate
