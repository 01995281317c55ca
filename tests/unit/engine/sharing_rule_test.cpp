// When tracer and tasks share a CPU, on made-up programs and a made-up clock.
#include "tests/support/catch.hpp"
#include "tracer/engine/sharing_rule.hpp"

using namespace socktale::engine;
using namespace std::chrono_literals;

namespace {

// A program, with as many threads.
class Program {
 public:
  double stops_shared = 100000, stops_apart = 100000; // a second
  double cpus_shared = 0.4, cpus_apart = 0.4;
  std::size_t tasks = 2;

  // One interval; whether CPU was shared in it.
  bool goes_on() {
    now_ += rule_.interval(tasks);
    const bool shared = shared_;
    const auto advice = rule_.advise({.stops = shared ? stops_shared : stops_apart,
                                      .cpus = shared ? cpus_shared : cpus_apart,
                                      .tasks = tasks,
                                      .shared = shared},
                                     now_);
    if (advice != SharingRule::Advice::stay) shared_ = advice == SharingRule::Advice::share;
    return shared;
  }

  // Of the intervals in a time, how many they were apart.
  int apart_in(std::chrono::milliseconds time) {
    int apart = 0;
    for (const auto end = now_ + time; now_ < end;)
      if (!goes_on()) ++apart;
    return apart;
  }
  // And for how long.
  SharingRule::Time::duration time_apart_in(std::chrono::milliseconds time) {
    SharingRule::Time::duration apart{};
    for (const auto end = now_ + time; now_ < end;) {
      const auto begin = now_;
      if (!goes_on()) apart += now_ - begin;
    }
    return apart;
  }

 private:
  SharingRule rule_;
  SharingRule::Time now_;
  bool shared_ = false;
};

} // namespace

TEST_CASE("who talks much shares a CPU, and who falls silent does not") {
  Program program;
  program.stops_apart = 100;
  CHECK(program.apart_in(1s) == 100);
  program.stops_apart = program.stops_shared = 100000;
  CHECK(program.apart_in(50ms) == 1);
  program.stops_shared = 100;
  CHECK_FALSE(program.apart_in(50ms) == 0);
  program.stops_apart = 100;
  CHECK(program.apart_in(50ms) == 5);
}

TEST_CASE("who computes on several CPUs is left there") {
  Program program;
  program.cpus_apart = 1.8;
  CHECK(program.apart_in(1s) == 100);
}

TEST_CASE("what would compute in parallel if it could is found out") {
  Program program;
  program.cpus_shared = 0.8;
  program.cpus_apart = 0.4;
  CHECK(program.apart_in(50ms) == 1);
  program.cpus_apart = 1.8;
  CHECK(program.apart_in(1s) > 85);
}

TEST_CASE("a trial that gains nothing is one interval, and the next one is later") {
  Program program;
  program.stops_apart = 80000;
  CHECK(program.apart_in(100ms) == 1); // before anything was known
  CHECK(program.apart_in(150ms) == 1);
  CHECK(program.apart_in(10s) <= 6); // after 200, 400, 800 ... milliseconds
}

TEST_CASE("one task alone is never let go apart") {
  Program program;
  program.tasks = 1;
  CHECK(program.apart_in(10s) == 1);
}

TEST_CASE("who gets on faster apart is there nearly all the time") {
  Program program;
  program.stops_apart = 150000;
  (void)program.apart_in(2s);
  CHECK(program.apart_in(10s) > 950);
}

TEST_CASE("an interval that was faster by chance costs little") {
  Program program;
  (void)program.apart_in(90ms);
  program.stops_apart = 200000;
  while (program.goes_on()) {
  } // up to the end of the trial
  program.stops_apart = 60000;
  CHECK(program.apart_in(1s) <= 4);
}

TEST_CASE("who no longer gets on faster apart is brought back") {
  Program program;
  program.stops_apart = 150000;
  (void)program.apart_in(5s);
  program.stops_apart = 60000;
  CHECK(program.apart_in(1s) <= 4);
}

TEST_CASE("many tasks are looked at less often, but a trial is no longer for it") {
  Program program;
  program.tasks = 1000;
  program.stops_apart = 20000;
  CHECK(program.time_apart_in(100ms) == 100ms); // before anything was known
  CHECK(program.time_apart_in(10s) <= 70ms);
}

TEST_CASE("tasks that are busier apart with waking one another do not compute in parallel") {
  Program program;
  program.tasks = 100;
  program.cpus_shared = 0.46;
  program.cpus_apart = 0.7;
  program.stops_apart = 70000;
  program.time_apart_in(100ms);
  CHECK(program.time_apart_in(10s) <= 70ms);
}
