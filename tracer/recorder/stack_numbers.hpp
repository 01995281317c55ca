// Numbers for stacks: a stack goes into the trace once, and calls name it by its number. Forgets in
// bounds: a stack that was forgotten is told again under another number.
#pragma once

#include "tracer/locate/locator.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

namespace socktale::recorder {

class StackNumbers {
 public:
  using Tell = std::function<void(model::Stack)>;
  // The stack's number; `tell` gets the stack when it is new.
  [[nodiscard]] std::uint32_t id_of(const std::shared_ptr<const locate::Located>& located,
                                    const Tell& tell);

 private:
  // By object first: the locator gives the same one for most calls.
  std::unordered_map<std::shared_ptr<const locate::Located>, std::uint32_t> by_object_;
  std::unordered_map<std::string, std::uint32_t> by_content_;
  std::uint32_t last_ = 0;
};

} // namespace socktale::recorder
