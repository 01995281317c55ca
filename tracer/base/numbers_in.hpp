// The numbers that are names in a folder of /proc: descriptors, threads, processes. They come and
// go while they are listed, which is no error.
#pragma once

#include <string>
#include <vector>

namespace socktale {

// As far as the folder can be read; empty when it is gone.
[[nodiscard]] std::vector<int> numbers_in(const std::string& folder);

} // namespace socktale
