#include "reports/explain.hpp"
#include "reports/explain_rows.hpp"
#include "reports/steps.hpp"
#include "tests/support/catch.hpp"
#include "tracer/tables/syscalls.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <string.h>

using namespace socktale;
using reports::explain;

namespace {

std::string page(const std::string& topic) {
  const auto text = explain(topic, {});
  INFO(topic);
  REQUIRE(text);
  return *text;
}

} // namespace

TEST_CASE("every call of the table and every argument is explained", "[explain]") {
  for (const tables::Syscall& row : tables::syscalls()) {
    const auto pages = reports::call_pages();
    INFO(row.name);
    const auto found = std::ranges::find(pages, row.name, &reports::CallPage::name);
    REQUIRE(found != pages.end());
    CHECK(found->purpose.one.ends_with('.'));
    for (std::size_t i = 0; i < row.arity(); ++i) {
      INFO(row.args.at(i).name);
      CHECK(std::ranges::any_of(reports::argument_pages(), [&](const reports::ArgumentPage& each) {
        return each.name == row.args.at(i).name &&
               (each.calls.empty() || reports::lists(each.calls, row.name));
      }));
    }
  }
}

TEST_CASE("no page is of a call or argument that there is not", "[explain]") {
  for (const reports::CallPage& each : reports::call_pages()) {
    INFO(each.name);
    CHECK(tables::by_name(each.name) != nullptr);
  }
  std::set<std::string_view> names;
  for (const tables::Syscall& row : tables::syscalls())
    for (std::size_t i = 0; i < row.arity(); ++i) names.insert(row.args.at(i).name);
  for (const reports::ArgumentPage& each : reports::argument_pages()) {
    INFO(each.name);
    CHECK(names.contains(each.name));
  }
}

TEST_CASE("errors are real, and those that calls name are explained", "[explain]") {
  std::string known;
  for (const reports::ErrorPage& each : reports::error_pages()) {
    INFO(each.name);
    known += std::string(each.name) + "|";
    if (each.name != "EWOULDBLOCK") CHECK(each.name == strerrorname_np(each.number));
    CHECK(each.cause.one.ends_with('.'));
    CHECK(each.cure.one.ends_with('.'));
  }
  for (const reports::CallPage& call : reports::call_pages()) {
    std::string_view errors = call.errors;
    while (!errors.empty()) {
      const std::size_t bar = std::min(errors.find('|'), errors.size());
      INFO(call.name << " " << errors.substr(0, bar));
      CHECK(reports::lists(known, errors.substr(0, bar)));
      errors.remove_prefix(std::min(bar + 1, errors.size()));
    }
  }
}

TEST_CASE("topics are found by what they are called", "[explain]") {
  CHECK(page("accept4").find("accept4(sockfd, addr, addrlen, flags)") == 0);
  CHECK(page("Bind()").find("bind(sockfd, addr, addrlen)") == 0);
  CHECK(page("98") == page("EADDRINUSE"));
  CHECK(page("eaddrinuse").find("Address already in use") != std::string::npos);
  CHECK(page("recv").find("recvfrom(sockfd") != std::string::npos);
  CHECK(page("create_connection").find("connect(sockfd") != std::string::npos);
  CHECK(page("accept").find("EWOULDBLOCK (") == std::string::npos);
}

TEST_CASE("what is not known names what is near", "[explain]") {
  const auto near = [](const std::string& topic) {
    const auto text = explain(topic, {});
    REQUIRE_FALSE(text);
    return text.error();
  };
  CHECK(fill_in(near("conect").hint) == "Near to it: connect.");
  CHECK(fill_in(near("EADDRINUS").hint) == "Near to it: EADDRINUSE.");
  CHECK(fill_in(near("x\x1b").reason) == "nothing is known of \"x\\x1b\"");
  CHECK(fill_in(near("").hint).find("accept4") != std::string::npos);
  CHECK(fill_in(near(std::string(100000, 'x')).hint).find("accept4") != std::string::npos);
  CHECK(fill_in(near("99999").hint).find("accept4") != std::string::npos);
}
