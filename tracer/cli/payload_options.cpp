#include "tracer/cli/payload_options.hpp"

#include "tracer/cli/options.hpp"
#include "tracer/decode/redactor.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <CLI/CLI.hpp>

namespace socktale::cli {
namespace {

constexpr std::size_t most = std::size_t{8} << 20; // a trace's lines have a limit (max_trace_line)

std::optional<std::size_t> number_in(const std::string& text) {
  std::size_t number = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || at != end || number > most) return std::nullopt;
  return number;
}

std::string fault_of(const std::string& text) {
  if (text == "full" || text == "len" || text == "none" || number_in(text)) return {};
  return text + " not in {full,len,none,0-" + std::to_string(most) + "}";
}

} // namespace

decode::Limits PayloadOptions::limits() const {
  decode::Limits limits;
  limits.payload = payload == "full" ? most : number_in(payload).value_or(0);
  if (payload == "none")
    limits.keep = decode::Keep::nothing;
  else if (payload == "len" || no_payload)
    limits.keep = decode::Keep::lengths;
  if (redact.empty()) return limits;
  if (std::ranges::find(redact, std::string{}) != redact.end())
    throw UserError(Exit::usage, tr("--redact: an empty pattern would hide nothing"),
                    tr("perhaps a variable of the shell is not set"));
  const auto redactor = decode::Redactor::make(redact);
  if (!redactor)
    throw UserError(Exit::usage,
                    {tr("--redact: {pattern} is no regular expression ({why})"),
                     {{"pattern", redactor.error().op}, {"why", redactor.error().detail}}},
                    tr("a character that has a meaning of its own is written with \\ before it"));
  limits.redactor = *redactor;
  limits.patterns = redact.size();
  return limits;
}

void add_payload_options(CLI::App& command, PayloadOptions& options) {
  command
      .add_option("--payload", options.payload,
                  english(tr("Payload kept of each call: full, at most a number of bytes, len "
                             "(lengths only) or none")))
      ->check(CLI::Validator(fault_of, "full|N|len|none"))
      ->capture_default_str();
  command.add_flag("--no-payload", options.no_payload, english(tr("The same as --payload len")));
  command
      .add_option("--redact", options.redact,
                  english(tr("Replace what matches this regular expression in payload by *, also "
                             "several times; a match across two calls cannot be seen")))
      ->allow_extra_args(false);
}

} // namespace socktale::cli
