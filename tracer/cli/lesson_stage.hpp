// Runs a lesson's acts while its programs are traced: each act waits for its call, then starts a
// program, types a line, or looks at the kernel's sockets. Never measures, never prints a report.
#pragma once

#include "reports/lesson.hpp"
#include "tracer/cli/session.hpp"
#include "tracer/cli/stage.hpp"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace socktale::cli {

// The programs of a lesson as they are started: with the port, and the lesson's folder, in words.
[[nodiscard]] std::vector<model::Program> lesson_programs(const reports::Lesson& lesson,
                                                          const std::filesystem::path& folder,
                                                          std::uint16_t port);

// Counts which calls have returned, and which programs have ended, by role.
class LessonCues final : public recorder::Watcher {
 public:
  void born(Pid pid, const std::string& role) override;
  void returned(Pid pid, const tables::Syscall& row, std::int64_t result) override;
  void gone(Pid pid) override;
  [[nodiscard]] bool happened(const reports::CallOf& what) const;

 private:
  std::map<Pid, std::string> roles_;
  std::map<std::string, Pid> first_; // the process that was started; others come of it
  std::map<std::pair<std::string, std::string>, std::size_t> returned_; // role and call
};

class LessonStage {
 public:
  // `programs` as lesson_programs() gives them; everything must outlive the stage.
  LessonStage(const reports::Lesson& lesson, const std::vector<model::Program>& programs,
              std::uint16_t port, const LessonCues& cues, std::FILE* screen);

  // Performs every act whose time has come. To be called by the tracing thread, first before
  // Session::run and then after each thing that happened.
  void go_on(Session& session);
  void finish() { stage_.finish(); }

 private:
  void perform(const reports::LessonAct& act, Session& session);
  [[nodiscard]] std::size_t index_of(const std::string& role) const;

  const reports::Lesson& lesson_;
  const std::vector<model::Program>& programs_;
  std::uint16_t port_;
  const LessonCues& cues_;
  Stage stage_;
  std::size_t next_ = 0; // act
};

} // namespace socktale::cli
