// Traces made by hand for tests of the reports, as the recorder would have written them. Made, not
// recorded: they hold the cases that a run on one machine does not show on demand.
#pragma once

#include "tracer/model/trace.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace socktale::test {

// Values in the spelling of the decoder.
[[nodiscard]] model::Value symbol(std::int64_t number, std::string name);
[[nodiscard]] model::Value flags(std::uint64_t number, std::vector<model::Name> names);
[[nodiscard]] model::Value fd(int number);
[[nodiscard]] model::Value number(std::int64_t number);
[[nodiscard]] model::Value null();
[[nodiscard]] model::Value bytes(std::string data);
[[nodiscard]] model::Value length_at(std::int64_t length); // [16]
[[nodiscard]] model::Value inet(const std::string& host, int port);
[[nodiscard]] model::Value inet6(const std::string& host, int port);
[[nodiscard]] model::Value unix_path(const std::string& path);

[[nodiscard]] model::Field in(std::string name, model::Value value);
[[nodiscard]] model::Field out(std::string name, model::Value value);
[[nodiscard]] model::Field in_out(std::string name, model::Value before, model::Value after);

[[nodiscard]] model::Place line(std::string file, int line, std::string text, std::string libc);
[[nodiscard]] model::Place clean_up(std::string libc); // by an interpreter that is shutting down

// Appends events to a trace; time goes on by a millisecond an event.
class TraceBuilder {
 public:
  TraceBuilder();

  TraceBuilder& of_document(); // as socktale chat says
  TraceBuilder& program(const std::string& role, std::vector<std::string> argv);
  TraceBuilder& born(int pid, const std::string& role, int parent = 0);
  TraceBuilder& thread(int pid, int tid);
  TraceBuilder& exec(int pid, std::vector<std::string> argv, const std::string& runtime = "");
  TraceBuilder& gone(int pid, int status = 0);
  TraceBuilder& socket(model::Socket socket);
  TraceBuilder& note(model::Note note);
  TraceBuilder& source(model::SourceFile source);
  TraceBuilder& sample(std::vector<model::SocketState> sockets); // taken now
  [[nodiscard]] std::int64_t now() const { return now_; }

  // A call of thread `pid` (its process's first) unless on_thread() named another before.
  TraceBuilder& call(int pid, std::string name, int number, std::vector<model::Field> args,
                     std::int64_t result, const model::Place& place);
  TraceBuilder& on_thread(int tid);
  TraceBuilder& about(std::uint32_t socket); // of the last call
  TraceBuilder& touching(std::vector<std::uint32_t> sockets);
  TraceBuilder& failed(int error, std::string name);
  TraceBuilder& unfinished();
  TraceBuilder& kind(std::string result_kind);
  TraceBuilder& entered_at(std::int64_t ns); // it was entered earlier than it ended

  [[nodiscard]] model::Trace finish();

 private:
  model::Call& last_call();
  model::Event& add(model::Body body);

  model::Trace trace_;
  std::size_t last_call_ = 0;
  std::uint64_t calls_ = 0;
  int thread_ = 0;
  std::int64_t now_ = 0;
};

// The hello/hi chat of the Python pair, its client's socket never closed.
[[nodiscard]] model::Trace python_chat();
// The same chat of the C++ pair; family is "inet", "inet6" or "unix".
[[nodiscard]] model::Trace cpp_chat(const std::string& family = "inet");

// A server that finds its port taken; the recorder says by whom.
[[nodiscard]] model::Trace port_in_use();
// The empty line: both sides are in recv for ever, until the recording is interrupted.
[[nodiscard]] model::Trace both_waiting();
// `python3` is a shell shim that runs helpers and then execs the interpreter.
[[nodiscard]] model::Trace through_a_shim();
// Every text that a program controls tries to be something else: table, HTML, escape code, diagram.
[[nodiscard]] model::Trace hostile();
// Text that tries it, for tests that look for it.
extern const char* const attack;

} // namespace socktale::test
