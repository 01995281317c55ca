#include "tracer/engine/sharing_rule.hpp"

#include <algorithm>

namespace socktale::engine {
namespace {

using namespace std::chrono_literals;

constexpr SharingRule::Time::duration least_interval = 10ms;
constexpr SharingRule::Time::duration interval_of_a_task = 100us;
constexpr double much_talk = 2000;    // stops a second from which waking CPUs is what costs
constexpr double little_talk = 500;   // and below which it does not matter any more
constexpr double parallel = 0.9;      // CPUs kept busy by tasks that had better stay apart
constexpr double worth_a_trial = 0.5; // of the one CPU, by more than one task
constexpr double busier_apart = 1.4;  // CPUs: they compute in parallel
constexpr double faster_apart = 1.15; // stops a second, where waking another CPU is cheap

} // namespace

SharingRule::Advice SharingRule::advise(const Seen& seen, Time now) {
  if (seen.shared) return while_shared(seen, now);
  return trial_ ? after_trial(seen, now) : while_apart(seen, now);
}

SharingRule::Time::duration SharingRule::interval(std::size_t tasks) const {
  return trial_ ? least_interval
                : std::max<Time::duration>(least_interval, interval_of_a_task * tasks);
}

SharingRule::Advice SharingRule::while_shared(const Seen& seen, Time now) {
  if (seen.stops < little_talk) return Advice::part;
  if (!next_trial_) next_trial_ = now + pause_; // the first intervals are a program's beginning
  const bool promising = seen.cpus > worth_a_trial || seen.stops > much_talk;
  if (seen.tasks < 2 || !promising || now < *next_trial_) return Advice::stay;
  before_ = seen;
  trial_ = true;
  return Advice::part;
}

SharingRule::Advice SharingRule::while_apart(const Seen& seen, Time now) {
  if (before_) {
    // One good interval may have been chance: as soon as apart is slower the trial is over.
    if (seen.stops > before_->stops && now < hold_until_) return Advice::stay;
    before_.reset();
    next_trial_ = now;
  }
  return seen.stops > much_talk && seen.cpus < parallel ? Advice::share : Advice::stay;
}

SharingRule::Advice SharingRule::after_trial(const Seen& seen, Time now) {
  trial_ = false;
  // Waking one another keeps them busy, too, but never so much.
  if (seen.cpus > std::max(before_->cpus * busier_apart, parallel)) {
    before_.reset();
    pause_ = first_pause;
    next_trial_ = now + pause_;
    return Advice::stay;
  }
  if (seen.stops > before_->stops * faster_apart) {
    pause_ = first_pause;
    hold_until_ = now + hold_;
    hold_ = std::min(hold_ * 2, longest_hold);
    return Advice::stay;
  }
  before_.reset();
  hold_ = first_hold;
  pause_ = std::min(pause_ * 2, longest_pause);
  next_trial_ = now + pause_;
  return Advice::share;
}

} // namespace socktale::engine
