// Hands events to other sinks in a thread of its own, so that whoever makes them waits for no file
// and no terminal. Loses none: when the queue is full its producer is held up.
#pragma once

#include "tracer/model/sink.hpp"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace socktale::model {

class BackgroundSink final : public Sink {
 public:
  // The sinks must outlive this one, and are used by its thread alone until finish().
  explicit BackgroundSink(std::vector<Sink*> sinks);
  ~BackgroundSink() override; // everything is handed on first

  void begin(const Header& header) override; // in the caller's thread
  void on(const Event& event) override { take(Event(event)); }
  void take(Event&& event) override { put({std::move(event), false}); }
  [[nodiscard]] bool wants_entries() const override;
  void entered(const Call& call) override { put({{0, {}, call}, true}); }
  // Returns when the sinks have had everything; no event may come after it.
  void finish();

 private:
  struct Told {
    Event event;
    bool entry = false; // its Call was only entered
  };
  void put(Told&& told);
  void work();
  void hand_on(const std::vector<Told>& all) const;

  std::vector<Sink*> sinks_;
  std::mutex mutex_; // guards what follows
  std::condition_variable more_, room_;
  std::vector<Told> queue_;
  std::size_t most_ = 0; // events in the queue
  bool asleep_ = false;  // the thread waits to be woken
  bool ending_ = false;
  std::jthread thread_; // last: it uses all of the above
};

} // namespace socktale::model
