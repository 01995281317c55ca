#include "tests/unit/reports/sample_trace.hpp"

#include <utility>

namespace socktale::test {

using model::Field;
using model::Value;

Value symbol(std::int64_t number, std::string name) {
  return {model::Symbol{number, std::move(name)}};
}
Value flags(std::uint64_t number, std::vector<model::Name> names) {
  return {model::Flags{number, std::move(names), 0}};
}
Value fd(int number) { return {model::Fd{number}}; }
Value number(std::int64_t number) { return {number}; }
Value null() { return {model::Pointer{0}}; }
Value bytes(std::string data) {
  const std::uint64_t length = data.size();
  return {model::Bytes{std::move(data), length, false}};
}
Value length_at(std::int64_t length) { return {model::List{{Value{length}}, 1}}; }

namespace {

Value made(std::string by, std::vector<Value> of) {
  return {model::Made{std::move(by), std::move(of)}};
}
Value text(std::string text) { return {model::Text{std::move(text)}}; }
Value structure(std::vector<Field> members) { return {model::Struct{std::move(members)}}; }

} // namespace

Value inet(const std::string& host, int port) {
  return structure({in("sa_family", symbol(2, "AF_INET")),
                    in("sin_port", made("htons", {Value{std::int64_t{port}}})),
                    in("sin_addr", made("inet_addr", {text(host)}))});
}
Value inet6(const std::string& host, int port) {
  return structure({in("sa_family", symbol(10, "AF_INET6")),
                    in("sin6_port", made("htons", {Value{std::int64_t{port}}})),
                    in("sin6_flowinfo", made("htonl", {Value{std::int64_t{0}}})),
                    in("sin6_addr", made("inet_pton", {symbol(10, "AF_INET6"), text(host)})),
                    in("sin6_scope_id", Value{std::int64_t{0}})});
}
Value unix_path(const std::string& path) {
  if (path.empty()) return structure({in("sa_family", symbol(1, "AF_UNIX"))});
  return structure({in("sa_family", symbol(1, "AF_UNIX")), in("sun_path", text(path))});
}

Field in(std::string name, Value value) { return {std::move(name), std::move(value), {}}; }
Field out(std::string name, Value value) {
  return {std::move(name), {model::Pointer{0x7ffd0010}}, std::move(value)};
}
Field in_out(std::string name, Value before, Value after) {
  return {std::move(name), std::move(before), std::move(after)};
}

model::Place line(std::string file, int line, std::string text, std::string libc) {
  model::Place place;
  place.kind = model::PlaceKind::call;
  place.file = std::move(file);
  place.span = {line, 1, line, static_cast<std::int32_t>(text.size()) + 1};
  place.text = std::move(text);
  place.function = "<module>";
  place.libc = std::move(libc);
  return place;
}

model::Place clean_up(std::string libc) {
  model::Place place;
  place.kind = model::PlaceKind::finalizing;
  place.libc = std::move(libc);
  return place;
}

TraceBuilder::TraceBuilder() {
  trace_.header.tool = "socktale 0.1.0";
  trace_.header.began_at = 1'767'225'600'000'000'000; // 2026-01-01
  trace_.header.kernel = "6.1.0-18-amd64";
  trace_.header.machine = "x86_64";
  trace_.header.system = "Debian GNU/Linux 12 (bookworm)";
  trace_.header.libc = "glibc 2.36";
  trace_.header.payload_limit = 4096;
}

model::Event& TraceBuilder::add(model::Body body) {
  now_ += 1'000'000;
  trace_.events.push_back({trace_.events.size() + 1, {now_}, std::move(body)});
  return trace_.events.back();
}

TraceBuilder& TraceBuilder::of_document() {
  trace_.header.document = "hello-hi";
  return *this;
}

TraceBuilder& TraceBuilder::program(const std::string& role, std::vector<std::string> argv) {
  trace_.header.programs.push_back({role, std::move(argv)});
  return *this;
}

TraceBuilder& TraceBuilder::born(int pid, const std::string& role, int parent) {
  add(model::TaskBorn{{pid}, {pid}, {parent}, role});
  return *this;
}

TraceBuilder& TraceBuilder::thread(int pid, int tid) {
  add(model::TaskBorn{{pid}, {tid}, {pid}, ""});
  return *this;
}

TraceBuilder& TraceBuilder::exec(int pid, std::vector<std::string> argv,
                                 const std::string& runtime) {
  model::TaskExec exec;
  exec.pid = {pid};
  exec.exe = "/usr/bin/" + argv.at(0);
  exec.argv = std::move(argv);
  exec.cwd = "/home/student/chat";
  exec.runtime = runtime;
  exec.runtime_version = runtime.empty() ? "" : "3.11.2";
  exec.abi = "x86-64";
  add(std::move(exec));
  return *this;
}

TraceBuilder& TraceBuilder::gone(int pid, int status) {
  add(model::TaskGone{{pid}, {pid}, true, status, std::nullopt});
  return *this;
}

TraceBuilder& TraceBuilder::socket(model::Socket socket) {
  add(std::move(socket));
  return *this;
}

TraceBuilder& TraceBuilder::note(model::Note note) {
  add(std::move(note));
  return *this;
}

TraceBuilder& TraceBuilder::source(model::SourceFile source) {
  add(std::move(source));
  return *this;
}

TraceBuilder& TraceBuilder::sample(std::vector<model::SocketState> sockets) {
  auto& event = add(model::Sample{{}, false, {}, std::move(sockets)}); // which moves the time on
  std::get<model::Sample>(event.body).taken = {now_};
  return *this;
}

TraceBuilder& TraceBuilder::call(int pid, std::string name, int number, std::vector<Field> args,
                                 std::int64_t result, const model::Place& place) {
  model::Call call;
  call.id = {++calls_};
  call.pid = {pid};
  call.tid = {thread_ != 0 ? std::exchange(thread_, 0) : pid};
  call.name = std::move(name);
  call.number = number;
  call.args = std::move(args);
  call.place = place;
  call.entered = {now_ + 900'000};
  call.outcome.emplace();
  call.outcome->result = result;
  call.outcome->result_kind = "status";
  call.outcome->left = {now_ + 1'000'000};
  add(std::move(call));
  last_call_ = trace_.events.size() - 1;
  return *this;
}

model::Call& TraceBuilder::last_call() {
  return std::get<model::Call>(trace_.events.at(last_call_).body);
}

TraceBuilder& TraceBuilder::on_thread(int tid) {
  thread_ = tid;
  return *this;
}

TraceBuilder& TraceBuilder::about(std::uint32_t socket) {
  last_call().socket = model::SocketId{socket};
  return *this;
}

TraceBuilder& TraceBuilder::touching(std::vector<std::uint32_t> sockets) {
  for (const std::uint32_t socket : sockets) last_call().touched.push_back({socket});
  return *this;
}

TraceBuilder& TraceBuilder::failed(int error, std::string name) {
  last_call().outcome->result = -error;
  last_call().outcome->error = error;
  last_call().outcome->error_name = std::move(name);
  return *this;
}

TraceBuilder& TraceBuilder::unfinished() {
  last_call().outcome.reset();
  return *this;
}

TraceBuilder& TraceBuilder::kind(std::string result_kind) {
  last_call().outcome->result_kind = std::move(result_kind);
  return *this;
}

TraceBuilder& TraceBuilder::entered_at(std::int64_t ns) {
  last_call().entered = {ns};
  return *this;
}

model::Trace TraceBuilder::finish() {
  add(model::End{calls_, calls_ * 2 + 3});
  return std::move(trace_);
}

} // namespace socktale::test
