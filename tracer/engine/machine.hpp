// What a stopped x86 task's registers mean for its system calls. Constants of the machine only.
#pragma once

#include <cstdint>

namespace socktale::engine::machine {

// Code segments by which the kernel runs programs (asm/segment.h): __USER_CS and __USER32_CS.
inline constexpr std::uint64_t user_code_64 = 0x33;
inline constexpr std::uint64_t user_code_32 = 0x23;
inline constexpr std::uint64_t instruction_size = 2; // SYSCALL, SYSENTER and INT 0x80 alike
inline constexpr std::uint64_t no_call = ~0ULL; // orig_rax: nothing that the kernel would restart

} // namespace socktale::engine::machine
