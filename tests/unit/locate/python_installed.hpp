// Which CPython interpreters this machine can test with.
#pragma once

#include <string>
#include <vector>

namespace socktale::test {

struct Python {
  std::string path, version;
  std::string real; // of the interpreter behind it
  int minor = 0;
};

// /usr/bin/python3 first, then those that SOCKTALE_PYTHONS lists (separated by colons) and
// python3.8 to python3.14 on PATH. Printed once.
[[nodiscard]] const std::vector<Python>& installed_pythons();

// What a shell command writes to standard output.
[[nodiscard]] std::string output_of(const std::string& command);

} // namespace socktale::test
