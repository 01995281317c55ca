// Finds CPython in a process: which mapped file it is, its version, and where _PyRuntime lies.
// Owns nothing afterwards; walking from there is threads.hpp and frames.hpp.
#pragma once

#include "tracer/base/memory.hpp"
#include "tracer/locate/maps.hpp"
#include "tracer/locate/python/offsets.hpp"
#include "tracer/locate/python/process.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socktale::locate::python {

struct Runtime {
  Version version;
  Offsets offsets;
  Remote<> state;     // _PyRuntime
  Remote<> code_type; // PyCode_Type; null where the file does not tell
  std::string file;   // the mapped file that holds it
};

// Nothing: no CPython is mapped, or none that is supported.
[[nodiscard]] std::optional<Runtime>
find_runtime(const Process& process, const std::vector<Mapping>& mappings, Memory& memory);

// The version that a path such as "/usr/bin/python3.9" or ".../libpython3.8.so.1.0" names.
[[nodiscard]] std::optional<Version> version_from_path(std::string_view path);

} // namespace socktale::locate::python
