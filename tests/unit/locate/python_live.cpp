// locate/python against real interpreters: each program of tests/programs/python states in its own
// comments what should be said of its lines.
#include "python_installed.hpp"
#include "python_tracee.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

#include <sys/wait.h>
#include <unistd.h>

namespace socktale::test {

namespace {

using model::PlaceKind;

const std::string programs = SOCKTALE_SOURCE_DIR "/tests/programs/python/";

struct Expected {
  std::int32_t line; // 0: none of this file
  std::string call, kind, text;
};

std::string_view kind_name(PlaceKind kind) {
  switch (kind) {
  case PlaceKind::unknown: return "unknown";
  case PlaceKind::call: return "call";
  case PlaceKind::leaving: return "leaving";
  case PlaceKind::library: return "library";
  case PlaceKind::finalizing: return "finalizing";
  }
  return "";
}

// Without comments, and runs of white space as one space.
std::string folded(std::string_view text) {
  std::string result;
  bool comment = false;
  for (const char c : text) {
    comment = c != '\n' && (comment || c == '#');
    if (comment) continue;
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (space && (result.empty() || result.back() == ' ')) continue;
    result += space ? ' ' : c;
  }
  while (result.ends_with(' ')) result.pop_back();
  return result;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Expected> expectations(const std::string& program) {
  std::vector<Expected> all;
  std::istringstream text(program);
  std::string line;
  for (std::int32_t number = 1; std::getline(text, line); ++number) {
    for (const std::string_view mark : {"#: ", "#! "}) {
      if (line.starts_with("# ")) continue; // an explanation
      for (std::size_t at = line.find(mark); at != std::string::npos;) {
        const std::size_t next = line.find(mark, at + mark.size());
        std::istringstream words(line.substr(at + mark.size(), next - at - mark.size()));
        Expected one{mark == "#: " ? number : 0, {}, {}, {}};
        words >> one.call >> one.kind;
        std::getline(words, one.text, '\0');
        one.text = folded(one.text);
        all.push_back(one);
        at = next;
      }
    }
  }
  return all;
}

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string shown(const SeenCall& call) {
  std::ostringstream text;
  text << call.name << ' ' << kind_name(call.place.kind) << ' ' << call.place.file.text() << ':'
       << call.place.span.line << ':' << call.place.span.column << " [" << call.place.text.text()
       << "]";
  for (const auto& frame : call.frames)
    text << "\n    " << frame.file << ':' << frame.span.line << ' ' << frame.function << " ["
         << frame.text << "]";
  return text.str();
}

// What 3.8 to 3.10 cannot tell is not asked of them: they have no columns (an empty text is right),
// before 3.10 leaving a with block counts as the block's last line, and in 3.10 a chained call as
// the line of its method.
bool meets(const SeenCall& seen, const Expected& expected, int minor) {
  if (expected.call != "*" && expected.call != seen.name) return false;
  if (expected.kind != kind_name(seen.place.kind)) return false;
  if (expected.kind == "finalizing") return true;
  if (expected.line == 0) return base_name(seen.place.file) == expected.text;
  const bool line_free = minor < 10 && expected.kind == "leaving";
  const bool chained = minor == 10 && expected.text.find(" .") != std::string::npos;
  if (!line_free && expected.line + (chained ? 1 : 0) != seen.place.span.line) return false;
  if (minor < 11 && seen.place.text.empty()) return true;
  if (minor < 11 && seen.place.kind == PlaceKind::leaving)
    return seen.place.text.text().find(expected.text) != std::string::npos;
  return expected.text.empty() || expected.text == folded(seen.place.text);
}

void compare(const TraceResult& result, const std::string& program, const Python& python) {
  CHECK(WIFEXITED(result.status));
  CHECK(WEXITSTATUS(result.status) == 0);
  CHECK(result.version ==
        (python.minor < 11 ? "3." + std::to_string(python.minor) : python.version));
  const auto wanted = expectations(program);
  REQUIRE_FALSE(wanted.empty());
  for (const Expected& one : wanted) {
    INFO(one.line << ": " << one.call << ' ' << one.kind << ' ' << one.text);
    CHECK(std::ranges::any_of(result.calls,
                              [&](const auto& seen) { return meets(seen, one, python.minor); }));
  }
  for (const SeenCall& seen : result.calls) {
    INFO(shown(seen));
    const bool named = seen.place.kind == PlaceKind::call || seen.place.kind == PlaceKind::leaving;
    const bool known = std::ranges::any_of(
        wanted, [&](const auto& one) { return meets(seen, one, python.minor); });
    CHECK((known || !named));
    CHECK(seen.frames.size() == seen.sighting.frames.size());
  }
}

template <class Check> void on_each_python(Check&& check) {
  REQUIRE_FALSE(installed_pythons().empty());
  REQUIRE(installed_pythons().front().minor == 11); // Debian 12's
  for (const Python& python : installed_pythons()) {
    INFO(python.path);
    check(python);
  }
}

// False, and said so, where ptrace is not allowed.
bool ran(const TraceResult& result) {
  if (result.refused) WARN("skipped: ptrace(2) or seccomp(2) is refused here");
  return !result.refused;
}

} // namespace

TEST_CASE("each call of a program is tied to its own expression", "[python][live]") {
  const auto* const name = GENERATE("calls.py", "leaving.py", "library.py", "loop.py",
                                    "forgotten.py", "line_ends.py", "deep.py", "children.py");
  const std::string path = programs + name;
  INFO(name);
  on_each_python([&](const Python& python) {
    const auto result = trace_python({python.path, path});
    if (ran(result)) compare(result, content_of(path), python);
  });
}

TEST_CASE("a program is known by a relative path, as a module and as text", "[python][live]") {
  const std::string text = content_of(programs + "children.py");
  on_each_python([&](const Python& python) {
    for (const auto& arguments : std::vector<std::vector<std::string>>{
             {"children.py"}, {"-m", "children"}, {"-c", text}, {"-W", "ignore", "-uc", text}}) {
      std::vector<std::string> command{python.path};
      command.insert(command.end(), arguments.begin(), arguments.end());
      INFO(arguments.front());
      const auto result = trace_python(command, programs);
      if (ran(result)) compare(result, text, python);
    }
  });
}

TEST_CASE("code objects that reuse an address are told apart", "[python][live]") {
  on_each_python([&](const Python& python) {
    const auto result = trace_python({python.path, programs + "reused.py"});
    if (!ran(result)) return;
    int round = 0;
    for (const SeenCall& seen : result.calls) {
      if (!seen.place.file.starts_with("round ")) continue;
      INFO(shown(seen));
      CHECK(seen.place.file == "round " + std::to_string(round));
      CHECK(seen.place.span.line == ++round);
    }
    CHECK(round == 50);
  });
}

TEST_CASE("of a thread's interpreters the one that runs is shown", "[python][live]") {
  on_each_python([&](const Python& python) {
    if (python.minor < 11) return; // leaves no mark to tell by
    const auto result = trace_python({python.path, programs + "interpreters.py"});
    if (!ran(result)) return;
    std::vector<std::string> sends;
    for (const SeenCall& seen : result.calls)
      if (seen.name == "sendto")
        sends.push_back(seen.place.text.empty() ? base_name(seen.place.file) + ":" +
                                                      std::to_string(seen.place.span.line)
                                                : seen.place.text.text());
    CHECK(sends.size() == 3);
    CHECK(sends.at(0) == R"(a.send(b"before"))");
    CHECK(sends.at(1).ends_with(":3"));
    CHECK(sends.at(2) == R"(a.send(b"after"))");
  });
}

TEST_CASE("what dies with the interpreter is its end's", "[python][live]") {
  on_each_python([&](const Python& python) {
    // In development mode each leaked socket's warning asks for its names first.
    const auto result = trace_python({python.path, "-X", "dev", programs + "forgotten.py"});
    if (!ran(result)) return;
    std::size_t ended = 0;
    for (const SeenCall& seen : result.calls) {
      INFO(shown(seen));
      if (seen.place.kind == PlaceKind::finalizing) ++ended;
      if (seen.name == "close" || seen.name == "getpeername")
        CHECK(seen.place.kind == PlaceKind::finalizing);
    }
    CHECK(ended == 6); // two sockets: getsockname, getpeername, close
  });
}

TEST_CASE("a program from standard input has lines without text", "[python][live]") {
  on_each_python([&](const Python& python) {
    const std::string command = "exec '" + python.path + "' < '" + programs + "line_ends.py'";
    const auto result = trace_python({"/bin/sh", "-c", command});
    if (!ran(result)) return;
    const auto send = std::ranges::find(result.calls, "sendto", &SeenCall::name);
    REQUIRE(send != result.calls.end());
    CHECK(send->place.kind == PlaceKind::call);
    CHECK(send->place.file == "<stdin>");
    CHECK(send->place.span.line == 4);
    CHECK(send->place.text.empty());
  });
}

TEST_CASE("without columns the line is still known", "[python][live]") {
  on_each_python([&](const Python& python) {
    if (python.minor < 11) return;
    const auto result =
        trace_python({python.path, "-X", "no_debug_ranges", programs + "line_ends.py"});
    if (!ran(result)) return;
    const auto send = std::ranges::find(result.calls, "sendto", &SeenCall::name);
    REQUIRE(send != result.calls.end());
    CHECK(send->place.span == model::Span{4, 0, 4, 0});
    CHECK(send->place.text.empty());
  });
}

TEST_CASE("a file that changed while it ran is not quoted", "[python][live]") {
  on_each_python([&](const Python& python) {
    std::string path = (std::filesystem::temp_directory_path() / "socktale-XXXXXX.py").string();
    const int fd = ::mkstemps(path.data(), 3);
    REQUIRE(fd >= 0);
    ::close(fd);
    std::ofstream(path) << "import os, socket, time\n"
                           "os.utime(__file__, (time.time() + 9, time.time() + 9))\n"
                           "pair = socket.socketpair()\n";
    const auto result = trace_python({python.path, path});
    std::filesystem::remove(path);
    if (!ran(result)) return;
    REQUIRE_FALSE(result.calls.empty());
    CHECK(result.calls[0].place.span.line == 3);
    CHECK(result.calls[0].place.text.empty());
  });
}

TEST_CASE("a stack deeper than what is kept says so", "[python][live]") {
  on_each_python([&](const Python& python) {
    const auto result = trace_python({python.path, programs + "deep.py"});
    if (!ran(result)) return;
    std::vector<std::size_t> depths;
    for (const SeenCall& seen : result.calls)
      if (seen.name == "sendto" && seen.place.function == "down") {
        depths.push_back(seen.frames.size());
        CHECK(seen.sighting.complete == (seen.frames.size() < 512));
      }
    CHECK(depths == std::vector<std::size_t>{5, 202, 512, 5});
    std::printf("python %s: a look at a shallow stack takes %.1f us\n", python.version.c_str(),
                static_cast<double>(result.look_time.count()) / 1000);
  });
}

} // namespace socktale::test
