#include "tracer/engine/seccomp.hpp"

#include "tracer/base/unique_fd.hpp"

#include <cerrno>
#include <cstdlib>
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

std::uint32_t token_of(tables::Abi abi) {
  switch (abi) {
  case tables::Abi::x86_64: return SCMP_ARCH_X86_64;
  case tables::Abi::i386: return SCMP_ARCH_X86;
  case tables::Abi::x32: return SCMP_ARCH_X32;
  }
  return SCMP_ARCH_NATIVE;
}

// libseccomp takes the native number of a call, or a negative one of its own where there is none,
// and looks up each ABI's by the call's name. So what goes in is translated the other way first.
int rule_number(const Wanted& call) {
  const std::unique_ptr<char, decltype([](char* name) { std::free(name); })> name{
      seccomp_syscall_resolve_num_arch(token_of(call.abi), call.number)};
  return name ? seccomp_syscall_resolve_name(name.get()) : __NR_SCMP_ERROR;
}

int stop_always(scmp_filter_ctx context, const Wanted& call) {
  const int number = rule_number(call);
  if (number == __NR_SCMP_ERROR) return -ENOSYS;
  const scmp_arg_cmp test{call.only.argument, SCMP_CMP_MASKED_EQ, call.only.mask, call.only.value};
  const unsigned tests = call.only.mask == 0 ? 0 : 1;
  return seccomp_rule_add_array(context, SCMP_ACT_TRACE(0), number, tests, &test);
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

// The rules of one ABI; a rule in a filter of several would be added to them all.
Result<Context> filter_of(tables::Abi abi, std::span<const Wanted> wanted,
                          const Addition& addition) {
  Context context{seccomp_init(SCMP_ACT_ALLOW)};
  if (!context) return failed("seccomp_init", -ENOMEM);
  if (abi != tables::Abi::x86_64) {
    if (int r = seccomp_arch_add(context.get(), token_of(abi)); r < 0)
      return failed("seccomp_arch_add", r);
    if (int r = seccomp_arch_remove(context.get(), SCMP_ARCH_X86_64); r < 0)
      return failed("seccomp_arch_remove", r);
  }
  if (int r = seccomp_attr_set(context.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW); r < 0)
    return failed("seccomp_attr_set", r);
  if (int r = seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE, optimise_as_tree); r < 0)
    return failed("seccomp_attr_set", r);
  for (const Wanted& call : wanted)
    if (int r = call.abi == abi ? add_rules(context.get(), call, addition) : 0; r < 0)
      return failed("seccomp_rule_add", r);
  return context;
}

} // namespace

Result<std::vector<sock_filter>> build_filter(std::span<const Wanted> wanted,
                                              const Addition& addition) {
  auto whole = filter_of(tables::Abi::x86_64, wanted, addition);
  if (!whole) return std::unexpected(whole.error());
  for (const tables::Abi abi : {tables::Abi::i386, tables::Abi::x32}) {
    if (!addition.base) break; // of other ABIs all wanted calls stop from the start
    auto other = filter_of(abi, wanted, addition);
    if (!other) return std::unexpected(other.error());
    if (int r = seccomp_merge(whole->get(), other->get()); r < 0) return failed("seccomp_merge", r);
    [[maybe_unused]] void* merged = other->release(); // it belongs to the whole now
  }
  const Context& context = *whole;

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
