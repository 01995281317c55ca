#include "tracer/locate/source_files.hpp"

#include "tracer/base/file_start.hpp"

#include <utility>

#include <sys/stat.h>

namespace socktale::locate {
namespace {

constexpr std::size_t largest_file = 16 << 20;
constexpr std::size_t largest_total = 128 << 20;

} // namespace

SourceFiles::File SourceFiles::read(const std::string& path, const FileUser& maker) {
  const UniqueFd fd = open_regular(path, maker);
  struct stat status{};
  if (!fd || ::fstat(fd.get(), &status) != 0) return {};
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0 || size > largest_file || bytes_ + size > largest_total) return {};
  bytes_ += size;
  constexpr std::int64_t ns_per_s = 1'000'000'000;
  return {std::make_unique<SourceText>(read_start(fd.get(), size)),
          status.st_mtim.tv_sec * ns_per_s + status.st_mtim.tv_nsec};
}

const SourceText* SourceFiles::text(const std::string& path, const FileUser& maker,
                                    std::int64_t built_ns) {
  Key key{path, maker.uid};
  auto found = files_.find(key);
  if (found == files_.end()) found = files_.emplace(std::move(key), read(path, maker)).first;
  return found->second.changed_ns <= built_ns ? found->second.text.get() : nullptr;
}

} // namespace socktale::locate
