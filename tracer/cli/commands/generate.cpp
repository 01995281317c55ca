// socktale generate: what an installation puts beside the program. Not shown in help; the build
// calls it.
#include "tracer/cli/manual.hpp"
#include "tracer/cli/options.hpp"

#include <map>
#include <memory>

#include <CLI/CLI.hpp>

namespace socktale::cli {

void add_generate(CLI::App& app, Action& chosen) {
  using Writer = std::string (*)(const CLI::App&);
  static const std::map<std::string, Writer> writers = {{"man", man_page},
                                                        {"bash", bash_completion},
                                                        {"zsh", zsh_completion},
                                                        {"fish", fish_completion}};
  auto what = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("generate", english(tr("Write the man page or a shell's completion")));
  command->group("");
  command->add_option("what", *what, english(tr("man, bash, zsh or fish")))
      ->required()
      ->check(CLI::IsMember({"man", "bash", "zsh", "fish"}));
  command->callback([&app, what, &chosen] {
    chosen = [&app, what](Language) {
      write_output({}, writers.at(*what)(app));
      return static_cast<int>(Exit::ok);
    };
  });
}

} // namespace socktale::cli
