#include "tracer/locate/debug_file.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include <unistd.h>

namespace socktale::locate {
namespace {

constexpr std::string_view debug_root = "/usr/lib/debug";

UniqueFd open_by_build_id(std::string_view id, const FileUser& user) {
  if (id.size() < 2) return {};
  std::string hex;
  for (const char byte : id) hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return open_regular(
      fmt::format("{}/.build-id/{}/{}.debug", debug_root, hex.substr(0, 2), hex.substr(2)), user);
}

constexpr auto crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320U : 0U);
    table.at(byte) = crc;
  }
  return table;
}();

// CRC-32 of the whole file, as .gnu_debuglink holds it (GDB manual, "Separate Debug Files").
std::uint32_t crc_of(int fd) {
  std::uint32_t crc = ~0U;
  std::array<unsigned char, 64 << 10> bytes{};
  off_t offset = 0;
  while (true) {
    const ssize_t got = ::pread(fd, bytes.data(), bytes.size(), offset);
    if (got <= 0) return ~crc;
    for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i)
      crc = crc >> 8 ^ crc_table[(crc ^ bytes[i]) & 0xff];
    offset += got;
  }
}

struct Link {
  std::string name;
  std::uint32_t crc = 0;
};

// The name with its NUL, padded to 4 bytes, then the checksum.
std::optional<Link> debug_link(const ElfFile& file) {
  const ElfFile::Section* section = file.section(".gnu_debuglink");
  if (section == nullptr) return std::nullopt;
  const std::string bytes = file.bytes(*section, 4096);
  const std::size_t end = bytes.find('\0');
  const std::size_t crc_at = (end + 4) / 4 * 4;
  if (end == std::string::npos || end == 0 || crc_at + 4 > bytes.size()) return std::nullopt;
  Link link{bytes.substr(0, end), 0};
  std::memcpy(&link.crc, bytes.data() + crc_at, sizeof link.crc);
  if (link.name.find('/') != std::string::npos) return std::nullopt;
  return link;
}

} // namespace

UniqueFd find_debug_file(const ElfFile& file, const std::string& path, const FileUser& maker) {
  if (UniqueFd fd = open_by_build_id(file.build_id(), maker)) return fd;
  const auto link = debug_link(file);
  if (!link) return {};
  const std::string folder = path.substr(0, path.rfind('/'));
  for (const std::string& place : {folder, folder + "/.debug", std::string(debug_root) + folder})
    if (UniqueFd fd = open_regular(place + "/" + link->name, maker);
        fd && crc_of(fd.get()) == link->crc)
      return fd;
  return {};
}

} // namespace socktale::locate
