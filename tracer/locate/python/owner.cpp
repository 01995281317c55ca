#include "tracer/locate/python/owner.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

namespace socktale::locate::python {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_known = 8192;

bool under(std::string_view path, std::string_view directory) {
  return path.size() > directory.size() && path.starts_with(directory) &&
         path[directory.size()] == '/';
}

std::string real(const fs::path& path) {
  std::error_code error;
  const fs::path answer = fs::canonical(path, error);
  return error ? std::string() : answer.string();
}

bool has_part(std::string_view path, std::string_view part) {
  return path.find(fmt::format("/{}/", part)) != std::string_view::npos;
}

void add(std::vector<std::string>& directories, const fs::path& directory) {
  std::error_code error;
  if (!fs::exists(directory / "os.py", error)) return;
  for (const std::string& name : {directory.string(), real(directory)})
    if (!name.empty() && std::ranges::find(directories, name) == directories.end())
      directories.push_back(name);
}

} // namespace

Owners::Owners(const std::string& interpreter, Version version,
               const std::vector<Mapping>& mappings) {
  const std::string folder = fmt::format("python{}.{}", version.major, version.minor);
  usual_names_ = {"lib/" + folder, "lib64/" + folder, "site-packages", "dist-packages"};
  // /usr/bin/python3.11 -> /usr/lib/python3.11; PREFIX/lib/libpython3.12.so ->
  // PREFIX/lib/python3.12
  for (fs::path parent = fs::path(interpreter).parent_path(); parent.has_relative_path();
       parent = parent.parent_path()) {
    for (const std::string& name : usual_names_) add(libraries_, parent / name);
    add(libraries_, parent / folder);
  }
  for (const Mapping& mapping : mappings) {
    const std::size_t at = mapping.path.find("/lib-dynload/");
    if (at != std::string::npos && mapping.path.find(folder) < at)
      add(libraries_, mapping.path.substr(0, at));
  }
}

bool Owners::is_library_by_name(std::string_view file) const {
  const auto named = [&](const auto& name) { return has_part(file, name); };
  const auto inside = [&](const auto& library) { return under(file, library); };
  return file.starts_with("<frozen ") || std::ranges::any_of(usual_names_, named) ||
         std::ranges::any_of(libraries_, inside);
}

bool Owners::in_library(const std::string& file) const {
  if (is_library_by_name(file)) return true;
  if (file.front() == '<') return false;
  // A prefix may be reached by another name than the one the kernel shows, through a symbolic link.
  const std::string directory = real(fs::path(file).parent_path());
  return !directory.empty() && is_library_by_name(directory + "/x");
}

model::Owner Owners::of(const std::string& file) {
  if (const auto known = known_.find(file); known != known_.end()) return known->second;
  if (file.empty()) return model::Owner::unknown;
  const model::Owner owner = in_library(file) ? model::Owner::library : model::Owner::user;
  if (known_.size() >= most_known) known_.clear();
  known_.emplace(file, owner);
  return owner;
}

bool Owners::is_own_extension(std::string_view path) const {
  return std::ranges::any_of(libraries_, [&](const std::string& library) {
    return under(path, library + "/lib-dynload");
  });
}

} // namespace socktale::locate::python
