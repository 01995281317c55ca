#include "tracer/locate/symbol_name.hpp"

#include "tests/support/catch.hpp"
#include "tracer/locate/native_names.hpp"

namespace socktale::test {

using locate::better_name;
using locate::public_name;
using locate::readable_name;
using locate::short_name;

TEST_CASE("symbols as the language writes them", "[locate][symbol_name]") {
  CHECK(readable_name("main") == "main");
  CHECK(readable_name("serve.part.0") == "serve");
  CHECK(readable_name("serve.isra.0.cold") == "serve");
  CHECK(readable_name("_ZN4Conn3sayEPKc") == "Conn::say");
  CHECK(readable_name("_ZN4Conn3sayEPKc.cold") == "Conn::say");
  CHECK(readable_name("_ZNK4ConncvbEv") == "Conn::operator bool");
  CHECK(readable_name("_ZN4ConnclEi") == "Conn::operator()");
  CHECK(readable_name("_ZN12_GLOBAL__N_13runEv") == "(anonymous namespace)::run");
  CHECK(readable_name("_Z2tfIiEiT_") == "tf<int>");
  CHECK(readable_name("_ZN2rs4chat17h0123456789abcdefE") == "rs::chat");
  CHECK(readable_name("_Znot_a_name") == "_Znot_a_name");
  CHECK(readable_name("") == "");
}

TEST_CASE("names of the C library as programs call them", "[locate][symbol_name]") {
  CHECK(public_name("connect") == "connect");
  CHECK(public_name("__connect") == "connect");
  CHECK(public_name("__recv_chk") == "recv");
  CHECK(public_name("__GI___close_nocancel") == "close");
  CHECK(public_name("__libc_start_main") == "__libc_start_main");
  CHECK(public_name("__") == "__");
  CHECK(better_name("connect", "__connect"));
  CHECK(better_name("fcntl", "fcntl64"));
  CHECK_FALSE(better_name("_IO_fclose", "fclose"));
}

TEST_CASE("what a call of a function shows", "[locate][symbol_name]") {
  CHECK(short_name("send") == "send");
  CHECK(short_name("net::Channel::say") == "say");
  CHECK(short_name("net::tell<std::pair<int, char>>") == "tell");
  CHECK(short_name("net.(*conn).Write") == "Write");
  CHECK(short_name("main::<lambda>").empty());
  CHECK(short_name("").empty());
  CHECK(short_name(">").empty());
}

} // namespace socktale::test
