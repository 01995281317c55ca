// socktale chat: both ends of the hello/hi chat under one tracer, with what is typed scripted.
#include "reports/registry.hpp"
#include "reports/story.hpp"
#include "tracer/cli/chat_director.hpp"
#include "tracer/cli/chat_programs.hpp"
#include "tracer/cli/options.hpp"
#include "tracer/cli/patience.hpp"
#include "tracer/cli/recording.hpp"

#include <cerrno>
#include <filesystem>
#include <map>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <unistd.h>

namespace socktale::cli {
namespace {

struct ChatOptions {
  RecordingOptions recording;
  TraceOptions trace;
  ChatSettings settings;
  std::string say;
  double patience = 3;
};

// Hears when something is to be done: the server listens, so a client can be started;
// a side connects or has received something, so it is its turn to type. A non-blocking connect that
// has begun is early enough: what is typed waits in the keyboard's pipe.
class Cues final : public recorder::Watcher {
 public:
  explicit Cues(ChatDirector& director) : director_(director) {}
  void born(Pid pid, const std::string& role) override { roles_[pid] = role; }
  void returned(Pid pid, const tables::Syscall& row, std::int64_t result) override {
    const Speaker speaker = roles_[pid] == "server" ? Speaker::server : Speaker::client;
    const bool is_client = speaker == Speaker::client;
    if (row.effect == tables::Effect::listens) listening_ |= !is_client && result == 0;
    if (row.effect == tables::Effect::connects && is_client &&
        (result == 0 || result == -EINPROGRESS))
      director_.turn(speaker);
    if (row.effect == tables::Effect::receives && result > 0) director_.turn(speaker);
  }
  [[nodiscard]] bool listening() const { return listening_; }

 private:
  ChatDirector& director_;
  std::map<Pid, std::string> roles_;
  bool listening_ = false;
};

// The programs' exit: the server's, unless only the client failed.
int exit_code(const Session& session, Pid server, const std::optional<Pid>& client) {
  if (!client) return pass_on(session.ending(server));
  const auto ending = session.ending(server);
  const bool fine = ending && !ending->signal && ending->status == 0;
  return pass_on(fine ? session.ending(*client) : ending);
}

std::string unused_socket_path() {
  return (std::filesystem::temp_directory_path() / fmt::format("socktale-chat-{}.sock", getpid()))
      .string();
}

int chat(ChatOptions options, Language language) {
  ChatSettings& settings = options.settings;
  if (settings.path.empty()) settings.path = unused_socket_path();
  const auto server_argv = chat_command(settings, Speaker::server);
  const auto client_argv = chat_command(settings, Speaker::client);

  Recording recording(options.recording, language, true);
  ChatDirector director(options.say.empty() ? ChatScript() : ChatScript::from_file(options.say),
                        stdout);
  Cues cues(director);
  SessionOptions tracing = options.trace.session();
  tracing.document = "hello-hi";
  Session session(tracing, {{"server", server_argv}, {"client", client_argv}}, recording.sinks(),
                  &cues);
  Patience patience(session, options.patience);

  const Pid server = session.start({"server", server_argv, director.stdio(Speaker::server)});
  director.started(Speaker::server);
  director.begin();
  std::optional<Pid> client;
  session.run([&] {
    patience.something_happened();
    if (client || !cues.listening()) return;
    client = session.start({"client", client_argv, director.stdio(Speaker::client)});
    director.started(Speaker::client);
  });
  director.finish();
  recording.finish();
  if (!options.recording.quiet && options.recording.format == "trace") {
    const reports::Story story = reports::build_story(recording.trace());
    write_output({}, "\n" + reports::format("terminal")
                                ->render(story, view(options.recording.colour, language, stdout)));
  }
  return patience.ended_them() ? static_cast<int>(Exit::differs)
                               : exit_code(session, server, client);
}

} // namespace

void add_chat(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<ChatOptions>();
  CLI::App* command =
      app.add_subcommand("chat", english(tr("Trace both ends of the hello/hi chat")));
  ChatSettings& settings = options->settings;
  command->add_option("--server", settings.server, english(tr("The server's program")))
      ->check(CLI::IsMember(chat_languages()))
      ->capture_default_str();
  command->add_option("--client", settings.client, english(tr("The client's program")))
      ->check(CLI::IsMember(chat_languages()))
      ->capture_default_str();
  command->add_option("--family", settings.family, english(tr("inet, inet6 or unix")))
      ->check(CLI::IsMember({"inet", "inet6", "unix"}).description(""))
      ->capture_default_str();
  command->add_option("--port", settings.port, english(tr("TCP port")))
      ->check(CLI::Range(1, 65535))
      ->capture_default_str();
  command->add_option(
      "--path", settings.path,
      english(tr("Socket's path for --family unix (default: one in the temporary folder)")));
  command->add_option(
      "--say", options->say,
      english(tr("File of what the two type: lines 'client: hello' and 'server: hi'")));
  command
      ->add_option("--patience", options->patience,
                   english(tr("Seconds until two programs that wait for each other are ended")))
      ->check(CLI::Range(0.1, 86400.0))
      ->capture_default_str();
  add_recording_options(*command, options->recording);
  add_trace_options(*command, options->trace);
  command->footer(english(
      tr("The client is started when the server's listen(2) has returned.\n\n"
         "Examples:\n"
         "  socktale chat\n"
         "  socktale chat --server cpp --client python -o chat.jsonl\n"
         "  socktale chat --server cpp --client cpp --family unix --to markdown -o chat.md")));
  command->callback([options, &chosen] {
    chosen = [options](Language language) { return chat(*options, language); };
  });
}

} // namespace socktale::cli
