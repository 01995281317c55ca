// Identities as types of their own, so that a pid, a thread and an address of the traced program
// cannot be mixed up. Owns no behaviour beyond comparing and hashing.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

#include <sys/types.h>

namespace socktale {

// A number that means one thing only. Tag tells the kinds apart.
template <class Number, class Tag> struct Id {
  Number value{};
  auto operator<=>(const Id&) const = default;
};

using Pid = Id<pid_t, struct PidTag>; // a process: the thread group's id, as getpid(2) says
using Tid = Id<pid_t, struct TidTag>; // a thread, as gettid(2) says

// An address in the traced program. It cannot be dereferenced here, only read through Memory.
template <class T = void> struct Remote {
  std::uint64_t address{};
  auto operator<=>(const Remote&) const = default;
  explicit operator bool() const { return address != 0; }
  template <class U> Remote<U> as() const { return {address}; }
  Remote plus(std::uint64_t bytes) const { return {address + bytes}; }
};

} // namespace socktale

template <class Number, class Tag> struct std::hash<socktale::Id<Number, Tag>> {
  std::size_t operator()(socktale::Id<Number, Tag> id) const {
    return std::hash<Number>{}(id.value);
  }
};
