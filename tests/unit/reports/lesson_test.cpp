// The lessons, from their checked-in traces: each shows its point, its hand-outs name nothing that
// is not measured, and a run that shows something else is told as it was.
#include "reports/handout.hpp"
#include "reports/lesson.hpp"
#include "reports/lesson_facts.hpp"
#include "tests/support/catch.hpp"
#include "tracer/base/result.hpp"
#include "tracer/model/trace_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

using namespace socktale;
using namespace socktale::reports;
namespace fs = std::filesystem;

namespace {

const fs::path lessons = SOCKTALE_SOURCE_DIR "/chat/lessons";
const fs::path traces = SOCKTALE_SOURCE_DIR "/tests/traces/lessons";

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(lessons))
    if (entry.is_directory()) out.push_back(entry.path().filename().string());
  return out;
}

model::Trace trace_of(const std::string& name) {
  return model::read_trace((traces / (name + ".jsonl")).string());
}

std::vector<Measured> facts_of(const std::string& name, const model::Trace& trace) {
  const Story story = build_story(trace);
  const Expectation expectation = read_expectation((lessons / name / "expect.json").string());
  return measure(read_lesson((lessons / name).string()), story, judge(expectation, story));
}

Handout handout_of(const std::string& name, const std::string& lang) {
  const fs::path path = lessons / name / ("handout." + lang + ".md");
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return parse_handout(text, path.string());
}

std::string value_of(const std::vector<Measured>& facts, const std::string& name) {
  for (const Measured& measured : facts)
    if (measured.fact.name == name) return measured.value.value_or("unknown");
  return "no such fact";
}

constexpr const char* minimal = R"({"lesson": 1, "number": 1, "title": {"en": "a", "zh_CN": "b"},
  "programs": {"server": ["true"]}, "acts": [{"start": "server"}], "facts": []})";

// The minimal lesson with one text replaced by another.
std::string changed(std::string_view from, std::string_view to) {
  std::string text = minimal;
  return text.replace(text.find(from), from.size(), to);
}

} // namespace

TEST_CASE("every lesson's recorded run shows its point", "[lesson]") {
  CHECK(names().size() >= 8);
  for (const std::string& name : names()) {
    INFO(name);
    const model::Trace trace = trace_of(name);
    for (const Measured& measured : facts_of(name, trace)) {
      INFO(say(Language::en, question_text(measured.fact))
           << ": " << measured.value.value_or("unknown"));
      CHECK(measured.holds);
    }
    CHECK(build_story(trace).steps.size() <= 40);
  }
}

TEST_CASE("no trace is of a lesson that is gone, and numbers are not given twice", "[lesson]") {
  for (const auto& entry : fs::directory_iterator(traces))
    CHECK(fs::is_directory(lessons / entry.path().stem()));
  std::set<std::size_t> numbers;
  for (const std::string& name : names())
    CHECK(numbers.insert(read_lesson((lessons / name).string()).number).second);
}

TEST_CASE("hand-outs of both languages name facts only, and ask with a choice", "[lesson]") {
  for (const std::string& name : names())
    for (const std::string lang : {"en", "zh_CN"}) {
      INFO(name << " " << lang);
      const model::Trace trace = trace_of(name);
      const auto facts = facts_of(name, trace);
      const Handout handout = handout_of(name, lang);
      const std::string told = render_handout(handout, facts, trace, *language_coded(lang));
      CHECK(told.find('{') == std::string::npos);
      CHECK(told.find(trace.header.kernel) != std::string::npos);
      const auto& choices = handout.predict.text;
      CHECK(choices.find("- A. ") != std::string::npos);
      CHECK(choices.find("- B. ") != std::string::npos);
      CHECK(choices.find("- E. ") == std::string::npos);
    }
}

TEST_CASE("both languages name the same facts", "[lesson]") {
  const auto named = [](const Handout& handout, const Measured& measured) {
    return handout.shown.text.find("{" + measured.fact.name + "}") != std::string::npos;
  };
  for (const std::string& name : names())
    for (const Measured& measured : facts_of(name, trace_of(name))) {
      INFO(name << " " << measured.fact.name);
      CHECK(named(handout_of(name, "en"), measured) == named(handout_of(name, "zh_CN"), measured));
    }
}

TEST_CASE("the measured facts", "[lesson]") {
  const auto handshake = facts_of("who-shakes-hands", trace_of("who-shakes-hands"));
  CHECK(value_of(handshake, "listen_queue") == "1");
  CHECK(value_of(handshake, "byte_queue") == "5");
  CHECK(value_of(handshake, "owner") == "none");
  CHECK(value_of(handshake, "send_early") == "yes");
  const auto many = facts_of("few-of-many", trace_of("few-of-many"));
  CHECK(value_of(many, "server_calls") == "10");
  CHECK(std::stoi(value_of(many, "all")) > 500);
  CHECK(value_of(facts_of("one-send-one-recv", trace_of("one-send-one-recv")), "queue") == "7");
  const auto closing = facts_of("who-closes-first", trace_of("who-closes-first"));
  CHECK(value_of(closing, "fin_queue") == "1");
  CHECK(value_of(closing, "time_wait_server") == "0");
  CHECK(value_of(facts_of("backlog", trace_of("backlog")), "queue") == "2");
}

