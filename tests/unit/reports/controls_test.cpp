// Filters, fcntl(2) and ioctl(2) as the recorder comes by them; the texts are what strace 6.1
// printed, those of filters with its -v.
#include "reports/strace_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_memory.hpp"
#include "tracer/decode/arguments.hpp"
#include "tracer/decode/gather.hpp"
#include "tracer/tables/syscalls.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

using namespace socktale;
using reports::value_text;
using test::FakeMemory;

namespace {

constexpr std::uint64_t at = 0x10000;
constexpr std::uint64_t further = 0x20000;

template <class T> std::string_view bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

model::Field argument(const char* call, std::size_t index, const decode::Args& args,
                      FakeMemory& entry, FakeMemory& exit, std::int64_t result) {
  const tables::Syscall& row = *tables::by_name(call);
  decode::Capture before;
  decode::Capture after;
  gather_entry(row, args, {}, entry, before);
  gather_exit(row, args, result, {}, exit, before, after);
  for (model::Field& field : decode_arguments(row, args, before, after, result, {}))
    if (field.name == row.args.at(index).name) return field;
  return {};
}

std::string ioctl_text(std::uint64_t request, FakeMemory& entry, FakeMemory& exit,
                       std::int64_t result) {
  return reports::field_text(argument("ioctl", 2, {{3, request, at}}, entry, exit, result), 4096);
}

std::string result_of(int command, std::int64_t result) {
  model::Call call;
  call.outcome = decode::decode_outcome(*tables::by_name("fcntl"),
                                        {{3, static_cast<std::uint64_t>(command)}}, result, {});
  return reports::result_text(call);
}

const std::array program = {
    sock_filter BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
    sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x800, 0, 1),
    sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                         static_cast<unsigned>(SKF_AD_OFF) + SKF_AD_PKTTYPE),
    sock_filter BPF_STMT(BPF_MISC | BPF_TAX, 0),
    sock_filter BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 4),
    sock_filter BPF_STMT(BPF_RET | BPF_A, 0),
    sock_filter BPF_STMT(BPF_RET | BPF_K, 0xffff),
    sock_filter BPF_STMT(BPF_ST, 3),
};
constexpr auto program_text =
    "[BPF_STMT(BPF_LD|BPF_H|BPF_ABS, 0xc), BPF_JUMP(BPF_JMP|BPF_K|BPF_JEQ, 0x800, 0, 0x1), "
    "BPF_STMT(BPF_LD|BPF_W|BPF_ABS, SKF_AD_OFF+SKF_AD_PKTTYPE), BPF_STMT(BPF_MISC|BPF_TAX, 0), "
    "BPF_STMT(BPF_ALU|BPF_K|BPF_ADD, 0x4), BPF_STMT(BPF_RET|BPF_A, 0), BPF_STMT(BPF_RET|BPF_K, "
    "0xffff), BPF_STMT(BPF_ST, 0x3)]";

} // namespace

TEST_CASE("a filter is a pointer to strace and a program to us", "[controls]") {
  FakeMemory memory;
  sock_fprog head{program.size(), nullptr};
  std::string bytes(bytes_of(head));
  std::memcpy(bytes.data() + 8, &further, sizeof further);
  memory.put(at, bytes);
  memory.put(further, bytes_of(program));
  const decode::Args args{{3, SOL_SOCKET, SO_ATTACH_FILTER, at, sizeof head}};
  const model::Field set = argument("setsockopt", 3, args, memory, memory, 0);
  CHECK(value_text(set.before) == "{len=8, filter=0x20000}");
  CHECK(value_text(set.meaning) == std::string("{len=8, filter=") + program_text + "}");

  SECTION("getsockopt counts instructions, not bytes") {
    FakeMemory entry;
    FakeMemory exit;
    entry.put_value<std::int32_t>(further, 100);
    exit.put_value<std::int32_t>(further, program.size());
    exit.put(at, bytes_of(program));
    const model::Field got =
        argument("getsockopt", 3, {{3, SOL_SOCKET, SO_ATTACH_FILTER, at, further}}, entry, exit, 0);
    CHECK(value_text(got.after) == "0x10000");
    CHECK(value_text(got.meaning) == program_text);
  }
  SECTION("instructions that cannot be read are not made up") {
    memory.put(further, "");
    CHECK(value_text(argument("setsockopt", 3, args, memory, memory, -EFAULT).meaning) ==
          "{len=8, filter=0x20000}");
  }
}

TEST_CASE("structures come back as far as there was room for them", "[controls]") {
  FakeMemory entry;
  FakeMemory exit;
  const linger lingering{1, 5};
  exit.put(at, bytes_of(lingering));
  for (const auto& [room, text] : {std::pair{8, "{l_onoff=1, l_linger=5}"},
                                   std::pair{4, "{l_onoff=1}"}, std::pair{0, "0x10000"}}) {
    entry.put_value<std::int32_t>(further, room);
    exit.put_value<std::int32_t>(further, room);
    const decode::Args args{{3, SOL_SOCKET, SO_LINGER, at, further}};
    CHECK(value_text(argument("getsockopt", 3, args, entry, exit, 0).after) == text);
  }
}

