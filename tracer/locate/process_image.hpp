// The code of one process: which module an address belongs to. Reads /proc/PID/maps when it meets
// an address that it does not know. Never reads the process's memory.
#pragma once

#include "tracer/locate/made_code.hpp"
#include "tracer/locate/maps.hpp"
#include "tracer/locate/module.hpp"
#include "tracer/locate/unwind.hpp"

#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace socktale::locate {

class ProcessImage final : public CodeSource {
 public:
  // Tells whether the code of a mapped file is the interpreter's.
  using IsInterpreter = std::function<bool(const std::string& path)>;

  // Nothing is read before it is needed. `modules` must outlive this.
  ProcessImage(Pid pid, Modules& modules) : pid_(pid), modules_(modules) {}

  const Code* code_at(std::uint64_t pc) override;
  std::uint64_t end_of_mapping(std::uint64_t address) override;

  [[nodiscard]] const std::vector<Mapping>& maps();
  // How often the maps were read: what was learned from them before is to be looked at again.
  [[nodiscard]] unsigned generation() const { return generation_; }
  void set_interpreter(IsInterpreter is_interpreter);
  // What makes code in this process, by the maps as they were read last.
  [[nodiscard]] Maker maker() const { return maker_; }

 private:
  [[nodiscard]] const Mapping* mapping_at(std::uint64_t address) const;
  [[nodiscard]] const Mapping* executable_at(std::uint64_t pc);
  // An address of code. Constness is for those who only name frames: rules are computed in the
  // stop, by the module.
  struct Known {
    Code code;
    Module* module = nullptr;
    bool keeps_frame_pointer = false; // it is walked by that where no rule is
  };
  [[nodiscard]] Known find_known(const Mapping& mapping, std::uint64_t pc);
  void read();

  Pid pid_;
  Modules& modules_;
  IsInterpreter is_interpreter_;
  std::vector<Mapping> maps_;
  unsigned generation_ = 0;
  Maker maker_ = Maker::unknown;
  bool made_keeps_frame_pointers_ = false;
  // By the mapping's low end, and by address; they start anew with every reading of the maps.
  std::unordered_map<std::uint64_t, std::shared_ptr<Module>> opened_;
  std::unordered_map<std::uint64_t, Known> codes_;
  std::unordered_set<std::uint64_t> nowhere_; // pages that held no code
  unsigned misses_ = 0;
};

} // namespace socktale::locate
