// Reads the memory of a live, traced process by process_vm_readv(2), many spans in one call.
// Never writes, never caches.
#pragma once

#include "tracer/base/memory.hpp"

namespace socktale::engine {

class ProcessMemory final : public Memory {
 public:
  // Any thread of the process serves.
  explicit ProcessMemory(Tid tid) : tid_(tid) {}
  void read_spans(std::span<Span> spans) override;

 private:
  Tid tid_;
};

} // namespace socktale::engine
