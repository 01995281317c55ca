// A lesson as its lesson.json tells it: programs, who does what when, and which facts its run must
// show. Only reads and holds it; lesson_facts.hpp measures a run, handout.hpp tells it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::reports {

// A call of a program's: the second recvfrom of the server. As text "server recvfrom 2".
struct CallOf {
  std::string role;
  std::string name;
  std::size_t number = 1;
};

struct LessonProgram {
  std::string role;
  std::vector<std::string> argv; // {lesson} and {port} stand for the folder and the port
};

// One thing to do, when what it waits for has happened.
struct LessonAct {
  enum class Do { start, type, look };
  std::optional<CallOf> after; // that call has returned; named "ends": the program has ended
  Do what = Do::start;
  std::string subject; // the program to start or to type for; the name of a look
  std::string text;    // typed, without the newline
};

// One fact of a run, and what it must be for the lesson to have shown its point.
struct LessonFact {
  enum class Kind {
    result,    // of `call`: its result, or the name of its error
    data,      // the bytes that `call` carried
    before,    // "yes": `call` had returned before `other` was entered
    waits,     // the last call in which `call.role` was for a second or longer; empty: in none
    calls,     // how many calls on sockets `call.role` made; empty role: all programs
    all_calls, // how many kernel calls of any kind were made, by all programs
    queue,     // of `look`: Recv-Q of the sockets in `state` on `side`
    owner,     //   "none": no descriptor refers to it
    sockets,   //   how many such sockets there are
    rows,      // how many rows of expect.json the run shows; never in a lesson.json
  };
  std::string name;
  Kind kind = Kind::result;
  CallOf call, other;
  std::string look, state, side;
  std::string is; // empty: it only has to be known
  std::optional<std::int64_t> at_least;
};

struct Lesson {
  static constexpr int current_version = 1;
  std::string name; // of its folder
  std::size_t number = 0;
  std::string title_en, title_zh_cn;
  bool every_call = false; // other kernel calls are counted as well (slow)
  std::vector<LessonProgram> programs;
  std::vector<LessonAct> acts;
  std::vector<LessonFact> facts;

  [[nodiscard]] const std::string& title(std::string_view lang) const {
    return lang.starts_with("zh") ? title_zh_cn : title_en;
  }
};

// Throws UserError: bad_data, which says where; no_input.
[[nodiscard]] Lesson parse_lesson(std::string_view json, const std::string& source);
[[nodiscard]] Lesson read_lesson(const std::string& folder);

} // namespace socktale::reports
