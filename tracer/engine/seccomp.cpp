#include "tracer/engine/seccomp.hpp"

#include "tracer/base/unique_fd.hpp"

#include <memory>

#include <seccomp.h>

#include <sys/mman.h>
#include <sys/stat.h>

namespace socktale::engine {
namespace {

using Context = std::unique_ptr<void, decltype([](void* context) { seccomp_release(context); })>;

// A binary tree over the numbers instead of one comparison after the other.
constexpr uint32_t optimise_as_tree = 2;

std::unexpected<Error> failed(const char* op, int result) {
  return std::unexpected(Error{op, -result, {}});
}

} // namespace

Result<std::vector<sock_filter>> build_filter(std::span<const int> numbers) {
  const Context context{seccomp_init(SCMP_ACT_ALLOW)};
  if (!context) return failed("seccomp_init", -ENOMEM);
  if (int r = seccomp_attr_set(context.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW); r < 0)
    return failed("seccomp_attr_set", r);
  if (int r = seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE, optimise_as_tree); r < 0)
    return failed("seccomp_attr_set", r);
  for (const int number : numbers)
    if (int r = seccomp_rule_add(context.get(), SCMP_ACT_TRACE(0), number, 0); r < 0)
      return failed("seccomp_rule_add", r);

  // libseccomp hands the program out through a descriptor only.
  const UniqueFd file{memfd_create("socktale-filter", MFD_CLOEXEC)};
  if (!file) return failed("memfd_create", -errno);
  if (int r = seccomp_export_bpf(context.get(), file.get()); r < 0)
    return failed("seccomp_export_bpf", r);
  struct stat about{};
  if (fstat(file.get(), &about) != 0) return failed("fstat", -errno);
  std::vector<sock_filter> program(static_cast<std::size_t>(about.st_size) / sizeof(sock_filter));
  const auto bytes = static_cast<ssize_t>(program.size() * sizeof(sock_filter));
  if (pread(file.get(), program.data(), static_cast<std::size_t>(bytes), 0) != bytes)
    return failed("pread", -errno);
  return program;
}

} // namespace socktale::engine
