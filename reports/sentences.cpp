// Chooses the row and fills in its placeholders; the rows are in sentence_rows.cpp.
#include "reports/sentences.hpp"

#include "reports/facts.hpp"
#include "reports/sentence_rows.hpp"
#include "reports/steps.hpp"
#include "reports/strace_text.hpp"
#include "reports/talk_text.hpp"
#include "tracer/base/errors.hpp"
#include "tracer/base/text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace socktale::reports {
namespace {

struct KindRow {
  std::string_view family, type;
  Phrase kind;
};
constexpr std::array kinds = {
    KindRow{"AF_INET", "SOCK_STREAM", tr("TCP/IPv4")},
    KindRow{"AF_INET6", "SOCK_STREAM", tr("TCP/IPv6")},
    KindRow{"AF_INET", "SOCK_DGRAM", tr("UDP/IPv4")},
    KindRow{"AF_INET6", "SOCK_DGRAM", tr("UDP/IPv6")},
    KindRow{"AF_UNIX", "SOCK_STREAM", tr("Unix stream")},
    KindRow{"AF_UNIX", "SOCK_DGRAM", tr("Unix datagram")},
    KindRow{"AF_UNIX", "SOCK_SEQPACKET", tr("Unix seqpacket")},
};

Said kind_of(const std::string& family, const std::string& type) {
  for (const KindRow& row : kinds)
    if (row.family == family && row.type == type) return row.kind;
  return as_it_is(fmt::format("{}/{}", family.empty() ? "?" : family, type.empty() ? "?" : type));
}

std::string name_in(const model::Value& value) {
  if (const auto* symbol = value.get<model::Symbol>())
    return symbol->name.empty() ? fmt::to_string(symbol->number) : symbol->name.text();
  const auto* flags = value.get<model::Flags>();
  return flags && !flags->names.empty() ? flags->names[0] : "";
}

// What the socket is, from its own description or, before it has one, from the call that makes it.
Said kind_word(const model::Call& call, const model::Socket* socket) {
  const model::Field* domain = argument(call, "domain");
  const model::Field* type = argument(call, "type");
  if (domain && type) return kind_of(name_in(domain->shown()), name_in(type->shown()));
  return socket ? socket_kind(*socket) : as_it_is("?");
}

// A start of the payload that is worth reading in a sentence: whole characters, made printable.
std::string payload_word(const model::Call& call) {
  constexpr std::size_t most = 48;
  const auto bytes = payload_of(call);
  if (!bytes || bytes->withheld || bytes->data.empty()) return "";
  std::string_view rest = bytes->data;
  std::string out;
  while (!rest.empty() && out.size() < most) {
    const auto point = front_code_point(rest);
    const std::size_t size = point ? point->size : 1;
    out += printable(rest.substr(0, size));
    rest.remove_prefix(size);
  }
  return rest.empty() && bytes->data.size() == bytes->length ? out : out + "...";
}

std::string descriptor_word(const model::Call& call) {
  const auto* fd = call.args.empty() ? nullptr : call.args[0].shown().get<model::Fd>();
  return fd ? fmt::to_string(fd->number) : "?";
}

Words words_of(const model::Call& call, const model::Socket* socket) {
  Words words = {
      {"call", call.name.text()},    {"kind", kind_word(call, socket)},
      {"fd", descriptor_word(call)}, {"address", address_in(call).value_or("?")},
      {"moved", bytes_moved(call)},  {"data", payload_word(call)},
  };
  // The arguments themselves, by the names of the man page.
  for (const model::Field& field : call.args)
    words.emplace_back(field.name, value_text(field.shown()));
  if (call.outcome) {
    words.emplace_back("result", call.outcome->result);
    words.emplace_back("error", call.outcome->error_name.text());
    words.emplace_back("meaning", meaning_of_errno(call.outcome->error));
  }
  if (socket && socket->local) words.emplace_back("local", endpoint_text(*socket->local));
  if (socket && socket->peer) words.emplace_back("peer", endpoint_text(*socket->peer));
  return words;
}

// The text with those words that it has placeholders for, under the placeholder's own name: what
// was looked up may be gone when it is shown.
Said with_words(const Phrase& text, const Words& known) {
  Said out(text);
  for (std::string_view rest = text.one; rest.find('{') != std::string_view::npos;) {
    rest.remove_prefix(rest.find('{') + 1);
    const std::string_view name = rest.substr(0, rest.find('}'));
    const auto word = std::ranges::find(known, name, &Word::name);
    if (word == known.end()) continue;
    out.words.push_back(*word);
    out.words.back().name = name;
  }
  return out;
}

bool fits(std::string_view names, std::string_view name) {
  return names.empty() || lists(names, name);
}

} // namespace

Said socket_kind(const model::Socket& socket) { return kind_of(socket.family, socket.type); }

Said sentence(const model::Call& call, const model::Socket* socket) {
  const CallFacts facts{call, socket};
  const std::string_view error = call.outcome ? std::string_view(call.outcome->error_name) : "";
  for (const SentenceRow& row : sentence_rows())
    if (fits(row.calls, call.name) && fits(row.error, error) && row.when(facts))
      return with_words(row.text, words_of(call, socket));
  return {};
}

Said sentence(const model::Note& note) {
  Words words;
  for (const auto& [name, value] : note.about) words.emplace_back(name, value);
  if (note.pid) words.emplace_back("pid", note.pid->value);
  const auto has = [&](std::string_view name) {
    return std::ranges::find(words, name, &Word::name) != words.end();
  };
  for (const NoteRow& row : note_rows())
    if (row.code == note.code && (row.needs.empty() || has(row.needs)))
      return with_words(row.text, words);
  if (Said joined = join_sentence(note); !joined.empty()) return joined;
  std::string text = note.code;
  for (const auto& [name, value] : note.about) text += fmt::format(" {}={}", name, value);
  if (note.pid) text += fmt::format(" pid={}", note.pid->value);
  return as_it_is(text);
}

} // namespace socktale::reports
