#include "tracer/cli/options.hpp"

#include "reports/registry.hpp"

#include <ctime>
#include <map>
#include <vector>

#include <CLI/CLI.hpp>

namespace socktale::cli {

SessionOptions TraceOptions::session() const {
  SessionOptions options;
  options.recording.limits = payload.limits();
  options.recording.attribute = !no_lines;
  options.recording.sources = !no_source;
  if (!no_samples) options.recording.sampling = model::Sampling{16, sample_time, 32, 128};
  options.filter = !no_seccomp;
  return options;
}

void add_trace_options(CLI::App& command, TraceOptions& options) {
  add_payload_options(command, options.payload);
  command.add_flag("--no-lines", options.no_lines,
                   english(tr("Do not look for the source line of each call")));
  command.add_flag("--no-source", options.no_source,
                   english(tr("Keep no text of source files; the trace says so")));
  command.add_flag("--no-samples", options.no_samples,
                   english(tr("Do not ask the kernel for the state of the sockets at the calls")));
  command
      .add_option(
          "--sample-time", options.sample_time,
          english(tr("Percent of the time that asking may take, after the first 16 calls on "
                     "each of the first 128 sockets; calls that change a socket's state are "
                     "always sampled")))
      ->check(CLI::Range(0U, 100U))
      ->capture_default_str();
  command.add_flag("--no-seccomp", options.no_seccomp,
                   english(tr("Stop at every system call instead of using a filter (slow)")));
}

void add_colour_option(CLI::App& command, Colour& colour) {
  const std::map<std::string, Colour> names = {
      {"auto", Colour::automatic}, {"always", Colour::always}, {"never", Colour::never}};
  command
      .add_option("--color,--colour", colour,
                  english(tr("Colours: auto (on a terminal), always or never")))
      ->transform(CLI::CheckedTransformer(names).description("{auto,always,never}"))
      ->default_str("auto");
}

void add_strace_options(CLI::App& command, reports::Options& look) {
  using Pids = reports::StraceLook::Pids;
  using Times = reports::StraceLook::Times;
  const std::map<std::string, Pids> pids = {
      {"column", Pids::column}, {"prefix", Pids::prefix}, {"none", Pids::none}};
  const std::map<std::string, Times> times = {{"none", Times::none},
                                              {"seconds", Times::seconds},
                                              {"fractions", Times::fractions},
                                              {"epoch", Times::epoch},
                                              {"relative", Times::relative}};
  reports::StraceLook& strace = look.strace;
  const std::string group = english(tr("Lines as strace's (--to strace)"));
  command
      .add_option("-s,--string-limit", look.string_limit,
                  english(tr("Bytes shown of each buffer (strace -s)")))
      ->capture_default_str()
      ->group(group);
  command
      .add_flag("--net", strace.net_only,
                english(tr("Only the calls that strace calls %net; not close, read, poll ...")))
      ->group(group);
  command
      .add_flag("-y,--descriptors", strace.descriptors,
                english(tr("Write behind each descriptor what its socket is (strace -yy)")))
      ->group(group);
  command
      .add_option("--pids", strace.pids,
                  english(tr("Threads: a column (strace -f -o), a prefix while there are several "
                             "(strace -f), or none")))
      ->transform(CLI::CheckedTransformer(pids).description("{column,prefix,none}"))
      ->default_str("column")
      ->group(group);
  command
      .add_option("-t,--times", strace.times,
                  english(tr("When each line was begun: seconds (strace -t), fractions (-tt), "
                             "epoch (-ttt) or relative to the line before it (-r)")))
      ->transform(
          CLI::CheckedTransformer(times).description("{none,seconds,fractions,epoch,relative}"))
      ->default_str("none")
      ->group(group);
  command
      .add_flag("-T,--time-spent", strace.time_spent,
                english(tr("How long each call took (strace -T)")))
      ->group(group);
}

reports::Options looked_at(const reports::Options& wished, Colour wish, Language language,
                           std::FILE* out) {
  reports::Options look = view(wish, language, out);
  look.string_limit = wished.string_limit;
  look.strace = wished.strace;
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  if (localtime_r(&now, &local) != nullptr) look.strace.utc_offset = local.tm_gmtoff;
  return look;
}

void add_format_option(CLI::App& command, std::string& format, bool or_trace) {
  std::vector<std::string> names;
  if (or_trace) names.emplace_back("trace");
  for (const reports::Format& known : reports::formats()) names.emplace_back(known.name);
  command
      .add_option("--to", format,
                  english(or_trace ? tr("What -o gets: the trace (JSON Lines) or a report of it")
                                   : tr("Format")))
      ->check(CLI::IsMember(names))
      ->capture_default_str();
}

} // namespace socktale::cli
