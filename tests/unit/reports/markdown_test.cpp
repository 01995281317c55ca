#include "reports/markdown.hpp"
#include "reports/markdown_text.hpp"
#include "reports/mermaid.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/reports/sample_trace.hpp"

#include <algorithm>
#include <sstream>

using namespace socktale;
using namespace socktale::test;
using reports::md_code;
using reports::md_text;

namespace {

std::string rendered(const model::Trace& trace, const reports::Options& options = {}) {
  return reports::render_markdown(reports::build_story(trace), options);
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

// Cells of a table's row by GitHub's rule: a backslash makes the character after it literal.
std::size_t cells(const std::string& row) {
  std::size_t bars = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == '\\')
      ++i;
    else if (row[i] == '|')
      ++bars;
  }
  return bars - 1;
}

// Every table's rows have as many cells as its head.
void check_tables(const std::string& text) {
  std::size_t wanted = 0;
  for (const std::string& line : lines(text)) {
    if (!line.starts_with('|')) {
      wanted = 0;
      continue;
    }
    if (wanted == 0) wanted = cells(line);
    INFO(line);
    CHECK(cells(line) == wanted);
  }
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("text that Markdown could take for its own", "[markdown]") {
  CHECK(md_text("a|b `c` *d* [e](f) <g> & h") ==
        "a\\|b \\`c\\` \\*d\\* \\[e\\](f) &lt;g&gt; &amp; h");
  CHECK(md_text("SO_REUSEADDR _x_ a\\b") == "SO_REUSEADDR \\_x\\_ a\\\\b");
  CHECK(md_text("http://x www.y a@b ~~c~~ $d$ #1") ==
        "http&#58;//x www&#46;y a&#64;b \\~\\~c\\~\\~ \\$d\\$ \\#1");
  CHECK(md_text("server.py:21 127.0.0.1:80") == "server.py:21 127.0.0.1:80");
  CHECK(md_text("a\nb\x1b[0m") == "a\\\\nb\\\\x1b\\[0m");
}

TEST_CASE("code spans", "[markdown]") {
  CHECK(md_code("f(x)") == "`f(x)`");
  CHECK(md_code("a|b") == "`a\\|b`");
  CHECK(md_code("a`b") == "``a`b``");
  CHECK(md_code("`") == "`` ` ``");
  CHECK(md_code("a\\|b") == "<code>a\\\\\\|b</code>");
  CHECK(md_code("") == "");
  CHECK(md_code("x\ny") == "`x\\ny`");
}

TEST_CASE("the chat's report has its parts", "[markdown]") {
  const std::string text = rendered(python_chat());
  check_tables(text);
  for (const char* part : {
           "| 2 | server.py:23 | `serv_sock.bind((host, port))` | `bind` |",
           "| | | ↳ hidden | `getsockname` |",
           "The client made descriptor 3 at client.py:27 and never closed it",
           "```mermaid\nsequenceDiagram\n",
           "P0->>K: server.py:29 serv_sock.accept() (waits)",
           "K-->>P0: accept4 = 4",
           "| client | 3 | sent | 5 | `hello` |",
           "addr.sin_addr: 0.0.0.0 is claimed, 127.0.0.1 was observed",
           "Linux 6.1.0-18-amd64",
       })
    CHECK(holds(text, part));
}

TEST_CASE("a hostile trace changes nothing but texts", "[markdown]") {
  const std::string text = rendered(hostile());
  check_tables(text);
  for (const std::string& line : lines(text)) {
    INFO(line);
    CHECK(std::none_of(line.begin(), line.end(),
                       [](unsigned char c) { return c < 0x20 || c == 0x7f; }));
    CHECK_FALSE(holds(line, "\xe2\x80\xae"));
    CHECK_FALSE(line == "end");
    // A tag may stand in a code span only.
    if (holds(line, "<script") || holds(line, "<img")) CHECK(holds(line, "`</script>"));
  }
  const auto fences = std::ranges::count_if(
      lines(text), [](const std::string& line) { return line.starts_with("```"); });
  CHECK(fences == 2);
}

TEST_CASE("Mermaid's own words and signs", "[markdown]") {
  CHECK(reports::mermaid_text("a;b#c<d>\"e\"") == "a#59;b#35;c#60;d#62;#34;e#34;");
  CHECK(reports::mermaid_text("end ended (end)") == "#101;nd ended (#101;nd)");
  CHECK(reports::mermaid_text("你好\n") == "你好#92;n");
}

TEST_CASE("a diagram is cut and says so", "[markdown]") {
  reports::Options options;
  options.diagram_limit = 3;
  const model::Trace trace = python_chat();
  const std::string text = reports::mermaid_sequence(reports::build_story(trace), options);
  CHECK(holds(text, "Note over K:"));
  CHECK(std::ranges::count_if(
            lines(text), [](const auto& l) { return l.find(">>") != std::string::npos; }) == 3);
}

TEST_CASE("long tables are cut and say so", "[markdown]") {
  reports::Options options;
  options.step_limit = 2;
  const std::string text = rendered(python_chat(), options);
  CHECK(holds(text, "7 further steps are not listed"));
  check_tables(text);
}

TEST_CASE("a trace with nothing in it", "[markdown]") {
  const model::Trace none;
  check_tables(rendered(none));
}
