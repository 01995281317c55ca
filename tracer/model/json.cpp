#include "tracer/model/json.hpp"

#include "tracer/model/json_reader.hpp"
#include "tracer/model/json_writer.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace socktale::model {

using Json = nlohmann::ordered_json;
using json::Like;
using json::Line;
using json::Source;

// In the order of the enumerations.
constexpr auto spellings(Language /*type*/) {
  return std::array<std::string_view, 5>{"unknown", "native", "python", "javascript", "java"};
}
constexpr auto spellings(Owner /*type*/) {
  return std::array<std::string_view, 5>{"unknown", "user", "library", "interpreter", "libc"};
}
constexpr auto spellings(PlaceKind /*type*/) {
  return std::array<std::string_view, 5>{"unknown", "call", "leaving", "library", "finalizing"};
}

void members(auto& io, Like<Span> auto& span) {
  io.natural("line", span.line);
  io.natural("column", span.column);
  io.natural("end_line", span.end_line);
  io.natural("end_column", span.end_column);
}

void members(auto& io, Like<Frame> auto& frame) {
  io.may("language", frame.language);
  io.may("owner", frame.owner);
  io.may("function", frame.function);
  io.may("file", frame.file);
  members(io, frame.span);
  io.may("text", frame.text);
  io.may("module", frame.module);
  io.may_hex("offset", frame.offset);
  io.may("inlined", frame.inlined);
}

void members(auto& io, Like<Place> auto& place) {
  io.may("kind", place.kind);
  io.may("file", place.file);
  members(io, place.span);
  io.may("text", place.text);
  io.may("function", place.function);
  io.may("libc", place.libc);
  io.may("event_loop", place.event_loop);
}

void members(auto& io, Like<Endpoint> auto& endpoint) {
  io.may("family", endpoint.family);
  io.may("host", endpoint.host);
  if (endpoint.host.empty())
    io.may("port", endpoint.port);
  else
    io.must("port", endpoint.port); // 0 says something here: not chosen yet
  io.may("path", endpoint.path);
  io.may("raw", endpoint.raw);
}

void members(auto& io, Like<Outcome> auto& outcome) {
  io.must("result", outcome.result);
  io.may("errno", outcome.error);
  io.may("error", outcome.error_name);
  io.may("kind", outcome.result_kind);
  io.may("as", outcome.meaning);
  io.must("left", outcome.left);
}

void members(auto& io, Like<Call> auto& call) {
  io.must("id", call.id);
  io.must("pid", call.pid);
  io.must("tid", call.tid);
  io.must("name", call.name);
  io.must("nr", call.number);
  io.may("abi", call.abi);
  io.may("via", call.via);
  io.must_hex("raw", call.raw);
  io.may("args", call.args);
  io.must("entered", call.entered);
  io.may("outcome", call.outcome);
  io.may("socket", call.socket);
  io.may("touched", call.touched);
  io.may("place", call.place);
  io.may("stack", call.stack);
}

// "type" is the event's own, so socket(2)'s type has the name that getaddrinfo(3) has for it.
void members(auto& io, Like<Socket> auto& socket) {
  io.must("id", socket.id);
  io.may("family", socket.family);
  io.may("socktype", socket.type);
  io.may("protocol", socket.protocol);
  io.may("origin", socket.origin);
  io.may("role", socket.role);
  io.may("local", socket.local);
  io.may("peer", socket.peer);
  io.may("parent", socket.parent);
  io.may("inode", socket.inode);
  io.may("gone_by", socket.gone_by);
}

void members(auto& io, Like<Stack> auto& stack) {
  io.must("id", stack.id);
  io.must("frames", stack.frames);
  io.must("complete", stack.complete);
}

void members(auto& io, Like<TaskBorn> auto& born) {
  io.must("pid", born.pid);
  io.must("tid", born.tid);
  io.must("parent", born.parent);
  io.may("role", born.role);
}

void members(auto& io, Like<TaskExec> auto& exec) {
  io.must("pid", exec.pid);
  io.may("exe", exec.exe);
  io.must("argv", exec.argv);
  io.may("cwd", exec.cwd);
  io.may("runtime", exec.runtime);
  io.may("runtime_version", exec.runtime_version);
  io.may("abi", exec.abi);
}

void members(auto& io, Like<TaskGone> auto& gone) {
  io.must("pid", gone.pid);
  io.must("tid", gone.tid);
  io.must("last", gone.last);
  io.may("status", gone.status);
  io.may("signal", gone.signal);
}

void members(auto& io, Like<Signal> auto& signal) {
  io.must("pid", signal.pid);
  io.must("tid", signal.tid);
  io.must("number", signal.number);
  io.may("name", signal.name);
  io.may("info", signal.info);
}

void members(auto& io, Like<Note> auto& note) {
  io.must("code", note.code);
  io.may("pid", note.pid);
  io.may("about", note.about);
}

void members(auto& io, Like<End> auto& end) {
  io.must("calls", end.calls);
  io.must("stops", end.stops);
}

void members(auto& io, Like<SourceFile> auto& source) {
  io.must("file", source.file);
  io.may("text", source.text);
  io.must("size", source.size);
  io.may("cut", source.cut);
  io.may("changed", source.changed);
}

