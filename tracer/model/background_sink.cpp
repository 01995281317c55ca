#include "tracer/model/background_sink.hpp"

#include "tracer/base/quiet_thread.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace socktale::model {
namespace {

using namespace std::chrono_literals;

// Bytes that the queue may hold, about: an event without its payload counts as this many.
constexpr std::size_t queue_bytes = std::size_t{64} << 20;
constexpr std::size_t event_bytes = std::size_t{4} << 10;
// Waking a thread costs its waker more than everything else here. So the thread looks by itself for
// as long as anything comes, and is woken only when the queue grows or after a rest.
constexpr auto between_looks = 4ms;
constexpr int looks_before_rest = 50;

} // namespace

BackgroundSink::BackgroundSink(std::vector<Sink*> sinks) : sinks_(std::move(sinks)) {}

BackgroundSink::~BackgroundSink() { finish(); }

void BackgroundSink::begin(const Header& header) {
  for (Sink* sink : sinks_) sink->begin(header);
  const std::size_t each = event_bytes + static_cast<std::size_t>(header.payload_limit);
  most_ = std::max<std::size_t>(queue_bytes / each, 16);
  thread_ = quiet_thread([this] { work(); });
}

bool BackgroundSink::wants_entries() const {
  return std::ranges::any_of(sinks_, &Sink::wants_entries);
}

void BackgroundSink::put(Told&& told) {
  std::unique_lock lock(mutex_);
  if (queue_.size() >= most_) {
    more_.notify_one();
    room_.wait(lock, [this] { return queue_.size() < most_; });
  }
  queue_.push_back(std::move(told));
  if (std::exchange(asleep_, false) || queue_.size() == most_ / 2) more_.notify_one();
}

void BackgroundSink::finish() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    more_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void BackgroundSink::work() {
  std::vector<Told> all;
  int looks = 0;
  const auto due = [this] { return ending_ || queue_.size() >= most_ / 2; };
  std::unique_lock lock(mutex_);
  while (!ending_ || !queue_.empty()) {
    if (queue_.empty()) {
      asleep_ = ++looks > looks_before_rest;
      if (asleep_)
        more_.wait(lock, [this] { return ending_ || !queue_.empty(); });
      else
        more_.wait_for(lock, between_looks, due);
      continue;
    }
    looks = 0;
    std::swap(all, queue_);
    room_.notify_one();
    lock.unlock();
    hand_on(all);
    all.clear();
    lock.lock();
    more_.wait_for(lock, between_looks, due);
  }
}

void BackgroundSink::hand_on(const std::vector<Told>& all) const {
  for (const auto& [event, entry] : all)
    for (Sink* sink : sinks_) {
      if (!entry)
        sink->on(event);
      else if (sink->wants_entries())
        sink->entered(std::get<Call>(event.body));
    }
}

} // namespace socktale::model
