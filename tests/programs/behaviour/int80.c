// A 64-bit program that makes one call by the 32-bit interface, as int $0x80 allows, and then the
// same by its own; the upper halves of the registers hold rubbish.
#include <stdio.h>
#include <sys/socket.h>

int main(void) {
  const long rubbish = 0x5a5a5a5a00000000;
  long fd = 359; // i386's socket(2)
  __asm__ volatile("int $0x80"
                   : "+a"(fd)
                   : "b"(rubbish | AF_UNIX), "c"(rubbish | SOCK_STREAM), "d"(rubbish)
                   : "memory", "r8", "r9", "r10", "r11");
  const int other = socket(AF_UNIX, SOCK_STREAM, 0);
  printf("%ld %d\n", fd, other);
  return fd < 0 || other < 0;
}
