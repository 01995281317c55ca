#include "reports/otlp_attributes.hpp"

#include "reports/facts.hpp"
#include "reports/sentences.hpp"
#include "reports/strace_text.hpp"
#include "reports/talk_text.hpp"
#include "reports/wording.hpp"

#include <algorithm>
#include <array>
#include <concepts>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace socktale::reports {
namespace {

using Json = nlohmann::ordered_json;

Json any(const std::string& text) { return {{"stringValue", text}}; }

// AnyValue of common.proto. Texts that are empty and what is unknown are left out.
class Attributes {
 public:
  void text(const char* key, const std::string& value) {
    if (!value.empty()) put(key, any(value));
  }
  void number(const char* key, std::integral auto value) {
    put(key, {{"intValue", fmt::to_string(value)}}); // 64-bit numbers are texts in JSON
  }
  void flag(const char* key, bool value) { put(key, {{"boolValue", value}}); }
  void texts(const char* key, const std::vector<std::string>& values) {
    Json list = Json::array();
    for (const std::string& value : values) list.push_back(any(value));
    put(key, {{"arrayValue", {{"values", std::move(list)}}}});
  }
  Json take() { return std::move(list_); }

 private:
  void put(const char* key, Json value) {
    list_.push_back({{"key", key}, {"value", std::move(value)}});
  }
  Json list_ = Json::array();
};

struct Name {
  std::string_view ours, theirs;
};
constexpr std::array architectures = {Name{"x86_64", "amd64"}, Name{"aarch64", "arm64"}};

void put_place(Attributes& out, const model::Place& place) {
  out.text("code.file.path", place.file);
  if (place.span.line > 0) out.number("code.line.number", place.span.line);
  if (place.span.column > 0) out.number("code.column.number", place.span.column);
  out.text("code.function.name", place.function);
  out.text("socktale.expression", place.text);
}

std::string transport_of(const model::Socket& socket) {
  if (socket.family == "AF_UNIX") return "unix";
  if (!socket.family.starts_with("AF_INET")) return "";
  // IPPROTO_IP is 0, the family's own protocol for the type.
  constexpr std::array<std::string_view, 3> own = {"", "IPPROTO_IP", "IPPROTO_TCP"};
  if (socket.type == "SOCK_STREAM" && std::ranges::find(own, socket.protocol) != own.end())
    return "tcp";
  return socket.type == "SOCK_DGRAM" ? "udp" : "";
}

void put_endpoint(Attributes& out, const char* address, const char* port,
                  const std::optional<model::Endpoint>& endpoint) {
  if (!endpoint) return;
  if (!endpoint->family.starts_with("AF_INET")) return out.text(address, endpoint->path);
  out.text(address, endpoint->host);
  out.number(port, endpoint->port);
}

void put_socket(Attributes& out, const Story& story, const model::Call& call) {
  if (call.socket) out.number("socktale.socket", call.socket->value);
  if (const auto fd = descriptor_of(story, call)) out.number("socktale.fd", *fd);
  const model::Socket* socket = addressed(story, call);
  if (!socket) return;
  out.text("network.transport", transport_of(*socket));
  if (socket->family == "AF_INET") out.text("network.type", "ipv4");
  if (socket->family == "AF_INET6") out.text("network.type", "ipv6");
  put_endpoint(out, "network.local.address", "network.local.port", socket->local);
  put_endpoint(out, "network.peer.address", "network.peer.port", socket->peer);
}

void put_outcome(Attributes& out, const model::Call& call) {
  out.flag("socktale.call.returned", call.outcome.has_value());
  if (!call.outcome) return;
  out.number("socktale.call.result", call.outcome->result);
  out.text("socktale.call.errno", call.outcome->error_name);
  if (is_trouble(call))
    out.text("error.type", call.outcome->error_name.empty() ? "_OTHER" : call.outcome->error_name);
}

void put_wait(Attributes& out, const Story& story, const Wait& wait, const Options& options) {
  out.number("socktale.wait.ns", wait.ns);
  if (wait.released_by) out.number("socktale.wait.released_by", wait.released_by->id.value);
  out.text("socktale.wait.says", say(options.language, wait_sentence(story, wait)));
}

} // namespace

Json resource_attributes(const Story& story, const Process& process) {
  const model::Header& header = story.trace->header;
  Attributes out;
  out.text("service.name", story.sides[process.side].role);
  out.number("process.pid", process.pid.value);
  if (process.parent) out.number("process.parent_pid", story.processes[*process.parent].pid.value);
  if (const model::TaskExec* program = program_of(story, process)) {
    out.text("process.executable.path", program->exe);
    out.texts("process.command_args", program->argv);
    out.text("process.working_directory", program->cwd);
    out.text("process.runtime.name", program->runtime);
    out.text("process.runtime.version", program->runtime_version);
  }
  const auto* known = std::ranges::find(architectures, header.machine, &Name::ours);
  out.text("host.arch", known != architectures.end() ? std::string(known->theirs) : header.machine);
  out.text("os.type", "linux");
  out.text("os.description", header.system);
  out.text("os.version", header.kernel);
  out.text("socktale.libc", header.libc);
  out.flag("socktale.payload_withheld", header.payload_withheld);
  if (header.payload_patterns != 0)
    out.number("socktale.payload_patterns", header.payload_patterns);
  out.flag("socktale.complete", !story.trace->cut && story.end != nullptr);
  return out.take();
}

Json end_attributes(const Process& process) {
  Attributes out;
  if (process.gone && process.gone->status) out.number("process.exit.code", *process.gone->status);
  if (process.gone && process.gone->signal) out.number("socktale.signal", *process.gone->signal);
  return out.take();
}

Json signal_attributes(const model::Signal& signal) {
  Attributes out;
  out.number("socktale.signal", signal.number);
  out.number("thread.id", signal.tid.value);
  return out.take();
}

Json step_attributes(const Story& story, const Step& step, const Options& options) {
  Attributes out;
  out.number("thread.id", step.main().tid.value);
  out.number("socktale.step", step.number);
  out.text("socktale.says",
           say(options.language, sentence(step.main(), socket_of(story, step.main()))));
  put_place(out, step.place());
  put_socket(out, story, step.main());
  if (is_trouble(step.main())) out.text("error.type", step.main().outcome->error_name);
  return out.take();
}

Json call_attributes(const Story& story, const ListedCall& listed, const Options& options,
                     const Wait* wait) {
  const model::Call& call = *listed.call;
  Attributes out;
  out.number("thread.id", call.tid.value);
  out.number("socktale.step", story.steps[listed.step].number);
  out.number("socktale.call", call.id.value);
  out.number("socktale.call.number", call.number);
  out.text("socktale.call.text", call_text(call, options.string_limit));
  out.flag("socktale.call.hidden", listed.hidden);
  out.text("socktale.says", say(options.language, sentence(call, socket_of(story, call))));
  put_outcome(out, call);
  if (direction_of(call) != Direction::neither) out.number("socktale.bytes", bytes_moved(call));
  put_socket(out, story, call);
  put_place(out, call.place);
  if (wait) put_wait(out, story, *wait, options);
  return out.take();
}

Json transfer_attributes(const Transfer& transfer) {
  Attributes out;
  out.number("socktale.bytes", transfer.length);
  out.number("socktale.offset", transfer.offset);
  return out.take();
}

} // namespace socktale::reports
