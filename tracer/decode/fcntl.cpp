#include "tracer/decode/fcntl.hpp"

#include "tracer/decode/numbers.hpp"
#include "tracer/decode/structure.hpp"

#include <algorithm>
#include <array>

#include <fcntl.h>

namespace socktale::decode {
namespace {

using model::Value;

Value nothing(std::uint64_t /*raw*/) { return {}; }
Value number(std::uint64_t raw) { return integer(static_cast<int>(raw)); }
Value pointer(std::uint64_t raw) { return {model::Pointer{raw}}; }
Value descriptor_flags(std::uint64_t raw) { return flags(tables::descriptor_flags(), raw); }
Value signal(std::uint64_t raw) {
  const auto number = static_cast<int>(raw);
  const std::string name = signal_name(number);
  return name.empty() ? integer(number) : Value{model::Symbol{number, name}};
}

// struct f_owner_ex (linux/fcntl.h), which glibc shows to GNU programs only.
constexpr int set_owner = 15;
constexpr int get_owner = 16;
constexpr std::size_t owner_size = 8;
constexpr std::array owner_members = {Member{"type", 0, 4, Shape::symbol, tables::owner_types},
                                      Member{"pid", 4, 4, Shape::integer}};

struct CommandRow {
  int command;
  Value (*argument)(std::uint64_t raw);
};
// The last ones are linux/fcntl.h's, which glibc shows to GNU programs only.
constexpr std::array command_rows = {
    CommandRow{F_DUPFD, number},   CommandRow{F_DUPFD_CLOEXEC, number},
    CommandRow{F_GETFD, nothing},  CommandRow{F_SETFD, descriptor_flags},
    CommandRow{F_GETFL, nothing},  CommandRow{F_SETFL, open_modes},
    CommandRow{F_GETLK, pointer},  CommandRow{F_SETLK, pointer},
    CommandRow{F_SETLKW, pointer}, CommandRow{8, number},     // F_SETOWN
    CommandRow{9, nothing},        CommandRow{10, signal},    // F_GETOWN, F_SETSIG
    CommandRow{11, nothing},       CommandRow{15, pointer},   // F_GETSIG, F_SETOWN_EX
    CommandRow{16, pointer},       CommandRow{17, pointer},   // F_GETOWN_EX, F_GETOWNER_UIDS
    CommandRow{1025, nothing},     CommandRow{1031, number},  // F_GETLEASE, F_SETPIPE_SZ
    CommandRow{1032, nothing},     CommandRow{1034, nothing}, // F_GETPIPE_SZ, F_GET_SEALS
};

} // namespace

Value open_modes(std::uint64_t bits) {
  constexpr std::uint64_t mask = O_ACCMODE;
  constexpr std::array modes = {"O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"};
  Value value = flags(tables::file_status_flags(), bits & ~mask);
  auto& set = *value.get<model::Flags>();
  set.number = bits;
  set.unknown = {};
  set.names.insert(set.names.begin(), modes.at(bits & mask));
  return value;
}

Value fcntl_argument(int command, std::uint64_t raw) {
  const auto* row = std::ranges::find(command_rows, command, &CommandRow::command);
  return row == command_rows.end() ? hex(raw) : row->argument(raw);
}

std::size_t fcntl_size(int command) {
  return command == set_owner || command == get_owner ? owner_size : 0;
}

model::Field fcntl_field(int command, std::uint64_t raw, Memory& before, Memory& after,
                         bool succeeded) {
  model::Field field{"arg", fcntl_argument(command, raw), {}};
  if (fcntl_size(command) == 0 || (command == get_owner && !succeeded)) return field;
  const bool out = command == get_owner;
  const std::string bytes = (out ? after : before).read_bytes({raw}, owner_size);
  if (bytes.size() == owner_size)
    (out ? field.after : field.before) = structure(owner_members, bytes);
  return field;
}

Value fcntl_result(int command, std::int64_t result) {
  if (result < 0) return {};
  if (command == F_GETFL) return open_modes(static_cast<std::uint64_t>(result));
  if (command == F_GETFD && result != 0)
    return descriptor_flags(static_cast<std::uint64_t>(result));
  return {};
}

} // namespace socktale::decode
