#include "tracer/cli/chat_programs.hpp"

#include "tracer/base/result.hpp"
#include "tracer/engine/launch.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace socktale::cli {
namespace {

namespace fs = std::filesystem;

struct Language {
  std::string_view name;
  std::string_view package; // Debian's, which builds and runs it
  // The words of its command, in which {file} is one of the files, {folder} and {stem} its parts.
  std::array<std::string_view, 4> words;
  std::array<std::string_view, 2> files; // by Speaker
  bool every_family = false;             // takes --family
};

// clang-format off
constexpr std::array languages = {
    Language{"python", "python3", {"python3", "{file}"}, {"python/server.py", "python/client.py"}},
    Language{"python-fixed", "python3", {"python3", "{file}"}, {"python/server_fixed.py", "python/client_fixed.py"}},
    Language{"cpp", "g++", {"{file}"}, {"cpp/chat-server", "cpp/chat-client"}, true},
    Language{"c", "gcc", {"{file}"}, {"c/chat-server-c", "c/chat-client-c"}},
    Language{"c32", "gcc-multilib", {"{file}"}, {"c/chat-server-c32", "c/chat-client-c32"}},
    Language{"go", "golang-go", {"{file}"}, {"go/chat-server-go", "go/chat-client-go"}},
    Language{"java", "default-jdk-headless", {"java", "-cp", "{folder}", "{stem}"}, {"java/Server.class", "java/Client.class"}},
    Language{"node", "nodejs", {"node", "{file}"}, {"node/server.js", "node/client.js"}},
};
// clang-format on

const Language& language(std::string_view name) {
  const auto* at = std::ranges::find(languages, name, &Language::name);
  if (at == languages.end())
    throw UserError(Exit::usage, {tr("no chat program in '{language}'"), {{"language", name}}},
                    {tr("there are: {names}"),
                     {{"names", fmt::format("{}", fmt::join(chat_languages(), ", "))}}});
  return *at;
}

// Installed beside the binary (PREFIX/bin), or in the build and source folders. What is built lies
// beside the C++ pair, a folder each language.
fs::path find_file(const Language& spoken, std::string_view file) {
  std::error_code error;
  const fs::path prefix = fs::read_symlink("/proc/self/exe", error).parent_path().parent_path();
  for (const fs::path& folder : {prefix / "share/socktale/chat", prefix / "libexec/socktale",
                                 fs::path(SOCKTALE_CHAT_SOURCES), fs::path(SOCKTALE_CHAT_BINARIES)})
    if (fs::exists(folder / file, error)) return folder / file;
  throw UserError(
      Exit::not_found, {tr("the chat program {file} is not there"), {{"file", file}}},
      {tr("install Debian's {package}, then configure and build all of socktale again with cmake"),
       {{"package", spoken.package}}});
}

void need_interpreter(const Language& spoken) {
  const std::string name(spoken.words.front());
  if (name.starts_with('{') || engine::find_program(name)) return;
  throw UserError(Exit::not_found,
                  {tr("there is no {program} to run the chat with"), {{"program", name}}},
                  {tr("install Debian's package {package}"), {{"package", spoken.package}}});
}

} // namespace

std::vector<std::string> chat_languages() {
  std::vector<std::string> names;
  for (const Language& known : languages) names.emplace_back(known.name);
  return names;
}

std::vector<std::string> chat_command(const ChatSettings& settings, Speaker speaker) {
  const Language& spoken = language(speaker == Speaker::server ? settings.server : settings.client);
  if (settings.family != "inet" && !spoken.every_family)
    throw UserError(
        Exit::usage, {tr("the {language} chat speaks AF_INET only"), {{"language", spoken.name}}},
        {tr("use --server cpp --client cpp for --family {family}"), {{"family", settings.family}}});
  need_interpreter(spoken);
  const fs::path file = find_file(spoken, spoken.files.at(static_cast<std::size_t>(speaker)));
  std::vector<std::string> argv;
  for (const std::string_view word : spoken.words)
    if (!word.empty())
      argv.push_back(fmt::format(fmt::runtime(word), fmt::arg("file", file.string()),
                                 fmt::arg("folder", file.parent_path().string()),
                                 fmt::arg("stem", file.stem().string())));
  if (spoken.every_family) argv.insert(argv.end(), {"--family", settings.family});
  if (settings.family == "unix")
    argv.insert(argv.end(), {"--path", settings.path});
  else
    argv.insert(argv.end(), {"--port", std::to_string(settings.port)});
  return argv;
}

} // namespace socktale::cli
