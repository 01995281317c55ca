// Loads a library after its first socket call, and calls through it.
#define _GNU_SOURCE
#include "expect.h"

#include <dlfcn.h>
#include <sys/socket.h>

int main(int argc, char** argv) {
  expect_begin(argc, argv);
  int pair[2];
  EXPECT("main", "socketpair", "socketpair(AF_UNIX, SOCK_DGRAM, 0, pair)");
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0) return 1;
  for (int round = 0; round < 2; ++round) {
    void* library = dlopen(PLUGIN, RTLD_NOW);
    int (*say)(int, int) = library == NULL ? NULL : (int (*)(int, int))dlsym(library, "plugin_say");
    if (say == NULL || say(pair[0], expect_fd) != 6) return 1;
    dlclose(library);
  }
  return 0;
}
