#include "reports/hexdump.hpp"

#include "tracer/base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace socktale::reports {
namespace {

constexpr std::size_t each_line = 16;

std::string line(std::size_t offset, std::string_view bytes) {
  std::string hex;
  std::string text;
  for (const char byte : bytes) {
    hex += fmt::format("{:02x} ", static_cast<unsigned char>(byte));
    text += byte >= ' ' && byte <= '~' ? byte : '.';
  }
  return fmt::format("{:08x}  {:<{}} |{}|", offset, hex, each_line * 3, text);
}

} // namespace

std::vector<std::string> hexdump(std::string_view bytes) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < bytes.size(); at += each_line)
    lines.push_back(line(at, bytes.substr(at, each_line)));
  return lines;
}

void add_hexdumps(nlohmann::ordered_json& json) {
  if (!json.is_structured()) return;
  for (auto& inner : json) add_hexdumps(inner);
  if (!json.is_object() || !json.contains("length")) return;
  const auto found = json.find("base64");
  if (found == json.end() || !found->is_string()) return;
  if (const auto bytes = from_base64(found->get_ref<const std::string&>()))
    json["hexdump"] = hexdump(*bytes);
}

} // namespace socktale::reports
