#include "tracer/recorder/stack_numbers.hpp"

#include <fmt/format.h>

namespace socktale::recorder {
namespace {

constexpr std::size_t most_objects = 4096;
constexpr std::size_t most_contents = 65536;

// Two stacks with the same key are the same stack.
std::string key_of(const model::Stack& stack) {
  std::string key;
  for (const model::Frame& frame : stack.frames)
    key += fmt::format("{}|{}|{}|{}|{}|{}|{}\n", frame.module, frame.offset, frame.function,
                       frame.file, frame.span.line, frame.span.column, frame.span.end_column);
  return key;
}

} // namespace

std::uint32_t StackNumbers::id_of(const std::shared_ptr<const locate::Located>& located,
                                  const Tell& tell) {
  if (const auto known = by_object_.find(located); known != by_object_.end()) return known->second;
  if (by_object_.size() >= most_objects) by_object_.clear();
  if (by_content_.size() >= most_contents) by_content_.clear();
  const auto [at, fresh] = by_content_.try_emplace(key_of(located->stack), last_ + 1);
  if (fresh) {
    model::Stack stack = located->stack;
    stack.id = ++last_;
    tell(std::move(stack));
  }
  by_object_.emplace(located, at->second);
  return at->second;
}

} // namespace socktale::recorder
