#include "tracer/base/errors.hpp"
#include "tracer/base/quiet_thread.hpp"
#include "tracer/model/json.hpp"
#include "tracer/model/trace_file.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <system_error>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace socktale::model {
namespace {

constexpr std::size_t flush_size = std::size_t{64} << 10;
constexpr std::chrono::milliseconds flush_after{100};

[[noreturn]] void refuse(const std::string& path, const Said& why, const Said& hint) {
  throw UserError(Exit::no_output,
                  {tr("cannot write {path}: {why}"), {{"path", path}, {"why", why}}}, hint);
}

[[noreturn]] void refuse(const std::string& path, int error) {
  refuse(path, meaning_of_errno(error), tr("choose a file that can be written"));
}

// A reader that went away, or the limit of setrlimit(2) on file sizes, ends a process that does not
// expect it with SIGPIPE or SIGXFSZ. Blocked around the write and taken back, they are errors only;
// ignoring them for the whole process would be inherited by the programs that are traced.
ssize_t write_without_signal(int fd, std::string_view bytes) {
  sigset_t mine;
  sigset_t before;
  sigemptyset(&mine);
  sigaddset(&mine, SIGPIPE);
  sigaddset(&mine, SIGXFSZ);
  pthread_sigmask(SIG_BLOCK, &mine, &before);
  const ssize_t written = ::write(fd, bytes.data(), bytes.size());
  const int error = errno;
  if (written < 0 && (error == EPIPE || error == EFBIG)) {
    constexpr timespec at_once{};
    sigtimedwait(&mine, nullptr, &at_once);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return written;
}

} // namespace

TraceWriter::TraceWriter(const std::string& path) : path_(path) {
  fd_ = UniqueFd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0666));
  if (!fd_) refuse(path, errno);
  struct stat status{};
  if (::fstat(fd_.get(), &status) != 0) refuse(path, errno);
  regular_ = S_ISREG(status.st_mode);
  // Any number may write to /dev/null. A filesystem without locks is not a reason to refuse.
  if (!S_ISCHR(status.st_mode) && ::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0 &&
      errno == EWOULDBLOCK)
    refuse(path, tr("another socktale is writing to it"),
           tr("wait for it to end, or choose another file"));
  // Only now: the file may have been another tracer's.
  if (regular_ && ::ftruncate(fd_.get(), 0) != 0) refuse(path, errno);
  idle_ = quiet_thread([this](const std::stop_token& stop) { flush_when_idle(stop); });
}

TraceWriter::~TraceWriter() {
  idle_ = {};
  flush();
}

void TraceWriter::begin(const Header& header) {
  add_line(to_line(header));
  flush();
}

void TraceWriter::on(const Event& event) { add_line(to_line(event)); }

void TraceWriter::add_line(std::string_view line) {
  const std::lock_guard lock(mutex_);
  if (failure_) return;
  const bool first = pending_.empty();
  pending_ += line;
  pending_ += '\n';
  if (pending_.size() > flush_size)
    flush_pending();
  else if (first)
    wake_.notify_one();
}

std::optional<Error> TraceWriter::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void TraceWriter::flush() {
  const std::lock_guard lock(mutex_);
  flush_pending();
}

// Sleeps until there is something to flush, then gives more the time to gather.
void TraceWriter::flush_when_idle(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (wake_.wait(lock, stop, [this] { return !pending_.empty(); })) {
    wake_.wait_for(lock, stop, flush_after, [] { return false; });
    flush_pending();
  }
}

void TraceWriter::flush_pending() {
  std::size_t written = 0;
  while (written < pending_.size()) {
    const ssize_t more =
        write_without_signal(fd_.get(), std::string_view(pending_).substr(written));
    if (more > 0) {
      written += static_cast<std::size_t>(more);
    } else if (more == 0 || errno != EINTR) {
      fail(more == 0 ? ENOSPC : errno, written);
      break;
    }
  }
  pending_.clear();
}

// Takes the beginning of a line that found no room off the file's end, where that is possible.
void TraceWriter::fail(int error, std::size_t written) {
  failure_ = Error{"write " + path_, error, {}};
  const std::size_t newline = std::string_view(pending_).substr(0, written).rfind('\n');
  const std::size_t whole = newline == std::string::npos ? 0 : newline + 1;
  const off_t end = regular_ ? ::lseek(fd_.get(), 0, SEEK_CUR) : -1;
  if (end < 0 || written == whole) return;
  if (::ftruncate(fd_.get(), end - static_cast<off_t>(written - whole)) != 0)
    failure_->detail = "its last line is cut short";
}

} // namespace socktale::model
