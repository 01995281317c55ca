#include "tracer/locate/user_code.hpp"

#include "tests/support/catch.hpp"

namespace socktale::test {

using locate::is_libc;
using locate::owner_of;
using model::Owner;

TEST_CASE("whose code a frame is", "[locate][user_code]") {
  struct Row {
    const char* module;
    const char* file;
    Owner owner;
  };
  const Row rows[] = {
      {"/home/ann/chat/server", "/home/ann/chat/server.c", Owner::user},
      {"/home/ann/chat/server", "server.c", Owner::user},
      {"/home/ann/chat/server", "", Owner::unknown},
      {"/home/ann/lib/libchat.so", "/home/ann/lib/chat.c", Owner::user},
      {"/home/ann/chat/server", "/usr/include/c++/12/bits/unique_ptr.h", Owner::library},
      {"/home/ann/chat/server", "/opt/gcc-14/include/c++/14/thread", Owner::library},
      {"/home/ann/chat/server", "/rustc/abc/library/std/src/net/tcp.rs", Owner::library},
      {"/home/ann/chat/server", "/usr/src/rustc-1.63.0/library/std/src/net/tcp.rs", Owner::library},
      {"/home/ann/chat/server", "/home/ann/.cargo/registry/src/tokio/lib.rs", Owner::library},
      {"/home/ann/chat/server", "/usr/local/go/src/net/dial.go", Owner::library},
      {"/home/ann/chat/server", "/home/ann/go/src/chat/main.go", Owner::user},
      {"/home/ann/chat/server", "/home/ann/go/pkg/mod/x@v1/x.go", Owner::library},
      {"/home/ann/chat/server", "/tmp/go-build/cgo-gcc-prolog", Owner::library},
      {"/home/ann/chat/server", "/_/runtime/cgo/gcc_linux_amd64.c", Owner::library},
      {"/usr/libexec/socktale/cpp/chat-server", "/home/ann/server.cpp", Owner::user},
      {"/usr/lib/x86_64-linux-gnu/libssl.so.3", "", Owner::library},
      {"/usr/lib/x86_64-linux-gnu/libssl.so.3", "./ssl/bio.c", Owner::library},
      {"/home/ann/.venv/lib/python3.11/site-packages/zmq/x.so", "", Owner::library},
      {"/usr/lib/x86_64-linux-gnu/libc.so.6", "", Owner::libc},
      {"/home/ann/glibc/libc.so.6", "", Owner::libc},
      {"", "", Owner::unknown},
  };
  for (const Row& row : rows) {
    INFO(row.module << " " << row.file);
    CHECK(owner_of(row.module, row.file) == row.owner);
  }
}

TEST_CASE("the parts of the C library", "[locate][user_code]") {
  for (const char* name :
       {"libc.so.6", "/lib/libc-2.31.so", "/lib64/ld-linux-x86-64.so.2", "/lib/libpthread.so.0",
        "/lib/libnss_files.so.2", "/lib/ld-musl-x86_64.so.1"})
    CHECK(is_libc(name));
  for (const char* name :
       {"", "/usr/lib/libcrypto.so.3", "/home/ann/libchat.so", "/lib/libc++.so.1"})
    CHECK_FALSE(is_libc(name));
}

} // namespace socktale::test
