// Whose line is it: ties a stopped thread to the source line that made its call. Reads in the stop
// only what is gone afterwards; names, lines and texts are found later. Never knows what was
// called.
#pragma once

#include "tracer/base/ids.hpp"
#include "tracer/base/memory.hpp"
#include "tracer/base/registers.hpp"
#include "tracer/model/place.hpp"

#include <memory>
#include <optional>
#include <string>

namespace socktale::locate {

// What was read of one stack during a stop; opaque outside locate.
struct Sighting;

struct Located {
  model::Place place;
  model::Stack stack; // id 0: the caller numbers equal stacks
};

// The language runtime that a process runs, where one is recognised.
struct Runtime {
  std::string name;    // "CPython"
  std::string version; // "3.11.2"
};

// `resolve` may run in another thread than the rest, each in one.
class Locator {
 public:
  Locator();
  ~Locator();
  Locator(const Locator&) = delete;
  Locator& operator=(const Locator&) = delete;

  // In the stop: `tid` of `pid` is stopped with `registers`; `memory` is its process's. Never
  // throws for anything that the process does; an empty sighting resolves to an unknown place.
  // Equal sightings are the same object, as long as it is remembered.
  [[nodiscard]] std::shared_ptr<const Sighting> look(Pid pid, Tid tid, const Registers& registers,
                                                     Memory& memory);
  // The same without the registers: for 64-bit code whose stack is one that was looked at before,
  // as its bytes show. nullptr: look() must be asked.
  [[nodiscard]] std::shared_ptr<const Sighting> recall(Pid pid, const StackTop& top,
                                                       Memory& memory);
  // Bytes from the stack pointer on that the next look will read first, most likely.
  [[nodiscard]] std::size_t usual_stack() const;
  // After the stop, in any later moment, even when the process is gone.
  [[nodiscard]] std::shared_ptr<const Located>
  resolve(const std::shared_ptr<const Sighting>& sighting);

  // Known once the process made its first call that was looked at.
  [[nodiscard]] std::optional<Runtime> runtime(Pid pid) const;

  void on_exec(Pid pid); // a new program: everything known of it is stale
  void on_gone(Pid pid); // the process ended

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace socktale::locate
