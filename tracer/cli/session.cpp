#include "tracer/cli/session.hpp"

#include "tracer/cli/running.hpp"
#include "tracer/decode/numbers.hpp"
#include "tracer/recorder/environment.hpp"

#include <cerrno>

namespace socktale::cli {
namespace {

UserError refused(const Error& error) {
  const Said what(tr("tracing is refused here: {error}"), {{"error", error.said()}});
  if (error.op == "seccomp")
    return {Exit::no_permission, what,
            tr("this system allows no seccomp filter; try --no-seccomp, which is slower")};
  if (yama_scope() >= 2)
    return {Exit::no_permission,
            what,
            {tr("kernel.yama.ptrace_scope is {scope}: run as root, or allow it with "
                "'sysctl kernel.yama.ptrace_scope=1' (3 stays until the next boot)"),
             {{"scope", yama_scope()}}}};
  return {Exit::no_permission, what,
          tr("a container or sandbox forbids ptrace(2): start it with the SYS_PTRACE capability "
             "(docker run --cap-add=SYS_PTRACE), or trace outside of it")};
}

UserError cannot_run(const std::string& name, int code) {
  if (code == ENOENT)
    return {Exit::not_found,
            {tr("{command}: command not found"), {{"command", name}}},
            tr("check the spelling, or give its path; what follows -- is run as it stands")};
  if (code == EACCES)
    return {Exit::not_executable,
            {tr("{command}: not an executable file"), {{"command", name}}},
            {tr("make it executable with chmod +x, or name its interpreter: python3 {command}"),
             {{"command", name}}}};
  return {Exit::not_executable,
          {tr("{file}: {fault}"), {{"file", name}, {"fault", Error{"exec", code, {}}.said()}}},
          tr("is it a program for this machine? A 32-bit one runs only where the kernel has "
             "CONFIG_IA32_EMULATION, and has it switched on")};
}

engine::Mode mode_of(const SessionOptions& options) {
  return options.filter && !options.joins ? engine::Mode::filtered : engine::Mode::every_call;
}

recorder::Settings settings_of(const SessionOptions& options) {
  recorder::Settings settings = options.recording;
  settings.filtered = mode_of(options) == engine::Mode::filtered;
  return settings;
}

} // namespace

Session::Session(const SessionOptions& options, const std::vector<model::Program>& programs,
                 const std::vector<model::Sink*>& sinks, recorder::Watcher* watcher)
    : interrupts_(options.joins ? Interrupts::First::ends_tracing
                                : Interrupts::First::ends_programs),
      joins_(options.joins),
      tracer_(recorder::wanted_calls(), mode_of(options)),
      recorder_(settings_of(options), clock_, sinks, watcher) {
  model::Header header = recorder::describe_environment(clock_);
  header.payload_limit = options.recording.limits.payload;
  header.payload_withheld = options.recording.limits.keep != decode::Keep::bytes;
  header.payload_unseen = options.recording.limits.keep == decode::Keep::nothing;
  header.payload_patterns = options.recording.limits.patterns;
  header.source_withheld = !options.recording.sources;
  header.sampling = options.recording.sampling;
  header.programs = programs;
  header.document = options.document;
  for (model::Sink* sink : sinks) sink->begin(header);
}

Pid Session::start(const ProgramStart& program) {
  const std::string name = program.argv.empty() ? "" : program.argv.front();
  const auto path = engine::find_program(name);
  if (!path) throw cannot_run(name, path.error().code);
  engine::Launch launch{*path, program.argv, program.stdio, interrupts_.former_mask()};
  const auto pid = tracer_.start(launch);
  if (!pid) {
    if (pid.error().op == "execve") throw cannot_run(name, pid.error().code);
    if (pid.error().op == "ptrace" || pid.error().op == "seccomp") throw refused(pid.error());
    throw UserError(
        Exit::os_error,
        {tr("cannot start {command}: {why}"), {{"command", name}, {"why", pid.error().said()}}},
        tr("the system is out of something that a new process needs"));
  }
  started_[*pid] = std::nullopt;
  interrupts_.watch(*pid);
  recorder_.started(*pid, program.role);
  return *pid;
}

void Session::attach(Pid pid, const std::string& role) {
  const auto threads = tracer_.attach(pid);
  if (!threads) {
    // Those that were joined before are to be left as they were, which their first stops are for.
    interrupts_.end_tracing();
    while (auto stop = tracer_.next(interrupts_.give_up())) recorder_.handle(std::move(*stop));
    throw cannot_attach(pid, threads.error().code);
  }
  recorder_.attached(pid, role, *threads);
}

void Session::run(const std::function<void()>& after_each) {
  while (auto stop = tracer_.next(interrupts_.give_up())) {
    if (const auto* gone = std::get_if<engine::Gone>(&*stop); gone != nullptr && gone->last)
      if (const auto program = started_.find(gone->pid); program != started_.end())
        program->second = Ending{gone->status, gone->signal};
    recorder_.handle(std::move(*stop));
    if (after_each) after_each();
  }
  if (interrupts_.first() != 0)
    recorder_.note({joins_ ? "let-go" : "interrupted",
                    {},
                    {{"signal", decode::signal_name(interrupts_.first())}}});
  recorder_.finish(tracer_.syscall_stops());
}

std::optional<Ending> Session::ending(Pid pid) const {
  const auto program = started_.find(pid);
  return program == started_.end() ? std::nullopt : program->second;
}

} // namespace socktale::cli
