#include "tracer/cli/lesson_stage.hpp"

#include "reports/handout.hpp"
#include "tracer/cli/socket_look.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace socktale::cli {
namespace {

// The name of a cue for the end of a program, among those of calls.
constexpr const char* ends = "ends";

std::vector<std::string> roles_of(const reports::Lesson& lesson) {
  std::vector<std::string> roles;
  for (const reports::LessonProgram& program : lesson.programs) roles.push_back(program.role);
  return roles;
}

} // namespace

std::vector<model::Program> lesson_programs(const reports::Lesson& lesson,
                                            const std::filesystem::path& folder,
                                            std::uint16_t port) {
  const reports::HandoutWords words = {{"lesson", folder.string()}, {"port", fmt::to_string(port)}};
  std::vector<model::Program> programs;
  for (const auto& [role, argv] : lesson.programs) {
    model::Program program{role, {}};
    for (const std::string& word : argv) program.argv.push_back(reports::fill(word, words));
    programs.push_back(std::move(program));
  }
  return programs;
}

void LessonCues::born(Pid pid, const std::string& role) {
  roles_[pid] = role;
  first_.try_emplace(role, pid);
}

void LessonCues::returned(Pid pid, const tables::Syscall& row, std::int64_t /*result*/) {
  ++returned_[{roles_[pid], std::string(row.name)}];
}

void LessonCues::gone(Pid pid) {
  const auto role = roles_.find(pid);
  if (role != roles_.end() && first_.at(role->second) == pid) ++returned_[{role->second, ends}];
}

bool LessonCues::happened(const reports::CallOf& what) const {
  const auto count = returned_.find({what.role, what.name});
  return count != returned_.end() && count->second >= what.number;
}

LessonStage::LessonStage(const reports::Lesson& lesson, const std::vector<model::Program>& programs,
                         std::uint16_t port, const LessonCues& cues, std::FILE* screen)
    : lesson_(lesson),
      programs_(programs),
      port_(port),
      cues_(cues),
      stage_(roles_of(lesson), screen) {
  stage_.begin();
}

void LessonStage::go_on(Session& session) {
  while (next_ < lesson_.acts.size()) {
    const reports::LessonAct& act = lesson_.acts[next_];
    if (act.after && !cues_.happened(*act.after)) return;
    ++next_;
    perform(act, session);
  }
}

void LessonStage::perform(const reports::LessonAct& act, Session& session) {
  switch (act.what) {
  case reports::LessonAct::Do::start: {
    const std::size_t at = index_of(act.subject);
    session.start({act.subject, programs_[at].argv, stage_.stdio(at)});
    stage_.started(at);
    return;
  }
  case reports::LessonAct::Do::type: return stage_.type(index_of(act.subject), act.text);
  case reports::LessonAct::Do::look:
    for (const reports::SeenSocket& row : look_at_sockets(act.subject, port_))
      session.recorder().note(row.note());
    return;
  }
}

std::size_t LessonStage::index_of(const std::string& role) const {
  const auto at = std::ranges::find(programs_, role, &model::Program::role);
  return static_cast<std::size_t>(at - programs_.begin());
}

} // namespace socktale::cli
