#include "tracer/engine/process_memory.hpp"

#include <algorithm>
#include <array>

#include <sys/uio.h>

namespace socktale::engine {
namespace {

constexpr std::uint64_t page_size = 4096;

// One batch of remote pieces that do not cross a page: process_vm_readv(2) transfers whole pieces
// and stops at the first that cannot be read, so pieces tell exactly how far it came.
struct Batch {
  std::array<iovec, 64> remote; // not set to zero: that would cost more than reading one piece
  std::array<iovec, 64> local;
  std::array<std::size_t, 64> owner;
  std::size_t count;
};

// Reads the batch. Returns how many pieces were read whole.
std::size_t run(const Batch& batch, Tid tid) {
  const ssize_t got = process_vm_readv(tid.value, batch.local.data(), batch.count,
                                       batch.remote.data(), batch.count, 0);
  std::size_t left = got < 0 ? 0 : static_cast<std::size_t>(got);
  std::size_t whole = 0;
  while (whole < batch.count && left >= batch.remote.at(whole).iov_len)
    left -= batch.remote.at(whole++).iov_len;
  return whole;
}

} // namespace

void ProcessMemory::read_spans(std::span<Span> spans) {
  for (Span& span : spans) span.got = 0;
  std::size_t next = 0;   // the span that the next piece is of
  std::uint64_t done = 0; // bytes of it that are in a batch already
  while (next < spans.size()) {
    Batch batch;
    batch.count = 0;
    while (next < spans.size() && batch.count < batch.remote.size()) {
      const Span& span = spans[next];
      const std::uint64_t at = span.at.address + done;
      const std::uint64_t size = std::min(span.into.size() - done, page_size - at % page_size);
      if (size > 0 && at >= span.at.address) { // not wrapped round the end of the address space
        batch.local[batch.count] = {span.into.data() + done, size};
        batch.remote[batch.count] = {reinterpret_cast<void*>(at), size};
        batch.owner[batch.count++] = next;
        done += size;
      }
      if (size == 0 || done == span.into.size() || at < span.at.address) {
        ++next;
        done = 0;
      }
    }
    const std::size_t whole = run(batch, tid_);
    for (std::size_t i = 0; i < whole; ++i)
      spans[batch.owner.at(i)].got += batch.remote.at(i).iov_len;
    if (whole < batch.count) { // go on with the span after the one that broke off
      next = batch.owner.at(whole) + 1;
      done = 0;
    }
  }
}

} // namespace socktale::engine
