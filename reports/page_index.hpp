// Numbers for what a page's data refers to: calls, sockets, source files and places. Owns the
// choice of the calls that the page holds; says nothing about them.
#pragma once

#include "reports/story.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace socktale::reports {

inline constexpr std::int64_t page_none = -1;

struct PageCall {
  const model::Call* call;
  Index step;
  bool hidden; // not the one that its step is named for
};

// A place and the stack below it, each combination once.
struct PagePlace {
  const model::Place* place;
  const model::Stack* stack; // nullptr: not recorded
};

// The story must outlive it.
class PageIndex {
 public:
  PageIndex(const Story& story, std::size_t most_calls);

  [[nodiscard]] const std::vector<PageCall>& calls() const { return calls_; }
  [[nodiscard]] std::size_t calls_left_out() const { return left_out_; }
  [[nodiscard]] const std::vector<PagePlace>& places() const { return places_; }
  [[nodiscard]] const std::vector<model::SocketId>& sockets() const { return sockets_; }

  // page_none for what the page does not hold.
  [[nodiscard]] std::int64_t of(const model::Call* call) const;
  [[nodiscard]] std::int64_t of(std::optional<model::SocketId> socket) const;
  [[nodiscard]] std::int64_t of_file(std::string_view file) const;
  [[nodiscard]] std::int64_t place_of(const model::Call& call) const;

 private:
  using PlaceKey = std::tuple<std::int64_t, int, std::string_view, std::int32_t, std::int32_t,
                              std::string_view, std::string_view>;
  [[nodiscard]] static PlaceKey key_of(const model::Call& call);

  std::vector<PageCall> calls_; // in the order in which they were entered
  std::size_t left_out_ = 0;
  std::unordered_map<const model::Call*, std::int64_t> call_numbers_;
  std::vector<PagePlace> places_;
  std::map<PlaceKey, std::int64_t> place_numbers_;
  std::vector<model::SocketId> sockets_;
  std::map<model::SocketId, std::int64_t> socket_numbers_;
  std::map<std::string_view, std::int64_t> file_numbers_;
};

} // namespace socktale::reports
