#include "reports/sentence_rows.hpp"
#include "reports/sentences.hpp"
#include "reports/story.hpp"
#include "reports/text/text.hpp"
#include "reports/wording.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"

#include <set>

using namespace socktale;
using namespace socktale::test;

namespace {

std::string sentence(const model::Call& call, const model::Socket* socket) {
  return fill_in(reports::sentence(call, socket));
}
std::string sentence(const model::Note& note) { return fill_in(reports::sentence(note)); }

std::vector<std::string> said(const model::Trace& trace) {
  const reports::Story story = reports::build_story(trace);
  std::vector<std::string> out;
  for (const reports::Step& step : story.steps)
    out.push_back(sentence(step.main(), reports::socket_of(story, step.main())));
  return out;
}

model::Call failing(const std::string& name, int error, const std::string& error_name) {
  model::Call call;
  call.name = name;
  call.args = {in("sockfd", fd(3)), in("addr", inet("127.0.0.1", 80))};
  call.outcome.emplace();
  call.outcome->error = error;
  call.outcome->error_name = error_name;
  return call;
}

} // namespace

TEST_CASE("every step of the chats has its sentence", "[sentences]") {
  for (const std::string& text : said(python_chat())) CHECK(text.ends_with('.'));
  for (const std::string& text : said(cpp_chat("unix"))) {
    CHECK(text.ends_with('.'));
    CHECK(text.find('?') == std::string::npos);
  }
}

TEST_CASE("what the chat's sentences say", "[sentences]") {
  const auto all = said(python_chat());
  const std::set<std::string> texts(all.begin(), all.end());
  for (const char* text : {
           "Asked the kernel for a TCP/IPv4 socket; it is descriptor 3.",
           "Gave the socket its own address: 127.0.0.1:12345.",
           "Took 5 bytes that had arrived: \"hello\".",
           "The peer closed its end: recvfrom returned 0 bytes, and no more will come.",
           "Closed the listening socket, descriptor 3; no new client is accepted.",
           "The program never closed descriptor 3; the interpreter did so on its way out.",
       })
    CHECK(texts.contains(text));
}

TEST_CASE("errors are explained, and the normal ones called normal", "[sentences]") {
  CHECK(sentence(failing("connect", 115, "EINPROGRESS"), nullptr).find("Normal") !=
        std::string::npos);
  CHECK(sentence(failing("connect", 111, "ECONNREFUSED"), nullptr)
            .find("Nobody listens on 127.0.0.1:80") == 0);
  CHECK(sentence(failing("bind", 98, "EADDRINUSE"), nullptr).find("127.0.0.1:80 is taken") !=
        std::string::npos);
  CHECK(sentence(failing("bind", 22, "EINVAL"), nullptr) ==
        "The kernel refused bind with EINVAL: Invalid argument.");
  CHECK(sentence(failing("accept4", 512, "ERESTARTSYS"), nullptr).find("signal") !=
        std::string::npos);
}

TEST_CASE("nothing is said of a success that no row knows", "[sentences]") {
  model::Call call;
  call.name = "frobnicate";
  call.outcome.emplace();
  CHECK(sentence(call, nullptr).empty());
}

TEST_CASE("one byte is one byte", "[sentences]") {
  const auto took = [](std::int64_t count) {
    model::Call call;
    call.name = "recvfrom";
    call.args = {in("sockfd", fd(3)), out("buf", bytes(std::string(std::size_t(count), 'x')))};
    call.outcome.emplace();
    call.outcome->result = count;
    return sentence(call, nullptr);
  };
  CHECK(took(1) == "Took 1 byte that had arrived: \"x\".");
  CHECK(took(2) == "Took 2 bytes that had arrived: \"xx\".");
}

TEST_CASE("a sentence has its words with it, and they are its own", "[sentences]") {
  Said said;
  {
    const model::Call call = failing("bind", 98, "EADDRINUSE");
    said = reports::sentence(call, nullptr);
  }
  REQUIRE(said.words.size() == 1);
  CHECK(say(Language::zh_CN, said) ==
        "地址 127.0.0.1:80 已被占用：另一个套接字正在使用它，或者上一次运行的连接还残留在那里。");
}

TEST_CASE("what an errno means is said in the language too", "[sentences]") {
  CHECK(say(Language::zh_CN, reports::sentence(failing("bind", 22, "EINVAL"), nullptr)) ==
        "内核拒绝了 bind，错误为 EINVAL：无效的参数。");
}

TEST_CASE("notes", "[sentences]") {
  CHECK(sentence(model::Note{"interrupted", {}, {{"signal", "SIGINT"}}}) ==
        "The recording was interrupted by SIGINT before the programs had ended.");
  CHECK(sentence(model::Note{
            "port-holder",
            Pid{1},
            {{"pid", "640"}, {"command", "nc"}, {"address", "a"}, {"state", "LISTEN"}}}) ==
        "The port is held by process 640 (nc): its socket on a is in the state LISTEN.");
  CHECK(sentence(model::Note{"port-holder", Pid{1}, {{"address", "a"}, {"state", "TIME_WAIT"}}})
            .find("is not to be seen") != std::string::npos);
  CHECK(sentence(model::Note{"new-code", Pid{7}, {{"x", "1"}}}) == "new-code x=1 pid=7");
}

TEST_CASE("payload in a sentence is whole characters", "[sentences]") {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "你";
  TraceBuilder trace;
  trace.born(1, "").call(1, "recvfrom", 45, {in("sockfd", fd(3)), out("buf", bytes(text))},
                         static_cast<std::int64_t>(text.size()), line("/a.py", 1, "s.recv(1)", ""));
  const auto all = said(trace.finish());
  REQUIRE(all.size() == 1);
  CHECK(all[0].find("你你...\"") != std::string::npos);
  CHECK(all[0].size() < 120);
}