TEST_CASE("a run that shows something else is told as it was", "[lesson]") {
  model::Trace trace = trace_of("who-shakes-hands");
  const Handout handout = handout_of("who-shakes-hands", "en");

  SECTION("another queue") {
    for (model::Event& event : trace.events)
      if (auto* note = std::get_if<model::Note>(&event.body))
        for (auto& [name, value] : note->about)
          if (name == "recv_queue" && value == "5") value = "4";
    const auto facts = facts_of("who-shakes-hands", trace);
    CHECK_FALSE(shows_the_point(facts));
    const std::string told = answer(handout, facts, trace.header, Language::en);
    CHECK(told.find("did not show") != std::string::npos);
    CHECK(told.find(": 4; the lesson needs 5") != std::string::npos);
    CHECK(told.find("Answer") == std::string::npos);
    const std::string chinese = answer(handout, facts, trace.header, Language::zh_CN);
    CHECK(chinese.find("did not show") == std::string::npos);
    CHECK(chinese.find("lesson needs") == std::string::npos);
  }
  SECTION("nothing was sampled") {
    std::erase_if(trace.events, [](const model::Event& event) {
      return std::holds_alternative<model::Note>(event.body);
    });
    const std::string told =
        answer(handout, facts_of("who-shakes-hands", trace), trace.header, Language::en);
    CHECK(told.find("not known; the lesson needs 5") != std::string::npos);
  }
  SECTION("an empty trace") {
    trace.events.clear();
    for (const Measured& measured : facts_of("who-shakes-hands", trace))
      CHECK_FALSE(measured.holds);
  }
}

TEST_CASE("a lesson's report says nothing of the hello/hi document", "[lesson]") {
  for (const std::string& name : names()) {
    const model::Trace trace = trace_of(name);
    CHECK_FALSE(judge_document(build_story(trace)));
  }
}

TEST_CASE("what a socket was seen as comes back from its note", "[lesson]") {
  const SeenSocket seen{"now", "127.0.0.1:1", "127.0.0.1:2", "CLOSE_WAIT", 1, 2, true, "server"};
  model::Trace trace;
  trace.events.push_back({1, {}, seen.note()});
  const auto back = sockets_seen(trace);
  REQUIRE(back.size() == 1);
  CHECK(back[0].state == "CLOSE_WAIT");
  CHECK(back[0].recv_queue == 1);
  CHECK(back[0].send_queue == 2);
  CHECK(back[0].owned);
  CHECK(looks_table(back, Language::en).find("CLOSE_WAIT") != std::string::npos);
}

TEST_CASE("a look that found no socket is no unknown look", "[lesson]") {
  model::Trace trace = trace_of("who-closes-first");
  std::erase_if(trace.events, [](const model::Event& event) {
    return std::holds_alternative<model::Note>(event.body);
  });
  for (const char* look : {"connected", "client-closed", "both-closed"})
    trace.events.push_back({1, {}, SeenSocket{look, {}, {}, {}, 0, 0, false, {}}.note()});
  const auto facts = facts_of("who-closes-first", trace);
  CHECK(value_of(facts, "time_wait_client") == "0");
  CHECK(value_of(facts, "fin_queue") == "unknown");
  CHECK(looks_table(sockets_seen(trace), Language::en).find("(no socket)") != std::string::npos);
}

TEST_CASE("only known words are filled in", "[lesson]") {
  const HandoutWords words = {{"port", "12345"}};
  CHECK(fill("port {port}, {other}, {}, { and }", words) == "port 12345, {other}, {}, { and }");
  CHECK(fill("{port}{port}", words) == "1234512345");
}

TEST_CASE("a lesson.json that is wrong is refused", "[lesson]") {
  CHECK(parse_lesson(minimal, "x").programs.size() == 1);
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"lesson\": 1", "\"lesson\": 2"},
           {"\"number\": 1", "\"number\": -1"},
           {"\"start\"", "\"stop\""},
           {"{\"start\": \"server\"}", "{\"start\": \"client\"}"},
           {"{\"start\": \"server\"}", "{\"after\": \"server\", \"start\": \"server\"}"},
           {"{\"start\": \"server\"}", "{\"after\": \"server bind 0\", \"start\": \"server\"}"},
           {"\"facts\": []", "\"facts\": [{\"name\": \"a\"}]"},
           {"\"facts\": []", "\"facts\": [{\"name\": \"a\", \"result_of\": \"nobody bind\"}]"},
           {"\"facts\": []", "\"facts\": [{\"name\": \"a\", \"queue_at\": \"l\"}]"},
           {"\"facts\": []", "\"facts\": {}"},
           {"\"facts\": []", "\"facts\": [], \"more\": 1"},
           {"[\"true\"]", "[]"},
           {"[\"true\"]", "\"true\""},
           {"\"facts\": []}", "\"facts\": ["},
       }) {
    INFO(to);
    CHECK_THROWS_AS(parse_lesson(changed(from, to), "x"), UserError);
  }
}

TEST_CASE("a hand-out that is wrong is refused", "[lesson]") {
  const std::string whole = "# T\n\n## a\n1\n## b\n2\n## c\n3\n## d\n4\n## e\n5\n";
  CHECK(parse_handout(whole, "x").exercise.text == "5");
  CHECK(parse_handout(whole, "x").title == "T");
  CHECK_THROWS_AS(parse_handout(whole + "## f\n6\n", "x"), UserError);
  CHECK_THROWS_AS(parse_handout(whole.substr(0, whole.find("## e")), "x"), UserError);
  CHECK_THROWS_AS(parse_handout(whole.substr(4), "x"), UserError);
  CHECK_THROWS_AS(parse_handout("", "x"), UserError);
}
