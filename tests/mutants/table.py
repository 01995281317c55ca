"""The promises that are broken (mutants.py): the lines that are changed, and what must notice: scenes of
programs/transparency/scenes.c, FOLDER/TEST of the Python tests, web/NAME of the page's, unit_NAME/TEST of Catch2's."""
import dataclasses


@dataclasses.dataclass
class Mutant:
    name: str
    source: str
    changes: list
    noticed_by: list


TRACER = "tracer/engine/tracer.cpp"
OWN_CALLS = "tracer/engine/tracer_own_calls.cpp"
ATTACH = "tracer/engine/attach.cpp"
WRITER = "tracer/model/trace_writer.cpp"
SIGNALS = """  const Signalled seen{task.pid, tid, signal, signal_info(tid)};
  restart(tid, signal);"""


def swallowed(condition):
    return [(SIGNALS, SIGNALS.replace("restart(tid, signal)", f"restart(tid, {condition} ? 0 : signal)"))]


MUTANTS = [
    # Followed through exec, fork, vfork and clone.
    Mutant("exec from a thread is dropped", TRACER, [("    tasks_.erase(former);\n", "    return std::nullopt;\n")], ["exec-thread"]),
    Mutant("vfork is not followed", TRACER, [(" | PTRACE_O_TRACEVFORK", "")], ["vfork"]),
    Mutant("fork is not followed", TRACER, [(" | PTRACE_O_TRACEFORK", "")],
           ["clone-flags", "group-stop", "child-signal", "killed-inside", "daemon", "namespaces", "e2e/test_hostile.HostileCalls.test_forks",
            "transparency/test_load"]),
    Mutant("threads are not followed", TRACER, [("         PTRACE_O_TRACECLONE |", "        ")],
           ["interrupted", "sa-restart", "leader-ends-first"]),
    Mutant("CLONE_UNTRACED is left", OWN_CALLS, [("hider != nullptr && !outlived_", "hider == nullptr && outlived_")],
           ["clone-untraced", "e2e/test_unseen.Unseen.test_an_untraced_child"]),
    Mutant("our argument stays in such a child", TRACER, [("(void)settle(tid, task, *own, 0);", "(void)tid;")], ["clone-untraced"]),
    # Stops and signals.
    Mutant("group-stops go on", TRACER, [("    ptrace_number(PTRACE_LISTEN, tid, 0);", "    restart(tid, 0);")],
           ["group-stop", "transparency/test_job_control"]),
    Mutant("real-time signals are lost", TRACER, swallowed("signal >= SIGRTMIN"), ["siginfo"]),
    Mutant("SIGUSR1 is lost", TRACER, swallowed("signal == SIGUSR1"), ["interrupted", "sa-restart", "signal-mask"]),
    Mutant("SIGUSR2 is lost", TRACER, swallowed("signal == SIGUSR2"), ["death-signal"]),
    Mutant("SIGCHLD is lost", TRACER, swallowed("signal == SIGCHLD"), ["child-signal"]),
    Mutant("SIGALRM is lost", TRACER, swallowed("signal == SIGALRM"), ["timer"]),
    Mutant("SIGSEGV is lost", TRACER, swallowed("signal == SIGSEGV"), ["fault"]),
    Mutant("every SIGTRAP is taken for ours", TRACER, [("  if (signal == syscall_trap) return",
                                                        "  if (signal == SIGTRAP) { restart(tid, 0); return std::nullopt; }\n"
                                                        "  if (signal == syscall_trap) return")], ["breakpoint"]),
    Mutant("restarts become EINTR", TRACER, [("    std::int64_t result = info.exit.rval;",
                                              "    std::int64_t result = info.exit.rval;\n    if (result == tables::restart_block)\n"
                                              "      ptrace(PTRACE_POKEUSER, tid.value, offsetof(user, regs.rax), -EINTR);")],
           ["restart-syscall"]),
    # Ends.
    Mutant("nobody ends", TRACER, [("  default: restart(tid, 0); return std::nullopt;", "  default: return std::nullopt;"),
                                   ("PTRACE_O_TRACESECCOMP;", "PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEEXIT;")],
           ["exit-group-inside", "leader-ends-first"]),
    Mutant("a call is held until its thread is killed", TRACER, [("  return Stop{std::in_place_type<EntryStop>, *this, task.pid, tid, entry};",
                                                                 "  if (entry.number == SYS_recvfrom) return std::nullopt;\n"
                                                                 "  return Stop{std::in_place_type<EntryStop>, *this, task.pid, tid, entry};")],
           ["killed-inside"]),
    # Privileges and filters.
    Mutant("a program's own filter is refused", OWN_CALLS, [("if (has_filter_now(call, result)) on_own_filter(task, call);",
                                                            "if (has_filter_now(call, result)) return answer(tid, -EINVAL);")], ["own-filter"]),
    Mutant("our filter shows", OWN_CALLS, [("result > 0 && !task.guise.filter", "result < 0")], ["own-rights"]),
    Mutant("strict mode is refused", OWN_CALLS, [("    if (result != -EINVAL || task.guise.filter) break;", "    break;")],
           ["strict-mode", "e2e/test_unseen.Unseen.test_strict_mode"]),
    Mutant("strict mode forbids nothing", OWN_CALLS, [("  if (!task.guise.strict ||", "  if (task.guise.strict ||")], ["strict-mode"]),
    Mutant("staying root gives up filters", "tracer/engine/tracer_filters.cpp", [("user == 0 ||", "user == 7 ||")],
           ["e2e/test_watched.EveryCallOnASocket.test_files_beside_sockets_do_not_stop"]),
    Mutant("NO_NEW_PRIVS is always set", "tracer/engine/launch.cpp",
           [("  if (filter.len == 0) return true;", "  if (filter.len == 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return true;")],
           ["transparency/test_transparency"]),
    Mutant("lost privileges are not noted", "tracer/recorder/recorder.cpp", [("  if (lost) emit(std::move(*lost));", "")],
           ["e2e/test_unseen.Unseen.test_privileges_that_a_file_would_give"]),
    Mutant("a refused tracer is not noted", "tracer/recorder/unseen.cpp", [("result == -EPERM && call.ours", "result > 0 && call.ours")],
           ["e2e/test_unseen.Unseen.test_a_tracer_of_its_own_children"]),
    # Attached.
    Mutant("EINTR of the interruption shows", ATTACH, [("  if (result != -EINTR || call == close", "  if (call == close || result != -EINTR || true")],
           ["e2e/test_attach.Waiting.test_64", "e2e/test_attach.Waiting.test_32"]),
    Mutant("what was attached dies with us", ATTACH, [("tid.value, nullptr, trace_options())", "tid.value, nullptr, trace_options() | PTRACE_O_EXITKILL)")],
           ["e2e/test_attach.Waiting.test_let_go_by_a_kill"]),
    Mutant("what an attached one starts is missed", ATTACH, [("tid.value, nullptr, trace_options())", "tid.value, nullptr, PTRACE_O_TRACESYSGOOD)")],
           ["e2e/test_attach.Found.test_children_and_another_program", "e2e/test_attach.Found.test_threads_that_start_others"]),
    Mutant("what an attached one has open is not found", "tracer/recorder/found_sockets.cpp", [('    learn(pid, each.fd, "found");', '    if (each.fd < 0) learn(pid, each.fd, "found");')],
           ["e2e/test_attach.Found.test_sockets_from_before_are_found"]),
    # Namespaces.
    Mutant("sockets of every network are sampled", "tracer/recorder/sampler.cpp", [("  if (!in_our_network) {", "  if (!in_our_network && socket.id.value == 0) {")],
           ["e2e/test_kernel_view.OtherNetworks.test_a_socket_of_another_namespace_is_not_sampled"]),
    # The trace survives.
    Mutant("programs outlive a killed tracer", TRACER, [("trace_options() | PTRACE_O_EXITKILL", "trace_options()")],
           ["e2e/test_survival.Ended.test_kill_9_in_the_middle"]),
    Mutant("two write to one file", WRITER, [("errno == EWOULDBLOCK", "errno == EBADF")],
           ["e2e/test_survival.Ended.test_several_tracers_for_one_file"]),
    Mutant("a write that failed is not said", WRITER, [("  failure_ = Error{", "  if (error == 0) failure_ = Error{")],
           ["e2e/test_survival.NoRoom.test_a_full_disk", "e2e/test_survival.NoRoom.test_a_limit_on_file_sizes"]),
    Mutant("a reader that goes away ends us", WRITER, [("  sigaddset(&mine, SIGPIPE);\n", "")], ["unit_model/a reader that goes away does not end the tracer"]),
    Mutant("half a line stays where the disk is full", WRITER, [("  if (end < 0 || written == whole) return;", "  return;")],
           ["e2e/test_survival.NoRoom.test_a_limit_on_file_sizes"]),
    Mutant("signals are not passed on", "tracer/cli/interrupts.cpp", [("    if (info.si_code != SI_KERNEL) pass_on(signal);", "")],
           ["e2e/test_run.Interrupted.test_sigterm_is_handed_on", "e2e/test_survival.Ended.test_signals_in_the_middle"]),
    # Hostile programs.
    Mutant("vectors are bounded for each message alone", "tracer/decode/payload.cpp",
           [("std::min<std::uint64_t>(count, left.vectors)", "std::min<std::uint64_t>(count, max_items)"),
            ("  left.vectors -= wanted;", "  left.vectors -= std::min(wanted, left.vectors);")],
           ["e2e/test_hostile.HostileCalls.test_vectors_are_bounded_for_all_messages_together"]),
    Mutant("frames of Python may go round for ever", "tracer/locate/python/frames.cpp",
           [("    if (step == most_steps || walk.frames.size() == most_frames) return walk;", "    if (walk.frames.size() == 1U << 30U) return walk;")],
           ["e2e/test_hostile.HostileCalls.test_frames_in_a_circle"]),
    Mutant("memory that is not there is tried for ever", "tracer/engine/process_memory.cpp",
           [("next = batch.owner.at(whole) + 1;", "next = batch.owner.at(whole);")], ["e2e/test_hostile.HostileCalls.test_calls"]),
    Mutant("a length is taken at its word", "tracer/decode/layout.cpp",
           [("static_cast<std::size_t>(std::min<std::uint64_t>(stated, cap))", "static_cast<std::size_t>(cap == 0 ? cap : stated)")],
           ["e2e/test_hostile.HostileCalls.test_calls"]),
    Mutant("control messages may go on for ever", "tracer/decode/control.cpp",
           [("    if (control->length < control_header_size(layout)) break;\n", ""),
            ("  control.end = from + ", "  control.end = control.length == 0 ? from : from + ")],
           ["e2e/test_hostile.HostileCalls.test_calls"]),
    Mutant("payload steers the terminal", "tracer/base/text.cpp",
           [("{ return !in(code_point, unsafe); }", "{ return !in(code_point, unsafe) || code_point != 0; }"), ("c >= ' ' && c < 0x7f", "c != 0")],
           ["e2e/test_hostile.HostilePayload.test_terminal", "e2e/test_hostile.HostilePayload.test_live_lines"]),
    Mutant("payload ends a cell of Markdown", "reports/markdown_text.cpp", [("    if (c == '|') inner += '\\\\';\n", "")],
           ["e2e/test_hostile.HostilePayload.test_markdown"]),
    Mutant("payload ends the page's script", "reports/page.cpp", [('text.replace(at, 1, "\\\\u003c");', "++at;")], ["web/real"]),
    Mutant("debug information may go round for ever", "tracer/locate/dwarf.cpp",
           [("i < deepest; ++i) {\n    auto next = linked", "i < SIZE_MAX; ++i) {\n    auto next = linked")],
           ["unit_locate/debug information that goes round in circles has an end"]),
    Mutant("debug information is believed to be there", "tracer/locate/dwarf.cpp", [("    if (range == nullptr || dwarf_offdie(", "    if (dwarf_offdie(")],
           ["e2e/test_hostile.ForgedDebugInformation.test_sections_of_anything"]),
    Mutant("files are opened by our rights", "tracer/base/regular_file.cpp",
           [("::geteuid() != 0 || user.uid == 0) return;", "::geteuid() != 0 || user.uid != ~0U) return;")],
           ["e2e/test_hostile.OthersFiles.test_python", "e2e/test_hostile.OthersFiles.test_python_that_gives_its_rights_up",
            "e2e/test_hostile.OthersFiles.test_debug_information"]),
    Mutant("sockets long gone are looked up", "tracer/recorder/socket_book.cpp", [("return id && entries_.contains(*id) ?", "return id ?")],
           ["unit_recorder/calls that end long after their socket was closed change nothing of it"]),
    Mutant("faster once is faster for ever", "tracer/engine/sharing_rule.cpp", [("seen.stops > before_->stops && now", "now")],
           ["unit_engine/who no longer gets on faster apart is brought back"]),
    Mutant("a line may have no end", "tracer/model/trace_reader.cpp", [("buffer_.size()) - start_ > max_trace_line)", "buffer_.size()) - start_ > 1UL << 60U)")],
           ["e2e/test_survival.AnyBytes.test_what_has_no_end_or_no_bottom"]),
    Mutant("a value may have no bottom", "tracer/model/json_line.cpp", [("max_depth = 64;", "max_depth = std::size_t{1} << 60U;"),
                                                                       ("max_values = std::size_t{1} << 18;", "max_values = std::size_t{1} << 60U;")],
           ["e2e/test_survival.AnyBytes.test_what_has_no_end_or_no_bottom"]),
]
