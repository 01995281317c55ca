// A library of the user's that is loaded late and gone before anyone asks for names.
#include "expect.h"

#include <sys/socket.h>

int plugin_say(int fd, int pipe);

int plugin_say(int fd, int pipe) {
  expect_fd = pipe;
  EXPECT("plugin_say", "send", "send(fd, \"plugin\", 6, 0)");
  return (int)send(fd, "plugin", 6, 0);
}
