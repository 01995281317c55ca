// socktale lesson: a classroom demo, from its question to what its run showed.
#include "reports/judge.hpp"
#include "reports/registry.hpp"
#include "reports/story.hpp"
#include "reports/terminal_text.hpp"
#include "reports/verdict_text.hpp"
#include "tracer/base/result.hpp"
#include "tracer/base/text.hpp"
#include "tracer/cli/lesson_files.hpp"
#include "tracer/cli/lesson_stage.hpp"
#include "tracer/cli/options.hpp"
#include "tracer/cli/patience.hpp"
#include "tracer/cli/recording.hpp"
#include "tracer/cli/socket_look.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <sstream>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unistd.h>

namespace socktale::cli {
namespace {

namespace fs = std::filesystem;

struct LessonOptions {
  std::string name;
  std::string folder;               // -o
  Language language = Language::en; // of the command line or the environment
  std::string lang;                 // the same as the hand-outs are named
  int port = 12345;
  bool quiet = false;
  Colour colour = Colour::automatic;
};

void print(reports::TerminalText&& text) { write_output({}, text.take()); }

void add_heading(reports::TerminalText& text, const std::string& heading) {
  text.blank();
  text.heading({{heading, reports::Style::strong}});
}

void add_lines(reports::TerminalText& text, const std::string& body) {
  std::istringstream lines(body);
  for (std::string line; std::getline(lines, line);) text.line({{line}});
}

// A part of the hand-out, its Markdown as it is: it reads well as plain text. The lines of a
// paragraph are joined and broken anew; Chinese has no spaces to break at and keeps its lines.
void add_part(reports::TerminalText& text, const std::string& lang, const std::string& heading,
              const std::string& body) {
  add_heading(text, heading);
  if (lang != "en") return add_lines(text, body);
  std::vector<std::string> paragraphs;
  std::istringstream lines(body);
  for (std::string line; std::getline(lines, line);) {
    const bool begins =
        line.empty() || line.starts_with("- ") || paragraphs.empty() || paragraphs.back().empty();
    if (begins)
      paragraphs.push_back(line);
    else
      paragraphs.back() += " " + line;
  }
  for (const std::string& paragraph : paragraphs) text.line({{paragraph}});
}

int list(const LessonOptions& options) {
  reports::TerminalText text(view(options.colour, options.language, stdout));
  std::size_t widest = 0;
  const std::vector<reports::Lesson> lessons = all_lessons();
  for (const reports::Lesson& lesson : lessons) widest = std::max(widest, lesson.name.size());
  for (const reports::Lesson& lesson : lessons)
    text.paragraph({{fmt::format("{:>2}  ", lesson.number)},
                    {fmt::format("{:<{}}  ", lesson.name, widest), reports::Style::strong}},
                   {{lesson.title(options.lang)}});
  print(std::move(text));
  return static_cast<int>(Exit::ok);
}

void ask(const LessonOptions& options, const reports::Handout& handout) {
  reports::TerminalText text(view(options.colour, options.language, stdout));
  text.heading({{handout.title, reports::Style::strong}});
  add_part(text, options.lang, handout.watch.heading, handout.watch.text);
  add_part(text, options.lang, handout.predict.heading, handout.predict.text);
  text.blank();
  print(std::move(text));
  if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0) return;
  fmt::print("{} ", say(options.language, tr("Decide, then press Enter:")));
  std::fflush(stdout);
  std::string line;
  std::getline(std::cin, line);
}

struct Run {
  const fs::path& source; // the lesson's folder
  const reports::Handout& handout;
  const model::Trace& trace;
  const reports::Story& story;
  const reports::Verdict& verdict;
  std::vector<reports::Measured> facts;
};

void tell(const LessonOptions& options, const Run& run) {
  reports::Options look = view(options.colour, options.language, stdout);
  write_output({}, "\n" + reports::format("terminal")->render(run.story, look));
  reports::TerminalText text(look);
  const std::string looks =
      reports::looks_table(reports::sockets_seen(run.trace), options.language);
  if (!looks.empty()) {
    add_heading(text, text.told(reports::looks_heading));
    add_lines(text, looks);
  }
  add_part(text, options.lang, run.handout.shown.heading,
           reports::answer(run.handout, run.facts, run.trace.header, options.language));
  const reports::HandoutWords words = reports::words_of(run.facts, run.trace.header);
  for (const reports::Handout::Part* part : {&run.handout.cures, &run.handout.exercise})
    add_part(text, options.lang, part->heading, reports::fill(part->text, words));
  print(std::move(text));
  if (!run.verdict.holds())
    write_output({}, "\n" + reports::verdict_text(run.verdict, run.story, look));
}

fs::path make_folder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error || !fs::is_directory(path))
    throw UserError(
        Exit::no_output,
        {tr("cannot create the folder {path}: {why}"), {{"path", path}, {"why", error.message()}}},
        tr("choose a folder in a place that you may write to"));
  return path;
}