TEST_CASE("fcntl's arguments and results are what the command says", "[controls]") {
  FakeMemory none;
  const auto text = [&](int command, std::uint64_t raw) {
    const model::Field field =
        argument("fcntl", 2, {{3, static_cast<std::uint64_t>(command), raw}}, none, none, 0);
    return field.before.empty() ? "" : value_text(field.before);
  };
  CHECK(text(F_SETFL, O_RDWR) == "O_RDWR");
  CHECK(text(F_SETFL, O_NONBLOCK | O_ASYNC) == "O_RDONLY|O_NONBLOCK|FASYNC");
  CHECK(text(F_SETFD, FD_CLOEXEC) == "FD_CLOEXEC");
  CHECK(text(F_DUPFD_CLOEXEC, 20) == "20");
  CHECK(text(F_GETFL, 7).empty());
  CHECK(text(10, 29) == "SIGIO");
  CHECK(text(77, 5) == "0x5");
  CHECK(result_of(F_GETFL, 0x802) == "0x802 (flags O_RDWR|O_NONBLOCK)");
  CHECK(result_of(F_GETFD, 1) == "0x1 (flags FD_CLOEXEC)");
  CHECK(result_of(F_GETFD, 0) == "0");
  CHECK(result_of(F_GETFL, -EBADF) == "-1 EBADF (Bad file descriptor)");

  FakeMemory owner;
  owner.put_value<std::array<std::int32_t, 2>>(at, {1, 4711});
  CHECK(value_text(argument("fcntl", 2, {{3, 16, at}}, none, owner, 0).after) ==
        "{type=F_OWNER_PID, pid=4711}");
  CHECK(value_text(argument("fcntl", 2, {{3, 15, at}}, owner, none, 0).before) ==
        "{type=F_OWNER_PID, pid=4711}");
}

TEST_CASE("ioctl's requests are about an int, an interface or a list of them", "[controls]") {
  FakeMemory entry;
  FakeMemory exit;
  entry.put_value<std::int32_t>(at, 1);
  exit.put_value<std::int32_t>(at, 42);
  CHECK(ioctl_text(FIONBIO, entry, exit, 0) == "[1]");
  CHECK(ioctl_text(FIONREAD, entry, exit, 0) == "[42]");
  CHECK(ioctl_text(SIOCATMARK, entry, exit, -ENOTTY) == "0x10000");
  CHECK(ioctl_text(0x8928, entry, exit, -EFAULT) == "0x10000");
  CHECK(argument("ioctl", 2, {{3, FIOCLEX, 0}}, entry, exit, 0).name.empty());

  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  entry.put(at, bytes_of(request));
  request.ifr_flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING;
  exit.put(at, bytes_of(request));
  CHECK(ioctl_text(SIOCGIFFLAGS, entry, exit, 0) ==
        R"({ifr_name="lo", ifr_flags=IFF_UP|IFF_LOOPBACK|IFF_RUNNING})");
  CHECK(ioctl_text(SIOCGIFFLAGS, entry, exit, -ENODEV) == R"({ifr_name="lo"})");
  CHECK(ioctl_text(SIOCSIFMTU, exit, entry, 0) == R"({ifr_name="lo", ifr_mtu=73})");
  CHECK(ioctl_text(SIOCGIFHWADDR, entry, exit, 0)
            .starts_with(R"({ifr_name="lo", ifr_hwaddr={sa_family=)"));
  request.ifr_ifindex = 1;
  entry.put(at, bytes_of(request));
  CHECK(ioctl_text(SIOCGIFNAME, entry, exit, 0) == R"({ifr_ifindex=1, ifr_name="lo"})");

  entry.put(at, bytes_of(request).substr(0, sizeof request - 1)); // one byte short
  CHECK(ioctl_text(SIOCGIFFLAGS, entry, exit, 0) == "0x10000");

  ifconf list{2 * sizeof(ifreq), {nullptr}};
  std::memcpy(&list.ifc_ifcu, &further, sizeof further);
  entry.put(at, bytes_of(list));
  list.ifc_len = sizeof(ifreq);
  exit.put(at, bytes_of(list));
  request.ifr_addr = {AF_INET, "\0\0\x7f\0\0\1"};
  exit.put(further, bytes_of(request));
  CHECK(
      ioctl_text(SIOCGIFCONF, entry, exit, 0)
          .ends_with(
              R"(40 /* 1 * sizeof(struct ifreq) */, ifc_buf=[{ifr_name="lo", ifr_addr={sa_family=AF_INET, )"
              R"(sin_port=htons(0), sin_addr=inet_addr("127.0.0.1")}}]})"));
}
