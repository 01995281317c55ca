// What an argument or a result is, decoded: plain data, the same whether it comes from a running
// program or from a trace file. Owns its texts, points into no table. Never formats.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/model/boxed.hpp"
#include "tracer/model/name.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace socktale::model {

struct Field;
struct Value;

// A constant, AF_INET, or a number in the spelling that is usual for it: 00:1b:21:3c:9d:f8. No
// name: the tables do not know the number, and `unknown` says of what it is none: "AF_???".
struct Symbol {
  std::int64_t number = 0;
  Name name;
  Name unknown{};
  bool operator==(const Symbol&) const = default;
};

// OR-ed constants: SOCK_STREAM|SOCK_CLOEXEC, and the bits that have no name; `unknown` says of what
// they are none when none of them has one: "MSG_???".
struct Flags {
  std::uint64_t number = 0;
  std::vector<Name> names;
  std::uint64_t rest = 0;
  Name unknown{};
  bool operator==(const Flags&) const = default;
};

struct Fd {
  int number = -1;
  bool operator==(const Fd&) const = default;
};

// An address that was not followed: NULL, or a pointer whose content is of no interest.
struct Pointer {
  std::uint64_t address = 0;
  bool operator==(const Pointer&) const = default;
};

// Payload or raw bytes. `data` is what was kept; `length` is how many there were.
struct Bytes {
  std::string data;
  std::uint64_t length = 0;
  bool withheld = false;      // recording payload is switched off: data is empty on purpose
  std::uint64_t redacted = 0; // bytes of data that were replaced by marks when recording
  bool operator==(const Bytes&) const = default;
};

// Text in the program's memory that is a name: a path, an interface. Any bytes.
struct Text {
  std::string text;
  bool operator==(const Text&) const = default;
};

// Memory that the program named but that could not be read (errno says how).
struct Unreadable {
  std::uint64_t address = 0;
  int error = 0;
  bool operator==(const Unreadable&) const = default;
};

// A value written as the call that makes it: htons(12345), inet_addr("127.0.0.1").
struct Made {
  Name by;
  std::vector<Value> of;
  bool operator==(const Made&) const;
};

// A C structure, its members in order.
struct Struct {
  std::vector<Field> members;
  bool operator==(const Struct&) const;
};

// An array, or what a pointer to one value points at ([16]). `length` counts the elements that
// there were, of which `items` may be the first ones only.
struct List {
  std::vector<Value> items;
  std::uint64_t length = 0;
  bool operator==(const List&) const;
};

// Sixteen bytes, for a trace has millions: what is larger than a word is in a box of its own.
struct Value {
  // monostate: nothing known, nothing to show.
  std::variant<std::monostate, std::int64_t, std::uint64_t, Boxed<Symbol>, Boxed<Flags>, Fd,
               Pointer, Boxed<Bytes>, Boxed<Text>, Boxed<Unreadable>, Boxed<Made>, Boxed<Struct>,
               Boxed<List>>
      is;
  [[nodiscard]] bool empty() const { return is.index() == 0; }
  // The alternative T, or nullptr.
  template <class T> [[nodiscard]] const T* get() const {
    if constexpr (is_small<T>) {
      return std::get_if<T>(&is);
    } else {
      const auto* box = std::get_if<Boxed<T>>(&is);
      return box == nullptr ? nullptr : &**box;
    }
  }
  template <class T> [[nodiscard]] T* get() {
    return const_cast<T*>(std::as_const(*this).get<T>());
  }
  // Makes it a T.
  template <class T> T& become() {
    if constexpr (is_small<T>)
      return is.emplace<T>();
    else
      return *is.emplace<Boxed<T>>();
  }
  // Calls `visitor` with the alternative that it is.
  template <class Visitor> void visit(Visitor&& visitor) const {
    std::visit(
        [&](const auto& form) {
          if constexpr (requires { *form; }) // a box
            visitor(*form);
          else
            visitor(form);
        },
        is);
  }
  bool operator==(const Value&) const = default;

 private:
  template <class T> static constexpr bool is_small = sizeof(T) <= sizeof(std::uint64_t);
};
static_assert(sizeof(Value) == 16);

// One argument or member. `before` is what was there when the kernel was entered, `after` what was
// there when it returned; an input has no `after`, an output no `before`.
struct Field {
  Name name;
  Value before;
  Value after;
  // What the bytes or number above are besides, where strace shows no more than these: the members
  // of a struct tcp_info, SOCK_STREAM for SO_TYPE's 1. Empty: nothing is known beyond.
  Value meaning{};
  // What is worth showing when only one can be shown: the later one that is known.
  [[nodiscard]] const Value& shown() const { return after.empty() ? before : after; }
  bool operator==(const Field&) const = default;
};

} // namespace socktale::model
