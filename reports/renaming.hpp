// What differs between any two runs, under names that do not: descriptors, ports, hosts, pids,
// memory addresses, waiting times. Names what a call was given and returned; compares nothing.
#pragma once

#include "tracer/model/event.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace socktale::reports {

// A text to show, and a fingerprint of the whole that the text may show only the beginning of.
struct RenamedText {
  std::string text;
  std::size_t hash = 0;
  bool operator==(const RenamedText& other) const { return hash == other.hash; }
};

struct RenamedCall {
  std::vector<std::pair<std::string, RenamedText>> args; // by the man page's name
  RenamedText result;
};

enum class Naming {
  in_order, // "fd 1", "fd 2", as they are first met: two runs of one program agree in them
  alike,    // "fd": which one is not compared
};

// How much of payload all compared traces have.
struct PayloadKept {
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max(); // bytes of each buffer
  bool withheld = false;
};

// Names for one trace. Calls must come in an order that does not depend on how its programs took
// turns: one side after the other, each in its own order.
//
// Ports below 1024, loopback and wildcard hosts and AF_UNIX paths outside of folders for temporary
// files keep their names: the program chose them, and another one is another meaning. So does 0.
class Renaming {
 public:
  explicit Renaming(Naming naming, PayloadKept payload = {}) : naming_(naming), payload_(payload) {}

  [[nodiscard]] RenamedCall rename(const model::Call& call);

 private:
  struct Context {
    const model::Call* call;
    std::string_view member; // name of the innermost argument or member
  };
  model::Value renamed(const model::Value& value, Context context, int depth);
  model::Value renamed_made(const model::Made& made, Context context, int depth);
  std::string name(std::string_view kind, const std::string& what);
  // `socket`: what the number stands for; without one, what it stood for last in the process.
  std::string descriptor(Pid pid, int number, std::optional<model::SocketId> socket);
  RenamedText result(const model::Call& call);

  Naming naming_;
  PayloadKept payload_;
  std::map<std::pair<std::string, std::string>, std::size_t> names_; // (kind, what) -> number
  std::map<std::string, std::size_t, std::less<>> counts_;           // numbers given of a kind
  std::map<std::pair<model::SocketId, int>, std::size_t> descriptors_;
  std::map<std::pair<Pid, int>, std::size_t> latest_; // what the number stood for last
};

} // namespace socktale::reports
