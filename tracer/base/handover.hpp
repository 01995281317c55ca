// Hands things to a thread of their own, in order, so that whoever makes them waits for nothing
// that is done with them. Loses none: when the queue is full its producer is held up. Never copies,
// and never destroys: what was consumed goes back to the producer, with the memory that it has.
#pragma once

#include "tracer/base/quiet_thread.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include <pthread.h>

namespace socktale {

// One producer, which also makes and ends it.
template <class Item> class Handover {
 public:
  // `consume` runs in the other thread, which top(1) shows as `name` (15 characters at most);
  // `most` bytes of items may wait, by what put() says of them.
  Handover(const char* name, std::size_t most, std::function<void(Item&)> consume)
      : most_(most), consume_(std::move(consume)), thread_(quiet_thread([this] { work(); })) {
    pthread_setname_np(thread_.native_handle(), name);
  }
  Handover(const Handover&) = delete;
  Handover& operator=(const Handover&) = delete;
  ~Handover() { finish(); }

  // `item` is another one then, as its consumer left it, or empty.
  void put(Item& item, std::size_t bytes) {
    std::unique_lock lock(mutex_);
    if (waiting_ >= most_) {
      more_.notify_one();
      room_.wait(lock, [this] { return waiting_ < most_; });
    }
    const bool was_below = waiting_ < most_ / 2;
    waiting_ += bytes;
    if (count_ == queue_.size()) queue_.emplace_back();
    std::swap(queue_[count_++], item);
    const bool wake = std::exchange(asleep_, false) || (was_below && waiting_ >= most_ / 2);
    lock.unlock();
    if (wake) more_.notify_one();
  }

  // Returns when everything was consumed; nothing may be put after it.
  void finish() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    more_.notify_one();
    if (thread_.joinable()) thread_.join();
  }

 private:
  // Waking a thread costs its waker more than everything else here. So the thread looks by itself
  // for as long as anything comes, and is woken only when the queue grows or after a rest.
  static constexpr std::chrono::milliseconds between_looks{4};
  static constexpr int looks_before_rest = 50;

  void work() {
    std::vector<Item> items;
    int looks = 0;
    const auto due = [this] { return ending_ || waiting_ >= most_ / 2; };
    std::unique_lock lock(mutex_);
    while (!ending_ || count_ > 0) {
      if (count_ == 0) {
        asleep_ = ++looks > looks_before_rest;
        if (asleep_)
          more_.wait(lock, [this] { return ending_ || count_ > 0; });
        else
          more_.wait_for(lock, between_looks, due);
        continue;
      }
      looks = 0;
      std::swap(items, queue_);
      const std::size_t count = std::exchange(count_, 0);
      waiting_ = 0;
      lock.unlock();
      room_.notify_one();
      for (Item& item : std::span(items).first(count)) consume_(item);
      lock.lock();
      more_.wait_for(lock, between_looks, due);
    }
  }

  const std::size_t most_;
  const std::function<void(Item&)> consume_;
  std::mutex mutex_; // guards what follows
  std::condition_variable more_, room_;
  std::vector<Item> queue_;
  std::size_t count_ = 0;   // of its items that are to be consumed
  std::size_t waiting_ = 0; // bytes, about
  bool asleep_ = false;     // the thread waits to be woken
  bool ending_ = false;
  std::jthread thread_; // last: it uses all of the above
};

} // namespace socktale
