#include "tracer/cli/running.hpp"

#include "tracer/base/process_status.hpp"
#include "tracer/recorder/processes.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <vector>

#include <fmt/format.h>

#include <unistd.h>

namespace socktale::cli {
namespace {

// What /proc/PID/status says, as far as it tells why a process cannot be joined (proc(5)).
struct Status {
  std::string name;
  pid_t process = 0; // that it is a thread of
  pid_t tracer = 0;
  long user = -1;
  char state = 0;
  bool kernel_thread = false;
};

Status status_of(Pid pid) {
  const ProcessStatus read(pid.value);
  Status status;
  status.name = read.value("Name");
  status.process = read.number<pid_t>("Tgid");
  status.tracer = read.number<pid_t>("TracerPid");
  if (!read.value("Uid").empty()) status.user = read.number<long>("Uid");
  if (const auto state = read.value("State"); !state.empty()) status.state = state.front();
  const bool has_memory = !read.value("VmSize").empty();
  status.kernel_thread = status.process != 0 && !has_memory && status.state != 'Z';
  return status;
}

bool is_thread(Pid pid, const Status& status) {
  return status.process != 0 && status.process != pid.value;
}

bool has_ended(const Status& status) { return status.state == 'Z' || status.state == 'X'; }

UserError refusal(Pid pid, Exit exit, const Phrase& what, const Said& hint) {
  return {exit, {what, {{"pid", pid.value}}}, hint};
}

UserError not_permitted(Pid pid, const Status& status) {
  const Phrase what = tr("process {pid} may not be traced by you");
  if (geteuid() != 0 && static_cast<long>(geteuid()) != status.user)
    return refusal(pid, Exit::no_permission, what, tr("it is another user's: try with sudo"));
  if (yama_scope() >= 1)
    return refusal(pid, Exit::no_permission, what,
                   {tr("kernel.yama.ptrace_scope is {scope}: run as root, or allow it with "
                       "'sysctl kernel.yama.ptrace_scope=0' (3 stays until the next boot)"),
                    {{"scope", yama_scope()}}});
  return refusal(pid, Exit::no_permission, what,
                 tr("it may have more privileges than you, or a container forbids ptrace(2): try "
                    "with sudo, or outside of the container"));
}

} // namespace

int yama_scope() {
  std::ifstream file("/proc/sys/kernel/yama/ptrace_scope");
  int scope = -1;
  file >> scope;
  return scope;
}

std::string name_of(Pid pid) {
  const std::vector<std::string> arguments = recorder::arguments_of(pid);
  const std::string path = arguments.empty() ? std::string{} : arguments.front();
  std::string name = std::filesystem::path(path).filename().string();
  // Some write what they do over their arguments: "nginx: worker process".
  if (!name.empty() && name.find(' ') == std::string::npos) return name;
  return status_of(pid).name;
}

void check_process(Pid pid) {
  // The kernel would take any of its threads for the process.
  if (is_thread(pid, status_of(pid))) throw cannot_attach(pid, 0);
}

UserError cannot_attach(Pid pid, int code) {
  const Status status = status_of(pid);
  const Phrase none = tr("there is no process {pid}");
  if (status.process == 0)
    return refusal(pid, Exit::no_input, none, tr("ps -e shows which there are"));
  if (has_ended(status))
    return refusal(pid, Exit::no_input, tr("process {pid} has ended"),
                   tr("its parent has not asked for its exit status yet, which is why it is "
                      "still listed"));
  if (is_thread(pid, status))
    return refusal(pid, Exit::usage, tr("{pid} is a thread, not a process"),
                   {tr("it is one of process {process}: socktale attach {process}"),
                    {{"process", status.process}}});
  if (status.kernel_thread)
    return refusal(pid, Exit::no_permission, tr("process {pid} is a thread of the kernel"),
                   tr("it runs no program, and makes no system calls"));
  const Status tracer = status_of(Pid{status.tracer}); // may be a thread
  if (status.tracer != 0)
    return refusal(pid, Exit::no_permission, tr("process {pid} is being traced already"),
                   {tr("a program has one tracer at a time; this one's is process {tracer} "
                       "({name})"),
                    {{"tracer", tracer.process}, {"name", tracer.name}}});
  if (code == EPERM || code == EACCES) return not_permitted(pid, status);
  return {Exit::os_error,
          {tr("process {pid} cannot be traced: {why}"),
           {{"pid", pid.value}, {"why", Error{"ptrace", code, {}}.said()}}},
          tr("try again, with sudo")};
}

} // namespace socktale::cli
