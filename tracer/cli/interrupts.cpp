#include "tracer/cli/interrupts.hpp"

#include <ctime>

#include <pthread.h>
#include <sys/syscall.h>

namespace socktale::cli {
namespace {

constexpr int wake_signal = SIGUSR1; // to the tracing thread, to end its waitpid(2) with EINTR
constexpr int over_signal = SIGUSR2; // to our thread, to end its wait

sigset_t set_of(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

} // namespace

Interrupts::Interrupts(First first) : means_(first), tracer_(pthread_self()) {
  former_ = block();
  struct sigaction nothing{};
  nothing.sa_handler = [](int) {};
  sigaction(wake_signal, &nothing, nullptr); // no SA_RESTART
  thread_ = std::thread([this] { serve(); });
}

sigset_t Interrupts::block() {
  const sigset_t blocked = set_of({SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, over_signal});
  sigset_t former{};
  pthread_sigmask(SIG_BLOCK, &blocked, &former);
  return former;
}

Interrupts::~Interrupts() {
  over_ = true;
  pthread_kill(thread_.native_handle(), over_signal);
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &former_, nullptr);
}

void Interrupts::watch(Pid pid) {
  const std::lock_guard lock(mutex_);
  programs_.emplace_back(static_cast<int>(syscall(SYS_pidfd_open, pid.value, 0)));
}

void Interrupts::pass_on(int signal) {
  const std::lock_guard lock(mutex_);
  for (const UniqueFd& program : programs_)
    syscall(SYS_pidfd_send_signal, program.get(), signal, nullptr, 0);
}

// The signal may come a moment before the wait begins, so it is sent until it is heard.
void Interrupts::wake_tracer() { pthread_kill(tracer_, wake_signal); }

void Interrupts::serve() {
  const sigset_t wanted = set_of({SIGINT, SIGTERM, SIGHUP, SIGQUIT, over_signal});
  constexpr timespec tick{0, 100'000'000};
  while (!over_) {
    siginfo_t info{};
    const int signal = sigtimedwait(&wanted, &info, &tick);
    if (give_up_) wake_tracer();
    if (signal < 0 || signal == over_signal) continue;
    if (first_ != 0 || means_ == First::ends_tracing) {
      if (first_ == 0) first_ = signal;
      give_up_ = true;
      wake_tracer();
      continue;
    }
    first_ = signal;
    // A key on the terminal reaches every program there without our help.
    if (info.si_code != SI_KERNEL) pass_on(signal);
  }
}

} // namespace socktale::cli
