// Which kernel calls belong to one call that the programmer wrote. Works call by call and never
// looks ahead, so that the live terminal and the reports group alike.
#pragma once

#include "tracer/model/event.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace socktale::reports {

// The name of the function that a call expression calls: "bind" of serv_sock.bind((host, port)),
// "run" of asyncio.run(main()). Empty when the text is no call.
[[nodiscard]] std::string callee_of(std::string_view expression);

// What the call at `place` is named for: its callee or, where the text is unknown, libc's function.
[[nodiscard]] std::string api_of(const model::Place& place);

// When the kernel call that an API call is named for may come again within it.
enum class Repeat {
  never,
  until_all_sent,  // sendall: until every byte is handed over
  until_connected, // create_connection: one address after the other
};

// An API call by its name, and the kernel calls one of which is its main one; others are hidden.
struct ApiRow {
  std::string_view api;
  std::string_view kernel; // names, '|' between them
  Repeat repeat = Repeat::never;
};

// Whether `names`, with '|' between them, has `name`.
[[nodiscard]] bool lists(std::string_view names, std::string_view name);

// The row of an API name, or nullptr: of those calls the first kernel call is the main one.
[[nodiscard]] const ApiRow* api_row(std::string_view api);

// Sorts the calls of each thread, in the order in which they were entered, into steps.
class StepGrouper {
 public:
  struct Placed {
    std::size_t step = 0; // counted from 0 in the order of opening, over all threads
    bool opened = false;  // it is the step's first call
    bool main = false;    // it is what the step is named for
  };

  // `interpreted`: an interpreter runs the program. It makes a call again by itself after EINTR,
  // and waits with poll(2) when the program has set a timeout.
  Placed add(const model::Call& call, bool interpreted);
  // The way through the library that calls with this stack took. Calls whose stack is not known are
  // grouped without it.
  void learn(const model::Stack& stack);
  // The thread has ended.
  void forget(Tid tid) { open_.erase(tid); }

 private:
  enum class Progress {
    before_main, // the main call has not come yet
    again,       // it has come, and will come again
    may_wait,    // it would have had to wait: the API call goes on only if it waits now
    settled,     // it has its result: only clean-up can follow
  };
  // The lines of a library between the user's call and the C library, outermost first.
  struct PathLine {
    std::string file, function;
    model::Span span;
  };
  using Path = std::vector<PathLine>;
  struct Open {
    std::size_t step = 0;
    model::Place place;
    const ApiRow* row = nullptr;
    std::string first; // name of the kernel call that opened the step
    model::CallId last;
    std::optional<model::SocketId> socket;
    std::optional<std::uint32_t> stack; // of the last call
    Progress progress = Progress::before_main;
  };

  [[nodiscard]] static bool is_main(const Open& open, const model::Call& call);
  [[nodiscard]] static bool same_expression(const Open& open, const model::Call& call);
  [[nodiscard]] bool continues(const Open& open, const model::Call& call) const;
  [[nodiscard]] bool further_on(const Open& open, const model::Call& call) const;
  [[nodiscard]] static Progress after_main(const Open& open, const model::Call& call,
                                           bool interpreted);
  static void advance(Open& open, const model::Call& call, bool interpreted);

  std::size_t steps_ = 0;
  std::unordered_map<Tid, Open> open_;
  std::unordered_map<std::uint32_t, Path> paths_; // by Stack::id
};

} // namespace socktale::reports
