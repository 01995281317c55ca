// Stands before the C library's <sys/syscall.h>: the numbers of aarch64, which are the kernel's
// generic ones, whatever machine this is compiled on.
#pragma once

#define __ARCH_WANT_RENAMEAT
#define __ARCH_WANT_NEW_STAT
#define __ARCH_WANT_SET_GET_RLIMIT
#define __ARCH_WANT_SYS_CLONE3
#include <asm-generic/unistd.h>

#define _SYSCALL_H 1 // what bits/syscall.h asks for: it gives every __NR_ its SYS_
#include <bits/syscall.h>
