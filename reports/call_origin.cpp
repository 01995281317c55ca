#include "reports/call_origin.hpp"

#include "reports/call_list.hpp"
#include "reports/strace_text.hpp"
#include "reports/wording.hpp"
#include "tracer/base/text.hpp"

#include <optional>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

// By bytes, because marks without a width count as nothing among columns.
std::string bounded(std::string_view text) {
  constexpr std::size_t most = 1000;
  std::string out = printable(text);
  if (out.size() <= most) return out;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0) == 0x80) --end;
  return out.substr(0, end) + "…";
}

} // namespace

CallOrigins::CallOrigins(const Story& story, const Options& options)
    : story_(story), options_(options), steps_(story) {}

std::string CallOrigins::written(const model::Call& call) const {
  std::string out;
  for (const std::string& part :
       {line_label(story_, call.place), say(options_.language, to_text(expression_of(call.place)))})
    if (!part.empty()) out += (out.empty() ? ", " : " ") + part;
  return out;
}

std::string CallOrigins::of(const model::Call& call) const {
  const Step* step = steps_.step_of(call);
  const std::optional<int> fd = descriptor_of(story_, call);
  const std::string role = step ? story_.sides[step->side].role + " " : "";
  return bounded(fmt::format("{}pid {} tid {}{}: {}{}", role, call.pid.value, call.tid.value,
                             fd ? fmt::format(" fd {}", *fd) : "",
                             call_text(call, options_.string_limit), written(call)));
}

std::string CallOrigins::short_of(const model::Call& call) const {
  return bounded(fmt::format("{} = {}{}", printable(call.name),
                             result_text(call, options_.string_limit), written(call)));
}

} // namespace socktale::reports
