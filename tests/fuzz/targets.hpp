// The readers of hostile bytes, each as one function of bytes: for libFuzzer and for the test that
// cuts and changes its seeds. A target aborts when what it read breaks a promise.
#pragma once

#include <array>
#include <string_view>

namespace socktale::fuzz {

void address(std::string_view bytes);
void option(std::string_view bytes);
void control(std::string_view bytes);
void netlink(std::string_view bytes);
void call(std::string_view bytes);
void trace(std::string_view bytes);

struct Target {
  std::string_view name; // its folder in corpus/
  void (*run)(std::string_view);
};
inline constexpr std::array targets = {
    Target{"address", address}, Target{"option", option}, Target{"control", control},
    Target{"netlink", netlink}, Target{"call", call},     Target{"trace", trace},
};

} // namespace socktale::fuzz
