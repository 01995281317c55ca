// clang-format off: what is tested is how calls are laid out.
// One call that makes many: the C library looks up a name.
#define _GNU_SOURCE
#include "expect.h"

#include <netdb.h>
#include <sys/socket.h>

int main(int argc, char** argv) {
  expect_begin(argc, argv);
  struct addrinfo* found = NULL;
  expect("many", __LINE__ + 1, "main", "getaddrinfo", "getaddrinfo(\"localhost\", \"12345\", NULL, &found)");
  if (getaddrinfo("localhost", "12345", NULL, &found) != 0) return 0;
  freeaddrinfo(found);
  return 0;
}
