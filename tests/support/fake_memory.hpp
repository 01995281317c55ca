// A traced program's memory made of byte blocks: everything outside a block cannot be read, so one
// byte of over-reading shows. Counts the reads.
#pragma once

#include "tracer/base/memory.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <string_view>

namespace socktale::test {

class FakeMemory final : public Memory {
 public:
  void put(std::uint64_t address, std::string_view bytes) { blocks_[address] = bytes; }
  template <class T> void put_value(std::uint64_t address, const T& value) {
    put(address, {reinterpret_cast<const char*>(&value), sizeof value});
  }
  void read_spans(std::span<Span> spans) override {
    ++reads;
    for (Span& span : spans) span.got = read_one(span);
  }
  int reads = 0;

 private:
  std::size_t read_one(Span& span) const {
    std::size_t got = 0;
    while (got < span.into.size()) {
      const std::uint64_t at = span.at.address + got;
      auto block = blocks_.upper_bound(at);
      if (block == blocks_.begin()) break;
      --block;
      const std::uint64_t skip = at - block->first;
      if (skip >= block->second.size()) break;
      const std::size_t take =
          std::min<std::size_t>(block->second.size() - skip, span.into.size() - got);
      std::memcpy(span.into.data() + got, block->second.data() + skip, take);
      got += take;
    }
    return got;
  }
  std::map<std::uint64_t, std::string> blocks_;
};

} // namespace socktale::test
