#include "tracer/base/numbers_in.hpp"

#include <charconv>
#include <filesystem>
#include <system_error>

namespace socktale {

// Not by a range-for: the iterator's ++ throws when the process ends meanwhile (ENOENT).
std::vector<int> numbers_in(const std::string& folder) {
  std::vector<int> numbers;
  std::error_code error;
  const std::filesystem::directory_iterator end;
  for (std::filesystem::directory_iterator entry(folder, error); !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    int number = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
    if (read.ec == std::errc{} && read.ptr == name.data() + name.size()) numbers.push_back(number);
  }
  return numbers;
}

} // namespace socktale
