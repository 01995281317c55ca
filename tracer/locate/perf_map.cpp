#include "tracer/locate/perf_map.hpp"

#include "tracer/base/process_status.hpp"

#include <charconv>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace socktale::locate {
namespace {

constexpr std::uint64_t largest_file = 256 << 20;
constexpr std::size_t most_codes = 1 << 20;
constexpr std::size_t longest_line = 4096;
constexpr std::size_t step = 64 << 10;

// Its number where it runs, proc(5): "NSpid:\t4711\t12", the innermost namespace last.
std::string own_pid(Pid pid) {
  const ProcessStatus status(pid.value);
  const std::string_view numbers = status.value("NSpid");
  return std::string(numbers.substr(numbers.find_last_of('\t') + 1));
}

std::optional<std::uint64_t> take_number(std::string_view& line) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number, 16);
  const auto used = static_cast<std::size_t>(end - line.data());
  if (error != std::errc{} || used >= line.size() || line[used] != ' ') return std::nullopt;
  line.remove_prefix(used + 1);
  return number;
}

} // namespace

std::shared_ptr<PerfMap> PerfMap::open(Pid pid) {
  const std::string process = fmt::format("/proc/{}", pid.value);
  const std::string number = own_pid(pid);
  struct stat owner{};
  struct stat file{};
  if (number.empty() || ::stat(process.c_str(), &owner) != 0) return nullptr;
  const std::string path = fmt::format("{}/root/tmp/perf-{}.map", process, number);
  // Anyone can put a link, a FIFO or a file of their own under such a name.
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  if (!fd || ::fstat(fd.get(), &file) != 0) return nullptr;
  if (!S_ISREG(file.st_mode) || file.st_uid != owner.st_uid) return nullptr;
  return std::make_shared<PerfMap>(std::move(fd));
}

std::uint64_t PerfMap::size() const {
  struct stat status{};
  return ::fstat(fd_.get(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

std::optional<std::string> PerfMap::name_at(std::uint64_t address, std::uint64_t size) {
  read_on();
  const auto next = codes_.upper_bound(address);
  if (next == codes_.begin()) return std::nullopt;
  const auto& [start, code] = *std::prev(next);
  return address < code.end && code.written < size ? std::optional(code.name) : std::nullopt;
}

void PerfMap::read_on() {
  std::string bytes(step, '\0');
  while (read_ < largest_file) {
    const ssize_t got = ::pread(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(read_));
    if (got <= 0) return;
    read_ += static_cast<std::uint64_t>(got);
    rest_.append(bytes, 0, static_cast<std::size_t>(got));
    std::size_t begin = 0;
    for (std::size_t end = rest_.find('\n'); end != std::string::npos;
         end = rest_.find('\n', begin)) {
      add(std::string_view(rest_).substr(begin, end - begin), read_ - rest_.size() + end);
      begin = end + 1;
    }
    rest_.erase(0, begin);
    if (rest_.size() > longest_line) rest_.resize(longest_line); // it is left out
  }
}

void PerfMap::add(std::string_view line, std::uint64_t written) {
  if (line.size() >= longest_line || codes_.size() >= most_codes) return;
  const auto start = take_number(line);
  const auto size = start ? take_number(line) : std::nullopt;
  if (!size || *size == 0 || *size > ~std::uint64_t{0} - *start || line.empty()) return;
  make_room(*start, *start + *size);
  codes_.emplace(*start, Code{*start + *size, written, std::string(line)});
}

// Memory is used again: what was there before is gone.
void PerfMap::make_room(std::uint64_t start, std::uint64_t end) {
  auto next = codes_.lower_bound(start);
  if (next != codes_.begin() && std::prev(next)->second.end > start) --next;
  while (next != codes_.end() && next->first < end) next = codes_.erase(next);
}

} // namespace socktale::locate
