#include "tracer/locate/symbol_name.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <tuple>

#include <cxxabi.h>

namespace socktale::locate {
namespace {

// Substitutions in a mangled name can make its text grow exponentially; honest ones are short.
constexpr std::size_t longest_mangled = 1024;

// g++ and clang name the parts of a split function so: f.cold, f.part.0, f.isra.0.cold.
std::string_view without_part(std::string_view symbol) {
  constexpr std::array parts = {".cold", ".part.", ".isra.", ".constprop.", ".lto_priv.", ".llvm."};
  std::size_t end = symbol.size();
  for (const std::string_view part : parts) end = std::min(end, symbol.find(part, 1));
  return symbol.substr(0, end);
}

std::size_t nesting_change(char c) {
  constexpr std::size_t minus_one = static_cast<std::size_t>(-1);
  return c == '<' || c == '(' || c == '{' || c == '['   ? 1
         : c == '>' || c == ')' || c == '}' || c == ']' ? minus_one
                                                        : 0;
}

// Where the parameter list of a demangled function begins: the first '(' outside of brackets that
// is neither "(anonymous namespace)" nor the name of "operator()".
std::size_t parameters_at(std::string_view name) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const std::string_view rest = name.substr(i);
    if (rest.starts_with("operator")) {
      const std::size_t open = rest.find('(');
      if (open == std::string_view::npos) return name.size();
      return rest.substr(open).starts_with("()") && open == 8 ? i + 10 : i + open;
    }
    if (depth == 0 && rest[0] == '(' && !rest.starts_with("(anonymous")) return i;
    depth += nesting_change(rest[0]);
  }
  return name.size();
}

// Templates come with their return type: "int f<char>".
std::string_view without_return_type(std::string_view name) {
  std::size_t depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name.substr(i).starts_with("operator")) break;
    if (depth == 0 && name[i] == ' ') start = i + 1;
    depth += nesting_change(name[i]);
  }
  return name.substr(start);
}

// Rust's legacy mangling ends in "::h" and 16 hexadecimal digits.
std::string_view without_rust_hash(std::string_view name) {
  constexpr std::size_t size = 19;
  if (name.size() <= size) return name;
  const std::string_view tail = name.substr(name.size() - size);
  const bool is_hash = tail.starts_with("::h") &&
                       tail.find_first_not_of("0123456789abcdef", 3) == std::string_view::npos;
  return is_hash ? name.substr(0, name.size() - size) : name;
}

} // namespace

std::string readable_name(std::string_view symbol) {
  std::string name(without_part(symbol));
  if (!name.starts_with("_Z") || name.size() > longest_mangled) return name;
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> demangled(
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), &std::free);
  if (!demangled || status != 0) return name;
  const std::string_view full = demangled.get();
  return std::string(without_rust_hash(without_return_type(full.substr(0, parameters_at(full)))));
}

std::string public_name(std::string_view symbol) {
  std::string_view name = without_part(symbol);
  // __libc_start_main and its like are not for programs to call.
  if (name.starts_with("__GI_")) name.remove_prefix(5);
  if (name.starts_with("__") && !name.starts_with("__libc_")) name.remove_prefix(2);
  for (const std::string_view suffix : {"_chk", "_nocancel"})
    if (name.size() > suffix.size() && name.ends_with(suffix)) name.remove_suffix(suffix.size());
  return std::string(name.empty() ? symbol : name);
}

bool better_name(std::string_view a, std::string_view b) {
  const auto key = [](std::string_view name) {
    return std::tuple(std::min(name.find_first_not_of('_'), name.size()), name.size(), name);
  };
  return key(a) < key(b);
}

} // namespace socktale::locate
