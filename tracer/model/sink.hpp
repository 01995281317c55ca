// Where events go: the trace file, the live terminal, a report. Owns nothing.
#pragma once

#include "tracer/model/event.hpp"

namespace socktale::model {

class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;
  virtual void begin(const Header& header) = 0;
  virtual void on(const Event& event) = 0;
  // The same, for a sink that wants the event for itself.
  virtual void take(Event&& event) { on(event); }
  // A call that was entered, with its inputs alone; on() tells it whole when it is over. Only for
  // who asks for it: it costs time.
  [[nodiscard]] virtual bool wants_entries() const { return false; }
  virtual void entered(const Call& /*call*/) {}
};

} // namespace socktale::model
