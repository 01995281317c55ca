#include "tracer/base/errors.hpp"
#include "tracer/base/text.hpp"
#include "tracer/model/json.hpp"
#include "tracer/model/trace_file.hpp"

#include <algorithm>
#include <cerrno>
#include <future>
#include <system_error>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include <fcntl.h>

namespace socktale::model {
namespace {

constexpr std::size_t read_size = std::size_t{256} << 10;

// The lines of a file, one at a time, in no more memory than the longest of them needs.
class Lines {
 public:
  explicit Lines(const std::string& path)
      : name_(path == "-" ? "standard input" : printable(path)) {
    fd_ = UniqueFd(path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                               : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!fd_) cannot_read(errno);
  }

  // The next line without its newline, good until the next call; nothing at the end of the file.
  std::optional<std::string_view> next() {
    ++number_;
    std::size_t searched = start_;
    for (;;) {
      const std::size_t newline = buffer_.find('\n', searched);
      if (std::min(newline, buffer_.size()) - start_ > max_trace_line)
        broken(number_, fmt::format("is longer than {} MiB", max_trace_line >> 20));
      if (newline != std::string::npos) return take(newline - start_, 1);
      searched = buffer_.size() - start_; // as it will be when start_ is 0
      if (!read_more()) break;
    }
    whole_ = buffer_.empty();
    if (whole_) return std::nullopt;
    return take(buffer_.size(), 0);
  }

  // Nothing is left to be taken.
  [[nodiscard]] bool at_end() { return start_ == buffer_.size() && !read_more(); }

  // Whether the line had its newline.
  [[nodiscard]] bool whole() const { return whole_; }
  // The file's, for messages.
  [[nodiscard]] const std::string& name() const { return name_; }

  // The last line that was taken, or was to be; from 1.
  [[nodiscard]] std::size_t number() const { return number_; }
  // Bytes that were taken, newlines among them.
  [[nodiscard]] std::uint64_t taken() const { return taken_; }

  [[noreturn]] void broken(std::size_t line, std::string_view what) const {
    throw UserError(
        Exit::bad_data,
        {tr("{file}, line {line}: {fault}"), {{"file", name_}, {"line", line}, {"fault", what}}},
        tr("the file was changed or damaged; the lines above this one are intact"));
  }

 private:
  std::string_view take(std::size_t size, std::size_t newline) {
    const std::size_t begin = std::exchange(start_, start_ + size + newline);
    taken_ += size + newline;
    return std::string_view(buffer_).substr(begin, size);
  }

  // False at the end of the file. Drops the lines that were taken.
  bool read_more() {
    buffer_.erase(0, std::exchange(start_, 0));
    const std::size_t size = buffer_.size();
    buffer_.resize(size + read_size);
    ssize_t got = 0;
    do got = ::read(fd_.get(), buffer_.data() + size, read_size);
    while (got < 0 && errno == EINTR);
    if (got < 0) cannot_read(errno);
    buffer_.resize(size + static_cast<std::size_t>(got));
    return got > 0;
  }

  [[noreturn]] void cannot_read(int error) const {
    throw UserError(
        Exit::no_input,
        {tr("cannot read {path}: {why}"), {{"path", name_}, {"why", meaning_of_errno(error)}}},
        tr("give a trace file that socktale wrote"));
  }

  std::string name_;
  UniqueFd fd_;
  std::string buffer_;
  std::size_t start_ = 0; // of what was not taken yet
  std::size_t number_ = 0;
  std::uint64_t taken_ = 0;
  bool whole_ = true;
};

Header read_header(Lines& lines) {
  const auto line = lines.next();
  auto header = header_from_line(line.value_or(""));
  if (!header)
    throw UserError(
        Exit::bad_data,
        {tr("{file}: {fault}"), {{"file", lines.name()}, {"fault", header.error().said()}}},
        tr("give a trace file that socktale wrote"));
  if (header->schema > Header::current_schema)
    throw UserError(
        Exit::newer_schema,
        {tr("{file} was written by a newer {tool} (schema {schema}; this one reads up to "
            "{known})"),
         {{"file", lines.name()},
          {"tool", printable(header->tool)},
          {"schema", header->schema},
          {"known", Header::current_schema}}},
        tr("update socktale to read it"));
  return std::move(*header);
}

using Parsed = Result<std::optional<Event>>;

// Lines that are parsed together.
struct Batch {
  std::vector<std::string> lines;
  std::size_t first = 0; // the number of the first line
  bool whole = true;     // the last one had its newline
};

// Empty at the end of the file, and when `most` bytes of it were taken.
Batch next_batch(Lines& lines, std::uint64_t most) {
  constexpr std::uint64_t most_lines = 4096, most_bytes = std::uint64_t{8} << 20;
  Batch batch{.lines = {}, .first = lines.number() + 1};
  const std::uint64_t end = std::min(most, lines.taken() + most_bytes);
  while (batch.lines.size() < most_lines && lines.taken() < end) {
    const auto line = lines.next();
    if (!line) break;
    batch.whole = lines.whole();
    batch.lines.emplace_back(*line);
  }
  return batch;
}

// By as many threads as there are CPUs: most of the time that a long trace takes is this.
std::vector<Parsed> parse(const std::vector<std::string>& lines) {
  constexpr std::size_t worth_a_thread = 256; // lines
  const std::size_t cpus = std::max(std::thread::hardware_concurrency(), 1U);
  const std::size_t share = std::max(worth_a_thread, (lines.size() + cpus - 1) / cpus);
  std::vector<Parsed> parsed(lines.size());
  const auto parse_share = [&](std::size_t first) {
    for (std::size_t i = first; i < std::min(first + share, lines.size()); ++i)
      parsed[i] = event_from_line(lines[i]);
  };
  std::vector<std::future<void>> others;
  for (std::size_t first = share; first < lines.size(); first += share)
    others.push_back(std::async(std::launch::async, parse_share, first));
  parse_share(0);
  for (auto& other : others) other.get();
  return parsed;
}

} // namespace

Trace read_trace(const std::string& path, std::uint64_t most) {
  if (most == 0) most = UINT64_MAX;
  Lines lines(path);
  Trace trace;
  trace.header = read_header(lines);
  for (Batch batch = next_batch(lines, most); !batch.lines.empty();
       batch = next_batch(lines, most)) {
    auto parsed = parse(batch.lines);
    if (!parsed.back() && !batch.whole) parsed.pop_back(); // the writer was stopped inside it
    for (std::size_t number = batch.first; Parsed & event : parsed) {
      if (!event) lines.broken(number, event.error().op);
      ++number;
      if (*event)
        trace.events.push_back(std::move(**event));
      else
        ++trace.unknown;
    }
  }
  if (lines.taken() >= most && !lines.at_end()) trace.read_only = lines.taken();
  trace.cut = trace.events.empty() || !std::holds_alternative<End>(trace.events.back().body);
  return trace;
}

} // namespace socktale::model
