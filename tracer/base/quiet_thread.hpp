// A thread in which no signal is ever delivered: they are for the thread that traces.
#pragma once

#include <csignal>
#include <thread>

namespace socktale {

template <class Work> [[nodiscard]] std::jthread quiet_thread(Work work) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::jthread thread(std::move(work));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

} // namespace socktale
