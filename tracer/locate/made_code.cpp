#include "tracer/locate/made_code.hpp"

#include <algorithm>
#include <array>

namespace socktale::locate {
namespace {

using model::Language;
using model::Owner;

struct Runtime {
  std::string_view file; // its name, or how it begins if it ends with '.'
  Maker maker;
};

constexpr std::array runtimes = {
    Runtime{"node", Maker::v8},
    Runtime{"nodejs", Maker::v8},
    Runtime{"libnode.so.", Maker::v8},
    Runtime{"libjvm.so", Maker::hotspot},
};

// Files of the JDK that hold the C code of its classes.
constexpr std::array jdk_files = {"libjava.so", "libnet.so", "libnio.so", "libextnet.so",
                                  "libjli.so"};

std::string_view base_name(std::string_view path) {
  constexpr std::string_view deleted = " (deleted)";
  if (path.ends_with(deleted)) path.remove_suffix(deleted.size());
  return path.substr(path.rfind('/') + 1);
}

Maker maker_in(std::string_view path) {
  const std::string_view name = base_name(path);
  const auto* found = std::ranges::find_if(runtimes, [name](const Runtime& runtime) {
    return runtime.file.ends_with('.') ? name.starts_with(runtime.file) : name == runtime.file;
  });
  return found == runtimes.end() ? Maker::unknown : found->maker;
}

// What V8 calls code of JavaScript: "JS:~say /home/ann/chat.js:12:20"; the mark tells how it was
// compiled. What comes with other words is code of V8's own.
constexpr std::array script_words = {"JS:", "LazyCompile:", "Function:", "Script:", "Eval:"};

std::string_view without_numbers(std::string_view position) {
  for (int i = 0; i < 2; ++i) { // line and column
    const std::size_t colon = position.rfind(':');
    if (colon == std::string_view::npos || colon + 1 == position.size()) break;
    if (position.find_first_not_of("0123456789", colon + 1) != std::string_view::npos) break;
    position = position.substr(0, colon);
  }
  return position;
}

Owner script_owner(std::string_view file) {
  if (file.starts_with("node:") || file.find("/node_modules/") != std::string_view::npos)
    return Owner::library;
  return file.starts_with('/') ? Owner::user : Owner::unknown;
}

model::Frame v8_frame(std::string_view name) {
  model::Frame frame;
  const auto* word = std::ranges::find_if(
      script_words, [name](std::string_view known) { return name.starts_with(known); });
  if (word == script_words.end()) {
    frame.language = Language::native;
    frame.owner = Owner::interpreter;
    frame.function = name;
    return frame;
  }
  frame.language = Language::javascript;
  name.remove_prefix(std::string_view(*word).size());
  name.remove_prefix(std::min(name.find_first_not_of("~*^+-"), name.size()));
  // A getter's name has a space of its own, and so can a path.
  constexpr std::array beginnings = {" /", " node:", " file:///"};
  std::size_t space = std::string_view::npos;
  for (const std::string_view beginning : beginnings) space = std::min(space, name.find(beginning));
  frame.function = name.substr(0, space);
  if (space == std::string_view::npos) return frame;
  std::string_view file = without_numbers(name.substr(space + 1));
  if (file.starts_with("file:///")) file.remove_prefix(std::string_view("file://").size());
  frame.owner = script_owner(file);
  frame.file = file;
  return frame;
}

// "void sun.nio.ch.Net.connect(java.io.FileDescriptor)", "Lsun/nio/ch/Net;::connect" or
// "Interpreter", as the writer of the map likes it.
model::Frame hotspot_frame(std::string_view name) {
  model::Frame frame;
  frame.function = name;
  const std::size_t parameters = std::min(name.find('('), name.size());
  const std::size_t space = name.rfind(' ', parameters);
  std::string_view method = name.substr(space == std::string_view::npos ? 0 : space + 1);
  if (method.find_first_of(".:") == std::string_view::npos) {
    frame.language = Language::native;
    frame.owner = Owner::interpreter;
    return frame;
  }
  frame.language = Language::java;
  if (method.starts_with('L') && method.find('/') != std::string_view::npos)
    method.remove_prefix(1);
  constexpr std::array packages = {"java", "javax", "jdk", "sun"};
  const std::string_view package = method.substr(0, method.find_first_of("./"));
  const bool own = std::ranges::find(packages, package) != packages.end();
  frame.owner = own ? Owner::library : Owner::user;
  return frame;
}

} // namespace

Maker maker_of(const std::vector<Mapping>& maps) {
  for (const Mapping& mapping : maps)
    if (const Maker maker = mapping.executable ? maker_in(mapping.path) : Maker::unknown;
        maker != Maker::unknown)
      return maker;
  return Maker::unknown;
}

bool holds_runtime(std::string_view path) {
  return maker_in(path) != Maker::unknown ||
         (std::ranges::find(jdk_files, base_name(path)) != jdk_files.end() &&
          path.find("/lib/") != std::string_view::npos);
}

bool keeps_frame_pointers(Maker maker, std::string_view arguments) {
  constexpr std::string_view option("-XX:+PreserveFramePointer\0", 26);
  return maker == Maker::v8 ||
         (maker == Maker::hotspot && arguments.find(option) != std::string_view::npos);
}

bool runs_script(std::string_view function) {
  return function.starts_with("Builtins_InterpreterEntryTrampoline");
}

model::Frame made_frame(Maker maker, std::string_view name) {
  if (maker == Maker::v8) return v8_frame(name);
  if (maker == Maker::hotspot) return hotspot_frame(name);
  model::Frame frame;
  frame.language = Language::native;
  frame.function = name;
  return frame;
}

} // namespace socktale::locate
