// libFuzzer's entry. One program a target: SOCKTALE_FUZZ_TARGET is a function of targets.hpp.
#include "tests/fuzz/targets.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  socktale::fuzz::SOCKTALE_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
