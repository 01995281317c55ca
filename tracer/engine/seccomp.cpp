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

int stop_always(scmp_filter_ctx context, const Wanted& call) {
  return seccomp_rule_add(context, SCMP_ACT_TRACE(0), call.number, 0);
}

// Only the low 32 bits of a descriptor count.
int stop_on(scmp_filter_ctx context, const Wanted& call, const Block& block) {
  int result = 0;
  for (unsigned i = 0; i < 6 && result == 0; ++i) {
    if ((call.descriptors >> i & 1) == 0) continue;
    const scmp_arg_cmp compare{i, SCMP_CMP_MASKED_EQ, 0xffffffffU & ~(block.size - 1), block.first};
    result = seccomp_rule_add_array(context, SCMP_ACT_TRACE(0), call.number, 1, &compare);
  }
  return result;
}

int add_rules(scmp_filter_ctx context, const Wanted& call, const Addition& addition) {
  switch (call.on) {
  case Wanted::On::always: return addition.base ? stop_always(context, call) : 0;
  case Wanted::On::any_watched: return addition.any_watched ? stop_always(context, call) : 0;
  case Wanted::On::watched: break;
  }
  if (addition.everything) return stop_always(context, call);
  int result = 0;
  for (const Block& block : addition.blocks)
    if (result == 0) result = stop_on(context, call, block);
  return result;
}

} // namespace

Result<std::vector<sock_filter>> build_filter(std::span<const Wanted> wanted,
                                              const Addition& addition) {
  const Context context{seccomp_init(SCMP_ACT_ALLOW)};
  if (!context) return failed("seccomp_init", -ENOMEM);
  if (int r = seccomp_attr_set(context.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW); r < 0)
    return failed("seccomp_attr_set", r);
  if (int r = seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE, optimise_as_tree); r < 0)
    return failed("seccomp_attr_set", r);
  for (const Wanted& call : wanted)
    if (int r = add_rules(context.get(), call, addition); r < 0)
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
