// Socket calls in the shapes in which C++ programs write them. Each states where it is.
#include "expect.h"

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

namespace {
volatile int sink; // keeps calls from becoming jumps, which leave no frame behind
}

namespace net {

class Channel {
 public:
  Channel(int domain, int type) {
    EXPECT("net::Channel::Channel", "socketpair", "::socketpair(domain, type, 0, fds_)");
    if (::socketpair(domain, type, 0, fds_) < 0) std::exit(1);
  }
  Channel(const Channel&) = delete;
  ~Channel() {
    EXPECT("net::Channel::~Channel", "close", "::close(fds_[0])");
    sink = ::close(fds_[0]);
    EXPECT("net::Channel::~Channel", "close", "::close(fds_[1])");
    sink = ::close(fds_[1]);
  }
  Channel& say(const std::string& text) {
    EXPECT("net::Channel::say", "send", "::send(fds_[0], text.data(), text.size(), 0)");
    sink = static_cast<int>(::send(fds_[0], text.data(), text.size(), 0));
    return *this;
  }
  template <class T> void tell(T value);
  int* fds() { return fds_; }

 private:
  int fds_[2] = {-1, -1};
};

template <class T> void Channel::tell(T value) {
  EXPECT("net::Channel::tell<int>", "send", "send(fds_[0], &value, sizeof(value), 0)");
  sink = static_cast<int>(send(fds_[0], &value, sizeof(value), 0));
}

struct Sender {
  virtual ~Sender() = default;
  virtual void go(int fd) = 0;
};
struct Loud : Sender {
  void go(int fd) override {
    EXPECT("net::Loud::go", "send", "send(fd, \"loud\", 4, 0)");
    sink = static_cast<int>(send(fd, "loud", 4, 0));
  }
};

} // namespace net

static void leave_scope(int fd) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(fdopen(dup(fd), "r"), fclose);
  sink = fileno(file.get());
  expect("leaving", __LINE__ + 1, "leave_scope", "fclose", "");
}

int main(int argc, char** argv) {
  expect_begin(argc, argv);
  net::Channel channel(AF_UNIX, SOCK_DGRAM);
  channel.say("one").say("two");
  channel.tell<int>(3);
  {
    net::Channel inner{AF_UNIX, SOCK_DGRAM};
    inner.say("inner");
  }
  {
    auto owned = std::make_unique<net::Channel>(AF_UNIX, SOCK_DGRAM);
    owned->say("owned");
  }
  const std::unique_ptr<net::Sender> sender = std::make_unique<net::Loud>();
  sender->go(channel.fds()[0]);

  const auto in_lambda = [&channel](const char* text) {
    EXPECT("main::<lambda>", "send", "send(channel.fds()[0], text, 1, 0)");
    sink = static_cast<int>(send(channel.fds()[0], text, 1, 0));
  };
  in_lambda("x");
  const std::function<void(const char*)> erased = in_lambda;
  erased("y");

  std::thread thread([&channel] {
    EXPECT("main::<lambda>", "send", "send(channel.fds()[0], \"t\", 1, 0)");
    sink = static_cast<int>(send(channel.fds()[0], "t", 1, 0));
  });
  thread.join();

  struct Local {
    static void say(int fd) {
      EXPECT("main::Local::say", "send", "send(fd, \"local\", 5, 0)");
      sink = static_cast<int>(send(fd, "local", 5, 0));
    }
  };
  Local::say(channel.fds()[0]);
  leave_scope(channel.fds()[0]);
  return 0;
}
