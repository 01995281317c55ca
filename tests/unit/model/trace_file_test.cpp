// Traces on disk: what was written is read, whatever happens to the file in between.
#include "sample.hpp"
#include "tests/support/catch.hpp"
#include "tracer/model/json.hpp"
#include "tracer/model/trace_file.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

using namespace socktale;
using namespace socktale::model;
using Catch::Matchers::Contains;

namespace {

// A directory of its own for each test.
class Folder {
 public:
  Folder() {
    std::string name = std::filesystem::temp_directory_path() / "socktale-test-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void put(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string header_line() { return to_line(test::sample_header()) + "\n"; }
Event ended() { return {9, {9}, End{1, 2}}; }
std::string end_line() { return to_line(ended()) + "\n"; }

Event event_of_size(std::size_t size) {
  return {1, {1}, Note{"x", std::nullopt, {{"text", std::string(size, 'x')}}}};
}

// What `read_trace` or another throws, as "code: what".
template <class Action> std::string refusal(Action action) {
  try {
    action();
  } catch (const UserError& error) {
    CHECK_FALSE(error.hint().empty());
    return std::to_string(static_cast<int>(error.code())) + ": " + error.what();
  }
  return "accepted";
}

std::string refusal_of(const std::string& path) {
  return refusal([&] { (void)read_trace(path); });
}

} // namespace

TEST_CASE("a trace is read as it was written", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  auto events = test::sample_events();
  {
    TraceWriter writer(path);
    writer.begin(test::sample_header());
    for (const Event& event : events) writer.on(event);
    writer.flush();
    CHECK_FALSE(writer.failure());
  }
  const Trace trace = read_trace(path);
  CHECK(trace.header == test::sample_header());
  CHECK(trace.events == events);
  CHECK_FALSE(trace.cut);
  CHECK(trace.unknown == 0);
}

TEST_CASE("lines of all lengths are found, wherever the reads end", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  std::vector<Event> events;
  events.reserve(2000);
  for (std::size_t i = 0; i < 2000; ++i) events.push_back(event_of_size(i * 7919 % 1000));
  {
    TraceWriter writer(path);
    writer.begin(test::sample_header());
    for (const Event& event : events) writer.on(event);
  }
  CHECK(read_trace(path).events == events);
}

TEST_CASE("of a long trace no more is read than was asked for", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  std::vector<Event> events(10000, event_of_size(100)); // more than are parsed together
  {
    TraceWriter writer(path);
    writer.begin(test::sample_header());
    for (const Event& event : events) writer.on(event);
  }
  const std::uint64_t size = std::filesystem::file_size(path);
  const Trace half = read_trace(path, size / 2);
  CHECK(half.cut);
  CHECK(half.read_only >= size / 2);
  CHECK(half.read_only < size / 2 + 1000);
  CHECK(half.events.size() > 4900);
  CHECK(half.events.size() < 5100);
  CHECK(half.events.back() == events.front());
  CHECK(read_trace(path, 1).events.empty());
  CHECK(read_trace(path, 1).read_only > 0);
  // The last line is what ends the file, not the limit.
  for (const std::uint64_t most : {size, size + 1, std::uint64_t{0}}) {
    const Trace whole = read_trace(path, most);
    CHECK(whole.events == events);
    CHECK(whole.read_only == 0);
  }
  const Trace all_but_one = read_trace(path, size - 1);
  CHECK(all_but_one.events.size() == events.size());
  CHECK(all_but_one.read_only == 0);
  // What comes behind the limit is not looked at.
  std::filesystem::resize_file(path, size + max_trace_line + 1);
  CHECK(refusal_of(path) != "accepted");
  CHECK(read_trace(path, size).events == events);
}

TEST_CASE("a file that was there is replaced", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  put(path, std::string(100'000, 'x'));
  {
    TraceWriter(path).begin(test::sample_header());
  }
  CHECK(content(path) == header_line());
}

TEST_CASE("the header is in the file at once", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  TraceWriter writer(path);
  writer.begin(test::sample_header());
  CHECK(content(path) == header_line());
}

TEST_CASE("events reach the file when there are many, when asked, and in the end", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  {
    TraceWriter writer(path);
    writer.on(event_of_size(100'000));
    CHECK(content(path).size() > 100'000);
    writer.on(ended());
    writer.flush();
    CHECK(content(path).ends_with(end_line()));
    writer.on(ended());
  }
  CHECK(content(path).ends_with(end_line() + end_line()));
}

TEST_CASE("a file that somebody empties gets no hole", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  TraceWriter writer(path);
  writer.begin(test::sample_header());
  std::filesystem::resize_file(path, 0);
  writer.on(ended());
  writer.flush();
  CHECK(content(path) == end_line());
}

TEST_CASE("an event reaches the file though nothing follows it", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  TraceWriter writer(path);
  writer.on(ended());
  const Clock clock;
  constexpr std::int64_t patience_ns = 20'000'000'000;
  while (content(path).empty() && clock.now().ns < patience_ns) std::this_thread::yield();
  CHECK(content(path) == end_line());
}

TEST_CASE("two tracers do not write one file, and the first one's is left alone", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  TraceWriter first(path);
  first.begin(test::sample_header());
  CHECK(refusal([&] { TraceWriter second(path); }) ==
        "73: cannot write " + path + ": another socktale is writing to it");
  CHECK(content(path) == header_line());
}

TEST_CASE("a file can be written again once its writer is done", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  {
    TraceWriter first(path);
  }
  CHECK(refusal([&] { TraceWriter second(path); }) == "accepted");
}

TEST_CASE("what cannot be created is refused", "[trace_file]") {
  const Folder folder;
  CHECK_THAT(refusal([&] { TraceWriter(folder.file("none/a.jsonl")); }),
             Contains("73: cannot write") && Contains("No such file or directory"));
  CHECK_THAT(refusal([&] { TraceWriter(folder.file("")); }), Contains("Is a directory"));
}

TEST_CASE("a full device is reported once and quietly", "[trace_file]") {
  TraceWriter writer("/dev/full");
  writer.begin(test::sample_header());
  REQUIRE(writer.failure());
  CHECK(writer.failure()->text() == "write /dev/full: No space left on device");
  for (int i = 0; i < 1000; ++i) writer.on(event_of_size(1000));
  writer.flush();
  CHECK(writer.failure()->code == ENOSPC);
}

TEST_CASE("several tracers may write to /dev/null", "[trace_file]") {
  TraceWriter first("/dev/null");
  TraceWriter second("/dev/null");
  second.begin(test::sample_header());
  CHECK_FALSE(second.failure());
}

TEST_CASE("a trace goes through a FIFO, to standard input", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("fifo");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  std::thread other([&] {
    TraceWriter writer(path);
    writer.begin(test::sample_header());
    writer.on(event_of_size(300'000)); // more than a pipe holds
    writer.on(ended());
  });
  const UniqueFd fifo(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const UniqueFd before(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
  ::dup2(fifo.get(), STDIN_FILENO);
  const Trace trace = read_trace("-");
  if (before) ::dup2(before.get(), STDIN_FILENO);
  other.join();
  CHECK(trace.events == std::vector{event_of_size(300'000), ended()});
  CHECK_FALSE(trace.cut);
}

TEST_CASE("a reader that goes away does not end the tracer", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("fifo");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  UniqueFd reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  TraceWriter writer(path);
  writer.begin(test::sample_header());
  CHECK_FALSE(writer.failure());
  reader.reset();
  writer.on(ended());
  writer.flush(); // SIGPIPE would end the test here
  REQUIRE(writer.failure());
  CHECK(writer.failure()->code == EPIPE);
}

// The limit cannot be raised again, so it is set in a child of its own.
TEST_CASE("a file that may not grow further keeps its whole lines only", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  const std::size_t room = header_line().size() + 2 * end_line().size() + 20;
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit limit{room, room};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    TraceWriter writer(path);
    writer.begin(test::sample_header());
    writer.on(ended());
    writer.on(event_of_size(1000));
    writer.flush(); // SIGXFSZ would end the child here
    const bool refused = writer.failure() && writer.failure()->code == EFBIG;
    writer.on(ended()); // would fit, and hide that something is missing
    writer.flush();
    ::_exit(refused ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(content(path) == header_line() + end_line());
}

TEST_CASE("a writer that is killed leaves whole lines", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  std::array<int, 2> ready{};
  REQUIRE(::pipe2(ready.data(), O_CLOEXEC) == 0);
  const UniqueFd wait(ready[0]);
  UniqueFd say(ready[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    TraceWriter writer(path);
    writer.begin(test::sample_header());
    for (int i = 0; i < 1000; ++i) writer.on(event_of_size(200));
    (void)::write(say.get(), "x", 1);
    ::pause();
    ::_exit(0);
  }
  say.reset();
  char byte = 0;
  REQUIRE(::read(wait.get(), &byte, 1) == 1);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(content(path).ends_with("\n"));
  const Trace trace = read_trace(path);
  CHECK(trace.events.size() > 500);
  CHECK(trace.cut);
}

TEST_CASE("a file that cannot be opened or read", "[trace_file]") {
  const Folder folder;
  CHECK(refusal_of(folder.file("none")) ==
        "66: cannot read " + folder.file("none") + ": No such file or directory");
  CHECK_THAT(refusal_of(folder.file("")),
             Contains("66: cannot read") && Contains("Is a directory"));
}

TEST_CASE("files that are no traces", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a");
  for (const std::string& text :
       {std::string(), std::string("\n"), std::string("hello\nworld\n"), std::string("{}\n"),
        std::string("{\"seq\":1}"), end_line(), header_line().substr(0, 40)}) {
    put(path, text);
    INFO(text);
    CHECK_THAT(refusal_of(path), Contains("65: " + path + ": not a socktale trace"));
  }
  put(path, "{\"socktale\":1}\n");
  CHECK(refusal_of(path) == "65: " + path + ": tool is missing");
}

TEST_CASE("a trace of a newer socktale", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  put(path, "{\"socktale\":2,\"tool\":\"socktale 2.0\\u001b\"}\n{\"other\":1}\n");
  CHECK(refusal_of(path) ==
        "76: " + path +
            " was written by a newer socktale 2.0\\x1b (schema 2; this one reads up to 1)");
}

TEST_CASE("a broken line in the middle is named", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  put(path, header_line() + end_line() + "{\"seq\":\n" + end_line());
  CHECK(refusal_of(path) == "65: " + path + ", line 3: not JSON at byte 8");
  put(path, header_line() + "{\"seq\":1,\"t\":0,\"type\":\"end\",\"calls\":-1,\"stops\":0}\n");
  CHECK(refusal_of(path) == "65: " + path + ", line 2: calls is out of range");
  put(path, header_line() + "\n" + end_line());
  CHECK_THAT(refusal_of(path), Contains("line 2"));
}

TEST_CASE("a trace cut anywhere is read up to its last whole line", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  const std::string first = to_line(event_of_size(10)) + "\n";
  const std::string whole = header_line() + first + end_line();
  for (std::size_t size = header_line().size(); size <= whole.size(); ++size) {
    put(path, whole.substr(0, size));
    const Trace trace = read_trace(path);
    // A line that lacks only its newline is whole.
    const std::size_t lines =
        (size >= header_line().size() + first.size() - 1) + (size >= whole.size() - 1);
    INFO(size);
    CHECK(trace.events.size() == lines);
    CHECK(trace.cut == (lines < 2));
  }
}

TEST_CASE("the lines of a long trace keep their order and their numbers", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  constexpr std::size_t many = 10'000; // parsed in several goes, by several threads
  for (const std::size_t broken : {std::size_t{2}, std::size_t{4097}, std::size_t{4098}, many}) {
    std::string text = header_line();
    for (std::size_t line = 2; line <= many; ++line) {
      Event event = event_of_size(1);
      event.seq = line;
      text += line == broken ? "{" : to_line(event);
      text += line == many ? "" : "\n"; // the last one may be what a writer was stopped in
    }
    put(path, text);
    INFO(broken);
    if (broken < many) {
      CHECK_THAT(refusal_of(path), Contains(fmt::format("line {}:", broken)));
      continue;
    }
    const Trace trace = read_trace(path);
    REQUIRE(trace.events.size() == many - 2);
    for (std::size_t i = 0; i < trace.events.size(); ++i) CHECK(trace.events[i].seq == i + 2);
  }
}

TEST_CASE("events of unknown types are counted and left out", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  put(path, header_line() + "{\"seq\":1,\"t\":0,\"type\":\"eclipse\"}\n" + end_line());
  const Trace trace = read_trace(path);
  CHECK(trace.events == std::vector{ended()});
  CHECK(trace.unknown == 1);
  CHECK_FALSE(trace.cut);
}

TEST_CASE("lines longer than any buffer are read, endless ones are not", "[trace_file]") {
  const Folder folder;
  const std::string path = folder.file("a.jsonl");
  put(path, header_line() + to_line(event_of_size(3'000'000)) + "\n" + end_line());
  CHECK(read_trace(path).events.size() == 2);
  CHECK(refusal_of("/dev/zero") == "65: /dev/zero, line 1: is longer than 64 MiB");
  put(path, header_line() + std::string(max_trace_line, ' ') + "x\n");
  CHECK(refusal_of(path) == "65: " + path + ", line 2: is longer than 64 MiB");
}