// The page has every language in it; what is printed for a class is there in each.
void write_files(const LessonOptions& options, const Run& run) {
  const fs::path folder = options.folder;
  std::vector<std::string> written = {"trace.jsonl", "page.html"};
  reports::Options look;
  look.language = options.language;
  write_output((folder / "page.html").string(), reports::format("html")->render(run.story, look));
  for (const Language language : languages) {
    const std::string_view lang = language_code(language);
    look.language = language;
    written.push_back(fmt::format("report.{}.md", lang));
    write_output((folder / written.back()).string(),
                 reports::format("markdown")->render(run.story, look));
    written.push_back(fmt::format("handout.{}.md", lang));
    write_output(
        (folder / written.back()).string(),
        reports::render_handout(read_handout(run.source, lang), run.facts, run.trace, language));
  }
  if (options.quiet) return;
  reports::TerminalText text(view(options.colour, options.language, stdout));
  text.blank();
  text.line({{text.told(
      {tr("Written to {folder}: {files}"),
       {{"folder", folder.string()}, {"files", fmt::format("{}", fmt::join(written, ", "))}}})}});
  print(std::move(text));
}

int teach(const LessonOptions& options) {
  // Another program that is silent for so long will not go on: some act has waited in vain.
  constexpr double both_wait = 3;
  constexpr double silence = 20;
  const fs::path source = lesson_folder(options.name);
  const reports::Lesson lesson = reports::read_lesson(source.string());
  const reports::Handout handout = read_handout(source, options.lang);
  const reports::Expectation expectation =
      reports::read_expectation((source / "expect.json").string());
  const std::uint16_t port = quiet_port(static_cast<std::uint16_t>(options.port));
  const std::vector<model::Program> programs = lesson_programs(lesson, source, port);

  RecordingOptions where;
  where.quiet = true;
  if (!options.folder.empty())
    where.output = (make_folder(options.folder) / "trace.jsonl").string();
  if (!options.quiet) ask(options, handout);

  Recording recording(where, options.language, true);
  LessonCues cues;
  SessionOptions tracing;
  tracing.filter = !lesson.every_call;
  Session session(tracing, programs, recording.sinks(), &cues);
  LessonStage stage(lesson, programs, port, cues, options.quiet ? nullptr : stdout);
  Patience patience(session, both_wait, silence);
  stage.go_on(session);
  session.run([&] {
    patience.something_happened();
    stage.go_on(session);
  });
  stage.finish();
  recording.finish();

  const model::Trace& trace = recording.trace();
  const reports::Story story = reports::build_story(trace);
  const reports::Verdict verdict = reports::judge(expectation, story);
  const Run run{source, handout, trace, story, verdict, reports::measure(lesson, story, verdict)};
  if (!options.quiet) tell(options, run);
  if (!options.folder.empty()) write_files(options, run);
  return static_cast<int>(reports::shows_the_point(run.facts) ? Exit::ok : Exit::differs);
}

} // namespace

void add_lesson(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<LessonOptions>();
  CLI::App* command =
      app.add_subcommand("lesson", english(tr("Run a classroom demo and say what it showed")));
  command->add_option("name", options->name, english(tr("The lesson; without it they are listed")));
  command->add_option("-o,--output", options->folder,
                      english(tr("Folder that gets the trace, the page, and the report and the "
                                 "hand-out in each language")));
  command
      ->add_option("--port", options->port,
                   english(tr("TCP port; when it is busy, the next one that is not")))
      ->check(CLI::Range(1024, 32000))
      ->capture_default_str();
  command->add_flag("-q,--quiet", options->quiet,
                    english(tr("Only the exit status, and what -o writes")));
  add_colour_option(*command, options->colour);
  command->footer(english(tr("Exit status: 0 the run showed the lesson's point, 1 it did not.\n\n"
                             "Examples:\n"
                             "  socktale lesson\n"
                             "  socktale lesson who-shakes-hands\n"
                             "  socktale lesson backlog -o out/backlog --lang zh_CN")));
  command->callback([options, &chosen] {
    chosen = [options](Language language) {
      options->language = language;
      options->lang = language_code(language);
      return options->name.empty() ? list(*options) : teach(*options);
    };
  });
}

} // namespace socktale::cli
