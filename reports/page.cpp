#include "reports/page.hpp"

#include "reports/findings.hpp"
#include "reports/mermaid.hpp"
#include "reports/page_calls.hpp"
#include "reports/page_sockets.hpp"
#include "reports/strace_text.hpp"
#include "reports/uncalled.hpp"
#include "reports/wording.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace socktale::reports {
namespace {

constexpr int page_schema = 1;

class Writer {
 public:
  Writer(const Story& story, const Options& options, std::size_t most_calls)
      : story_(story), options_(options), index_(story, most_calls), sources_(story) {}

  // One element a line, each written out before the next is made: a trace may be long.
  std::string run() {
    out_ = "{";
    member("schema", page_schema);
    member("kind", "socktale-page");
    member("tool", story_.trace->header.tool);
    member("lang", language_code(options_.language));
    environment_and_remarks();
    for (Index i = 0; i < story_.sides.size(); ++i) sides_.push_back(i);
    list("sides", sides_, [&](Index i) { return page_side(story_, index_, phrases_, i); });
    list("files", story_.file_labels,
         [&](const auto& each) { return page_file(story_, sources_, each.first); });
    list("places", index_.places(), [&](const PagePlace& each) {
      return page_place(story_, sources_, index_, phrases_, each);
    });
    sockets_and_connections();
    list("calls", index_.calls(), [&](const PageCall& each) {
      return page_call(story_, index_, phrases_, each, options_.string_limit);
    });
    list("steps", story_.steps, [&](const Step& step) { return page_step(index_, step); });
    list("moments", page_moments(story_, index_, phrases_), as_it_comes);
    list("transfers", story_.transfers,
         [&](const Transfer& each) { return page_transfer(index_, each); });
    list("waits", story_.waits,
         [&](const Wait& each) { return page_wait(story_, index_, phrases_, each); });
    list("states", page_states(story_, index_), as_it_comes);
    list("samples", tell_samples(*story_.trace),
         [&](const SampleStory& told) { return page_sample(index_, *told.sample); });
    help();
    list("findings", find_all(story_), [&](const Finding& each) { return finding(each); });
    list("uncalled", find_uncalled(story_), [&](const Uncalled& each) { return uncalled(each); });
    const auto verdict = judge_document(story_);
    member("document", verdict ? document(*verdict) : PageJson(nullptr));
    member("mermaid", mermaid_sequence(story_, options_));
    member("calls_left_out", index_.calls_left_out());
    member("phrases", phrases_.all());
    out_ += "\"dictionary\":" + dump(PagePhrases::dictionary()) + "}";
    return std::move(out_);
  }

 private:
  static PageJson as_it_comes(const PageJson& json) { return json; }

  // In ASCII, and without '<': nothing in it can end the element that it stands in, steer a viewer
  // of the page's source, or hide there.
  static std::string dump(const PageJson& json) {
    std::string text = json.dump(-1, ' ', true, PageJson::error_handler_t::replace);
    for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at))
      text.replace(at, 1, "\\u003c");
    return text;
  }
  void member(const char* name, const PageJson& value) {
    out_ += fmt::format("\"{}\":{},\n", name, dump(value));
  }
  void list(const char* name, const auto& items, auto to_json) {
    out_ += fmt::format("\"{}\":[", name);
    bool first = true;
    for (const auto& item : items) {
      const PageJson json = to_json(item);
      if (json.is_null()) continue;
      out_ += first ? "\n" : ",\n";
      first = false;
      out_ += dump(json);
    }
    out_ += "],\n";
  }

  void environment_and_remarks() {
    list("environment", environment(story_), [&](const auto& row) {
      return PageJson::array({phrases_.of(row.first), phrases_.of(row.second)});
    });
    list("remarks", remarks(story_), [&](const Said& said) { return phrases_.of(said); });
  }

  void sockets_and_connections() {
    std::map<model::SocketId, std::int64_t> connection_of;
    for (Index i = 0; i < story_.connections.size(); ++i)
      for (const auto& end : story_.connections[i].ends)
        if (end) connection_of.try_emplace(*end, static_cast<std::int64_t>(i));
    list("sockets", story_.sockets, [&](const auto& entry) {
      const auto connection = connection_of.find(entry.first);
      return page_socket(story_, index_, phrases_, entry.second,
                         connection != connection_of.end() ? connection->second : page_none);
    });
    list("connections", story_.connections,
         [&](const Connection& each) { return page_connection(story_, index_, phrases_, each); });
  }

  // Of each kernel call that the page holds, once.
  void help() {
    PageJson out = PageJson::object();
    for (const PageCall& each : index_.calls())
      if (!out.contains(each.call->name))
        out[each.call->name] = page_help(*each.call, socket_of(story_, *each.call), phrases_);
    member("explain", out);
  }

  PageJson finding(const Finding& each) {
    PageJson evidence = PageJson::array();
    PageJson places = PageJson::array();
    for (const model::Call* call : each.evidence) {
      const std::int64_t number = index_.of(call);
      if (number == page_none) continue;
      evidence.push_back(number);
      const std::int64_t place = index_.place_of(*call);
      if (std::ranges::find(places, PageJson(place)) == places.end()) places.push_back(place);
    }
    return {{"rule", each.rule},
            {"title", phrases_.of(each.title)},
            {"meaning", phrases_.of(each.meaning)},
            {"mend", phrases_.of(each.mend)},
            {"evidence", std::move(evidence)},
            {"places", std::move(places)},
            {"side", each.side}};
  }

  PageJson uncalled(const Uncalled& each) {
    return {{"file", index_.of_file(each.source->file)},
            {"line", each.span.line},
            {"text", each.text},
            {"known", phrases_.of(known_text(each.known))},
            {"does", phrases_.of(each.does)}};
  }

  PageJson document(const Verdict& verdict) {
    PageJson out = {{"title", phrases_.of(title_text(*verdict.expectation))},
                    {"holds", verdict.holds()}};
    PageJson& rows = out["rows"] = PageJson::array();
    for (const RowVerdict& row : verdict.rows) {
      PageJson parts = PageJson::array();
      for (const Part& part : row.parts) parts.push_back(phrases_.of(part_text(part)));
      rows.push_back({{"role", row.row->role},
                      {"api", row.row->api},
                      {"claim", row.row->claim},
                      {"observed", row.call ? call_text(*row.call, options_.string_limit) : ""},
                      {"step", row.step ? static_cast<std::int64_t>(*row.step) : page_none},
                      {"verdict", verdict_word(row.is)},
                      {"parts", std::move(parts)}});
    }
    PageJson& left_out = out["left_out"] = PageJson::array();
    for (const LeftOut& each : verdict.left_out)
      left_out.push_back(phrases_.of(left_out_text(story_, each)));
    return out;
  }

  const Story& story_;
  const Options& options_;
  PageIndex index_;
  SourceLines sources_;
  PagePhrases phrases_;
  std::vector<Index> sides_;
  std::string out_;
};

} // namespace

std::string page_data(const Story& story, const Options& options, std::size_t most_calls) {
  return Writer(story, options, most_calls).run();
}

std::string render_html(const Story& story, const Options& options) {
  const std::string_view page = page_template();
  const std::size_t marker = page.find(page_marker);
  std::string out(page.substr(0, marker));
  out += page_data(story, options);
  if (marker != std::string_view::npos) out += page.substr(marker + page_marker.size());
  return out;
}

} // namespace socktale::reports
