// Whose code a Python file is: the user's or a library's, by where the file lies. Never reads it.
#pragma once

#include "tracer/locate/maps.hpp"
#include "tracer/locate/python/offsets.hpp"
#include "tracer/model/place.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace socktale::locate::python {

class Owners {
 public:
  // `interpreter`: the mapped file that holds CPython. The standard library is the directory with
  // os.py that belongs to it; it is looked for around that file and around mapped lib-dynload
  // files.
  Owners(const std::string& interpreter, Version version, const std::vector<Mapping>& mappings);

  // By co_filename: library for the standard library, site-packages, dist-packages and "<frozen";
  // user for all else.
  [[nodiscard]] model::Owner of(const std::string& file);

  // The same as far as the name alone tells, for any thread: a true answer is right.
  [[nodiscard]] bool is_library_by_name(std::string_view file) const;

  // An extension module of the standard library?
  [[nodiscard]] bool is_own_extension(std::string_view path) const;

 private:
  [[nodiscard]] bool in_library(const std::string& file) const;

  std::vector<std::string> usual_names_; // "lib/python3.11" and the like
  std::vector<std::string> libraries_;   // standard library directories, real paths and as found
  std::unordered_map<std::string, model::Owner> known_;
};

} // namespace socktale::locate::python
