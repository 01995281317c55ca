#include "tracer/model/name.hpp"

#include <array>
#include <functional>

namespace socktale::model {

Name::Name(std::string_view text) {
  constexpr std::size_t slots = 1024, longest = 512; // bytes: what is kept for each thread
  if (text.empty()) return;
  if (text.size() > longest) {
    held_ = new Held{std::string(text)};
    return;
  }
  thread_local std::array<Name, slots> recent;
  Name& last = recent.at(std::hash<std::string_view>{}(text) % slots);
  if (last.text() != text) {
    Name fresh;
    fresh.held_ = new Held{std::string(text)};
    last = std::move(fresh);
  }
  held_ = last.held_;
  keep();
}

const std::string& Name::nothing() {
  static const std::string empty;
  return empty;
}

} // namespace socktale::model