void members(auto& io, Like<SocketState> auto& state) {
  io.may("socket", state.socket);
  io.may("inode", state.inode);
  io.may("peer_inode", state.peer_inode);
  io.may("family", state.family);
  io.may("socktype", state.type);
  io.may("protocol", state.protocol);
  io.may("state", state.state);
  io.may("local", state.local);
  io.may("peer", state.peer);
  io.may("v6only", state.v6only);
  io.must("recv_queue", state.recv_queue);
  io.must("send_queue", state.send_queue);
  io.may("timer", state.timer);
  io.may("timer_ms", state.timer_ms);
  io.may("retransmits", state.retransmits);
}

void members(auto& io, Like<Sample> auto& sample) {
  io.may("call", sample.call);
  io.may("at_entry", sample.at_entry);
  io.must("taken", sample.taken);
  io.must("sockets", sample.sockets);
}

void members(auto& io, Like<Sampling> auto& sampling) {
  io.must("always", sampling.always);
  io.must("percent", sampling.percent);
  io.must("sockets", sampling.sockets);
  io.may("first", sampling.first);
}

void members(auto& io, Like<Program> auto& program) {
  io.must("role", program.role);
  io.must("argv", program.argv);
}

void members(auto& io, Like<Interface> auto& interface) {
  io.must("index", interface.index);
  io.must("name", interface.name);
}

void members(auto& io, Like<Header> auto& header) {
  io.must("socktale", header.schema);
  io.must("tool", header.tool);
  io.remark("began_at", utc_date(header.began_at));
  io.must_time("began_at_ns", header.began_at);
  io.group("host", [&](auto& host) {
    host.may("kernel", header.kernel);
    host.may("machine", header.machine);
    host.may("system", header.system);
    host.may("libc", header.libc);
  });
  io.group("payload", [&](auto& payload) {
    payload.must("limit", header.payload_limit);
    payload.must("withheld", header.payload_withheld);
    payload.may("unseen", header.payload_unseen);
    payload.may("patterns", header.payload_patterns);
  });
  io.may("source_withheld", header.source_withheld);
  io.may("sampling", header.sampling);
  io.may("interfaces", header.interfaces);
  io.must("programs", header.programs);
  io.may("document", header.document);
}

namespace {

// In the order of Body.
constexpr std::array<std::string_view, std::variant_size_v<Body>> types = {
    "call", "socket", "stack", "born", "exec", "gone", "signal", "note", "end", "source", "sample"};
static_assert(!types.back().empty(), "every kind of event has a type");

// False when `type` is not known.
template <std::size_t... I>
bool read_body(const Source& source, const std::string& type, Body& body,
               std::index_sequence<I...> /*all*/) {
  return ((type == types[I] && (json::read(source, body.emplace<I>()), true)) || ...);
}

template <class Record> std::string text_of(const Record& record) {
  Line line;
  json::write(line, record);
  return line.take();
}

// From the text, so that there is one spelling.
template <class Record> Json json_of(const Record& record) { return Json::parse(text_of(record)); }

std::unexpected<Error> misfit(std::string fault) {
  return std::unexpected(Error{std::move(fault), 0, {}});
}

std::unexpected<Error> no_trace(std::string why) {
  return std::unexpected(Error{"not a socktale trace", 0, std::move(why)});
}

} // namespace

Json to_json(const Value& value) { return json_of(value); }
Json to_json(const Place& place) { return json_of(place); }
Json to_json(const Frame& frame) { return json_of(frame); }
Json to_json(const Endpoint& endpoint) { return json_of(endpoint); }

std::string to_line(const Header& header) { return text_of(header); }

std::string to_line(const Event& event) {
  Line line;
  {
    json::Writer writer(line);
    writer.must("seq", event.seq);
    writer.must("t", event.at);
    writer.must("type", std::string(types.at(event.body.index())));
    std::visit([&](const auto& body) { members(writer, body); }, event.body);
  }
  return line.take();
}

Result<Header> header_from_line(std::string_view line) {
  const auto document = json::parse(line);
  if (!document) return no_trace(document.error().op);
  std::string fault;
  const Source source(*document, fault);
  const auto schema = source.find("socktale");
  if (!schema) return no_trace("it has no header");
  Header header;
  json::read_from(*schema, header.schema, 1);
  if (!fault.empty()) return misfit(fault);
  if (header.schema <= Header::current_schema)
    json::read(source, header);
  else if (const auto tool = source.find("tool"))
    json::read(*tool, header.tool);
  if (!fault.empty()) return misfit(fault);
  return header;
}

Result<std::optional<Event>> event_from_line(std::string_view line) {
  const auto document = json::parse(line);
  if (!document) return std::unexpected(document.error());
  std::string fault;
  const Source source(*document, fault);
  Event event;
  std::string type;
  json::Reader reader(source);
  reader.must("seq", event.seq);
  reader.must("t", event.at);
  reader.must("type", type);
  if (!fault.empty()) return misfit(fault);
  if (!read_body(source, type, event.body, std::make_index_sequence<types.size()>{}))
    return std::optional<Event>{};
  if (!fault.empty()) return misfit(fault);
  return std::optional(std::move(event));
}

} // namespace socktale::model
