#include "python_installed.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>

#include <unistd.h>

namespace socktale::test {

namespace {

// What an interpreter says of itself; nothing when it does not run.
std::vector<Python> ask(const std::string& command) {
  std::istringstream answer(output_of(
      "'" + command +
      "' -c 'import sys, os, platform; print(os.path.realpath(sys.executable), "
      "platform.python_version(), sys.version_info[1], platform.python_implementation())' "
      "2>/dev/null"));
  Python python;
  std::string implementation;
  python.path = command;
  if (!(answer >> python.real >> python.version >> python.minor >> implementation)) return {};
  if (implementation != "CPython" || python.minor < 8 || python.minor > 14) return {};
  return {python};
}

template <class Take> void each_path(const char* list, Take&& take) {
  std::istringstream paths(list == nullptr ? "" : list);
  for (std::string path; std::getline(paths, path, ':');)
    if (!path.empty()) take(path);
}

std::vector<Python> search() {
  std::vector<Python> all = ask("/usr/bin/python3");
  const auto add = [&](const std::string& command) {
    for (const Python& python : ask(command))
      if (std::ranges::find(all, python.real, &Python::real) == all.end()) all.push_back(python);
  };
  each_path(std::getenv("SOCKTALE_PYTHONS"), add);
  each_path(std::getenv("PATH"), [&](const std::string& directory) {
    for (int minor = 8; minor <= 14; ++minor) {
      const std::string path = directory + "/python3." + std::to_string(minor);
      if (::access(path.c_str(), X_OK) == 0) add(path);
    }
  });
  for (const Python& python : all)
    std::printf("python tests run on %s (%s)\n", python.path.c_str(), python.version.c_str());
  return all;
}

} // namespace

std::string output_of(const std::string& command) {
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  std::string output;
  std::array<char, 65536> piece{};
  while (pipe) {
    const std::size_t got = std::fread(piece.data(), 1, piece.size(), pipe.get());
    if (got == 0) break;
    output.append(piece.data(), got);
  }
  return output;
}

const std::vector<Python>& installed_pythons() {
  static const std::vector<Python> all = search();
  return all;
}

} // namespace socktale::test
