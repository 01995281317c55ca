// How a fixture states what is to be found of it: before a call it writes the line, the function
// around it, the C library function and the text of the call to the pipe that its first argument
// names. Lines come from __LINE__, so they cannot go stale.
#pragma once

#include <stdio.h>
#include <stdlib.h>

static int expect_fd = -1;

// kind is "call", "leaving", or "many": all calls until the next expectation.
static void expect(const char* kind, int line, const char* function, const char* libc,
                   const char* text) {
  dprintf(expect_fd, "%s\x1f%d\x1f%s\x1f%s\x1f%s\x1e", kind, line, function, libc, text);
}

// The call is on the next line, as this file is written.
#define EXPECT(function, libc, text) expect("call", __LINE__ + 1, function, libc, text)

static void expect_begin(int argc, char** argv) {
  if (argc < 2) {
    fputs("usage: FIXTURE PIPE-FD\n", stderr);
    exit(2);
  }
  expect_fd = atoi(argv[1]);
}
