// Short texts that several reports share: who a side is, how long, what became of a socket.
// In no language yet and not escaped: each format does both for itself.
#pragma once

#include "reports/judge.hpp"
#include "reports/story.hpp"
#include "tracer/base/said.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace socktale::reports {

// "▣" for the server, "●" for the client, further ones in order: sides are never told apart by
// colour alone.
[[nodiscard]] std::string_view side_mark(std::string_view role, Index side);

// "server" and "client" have translations; other roles are as the user gave them.
[[nodiscard]] Said role_text(const std::string& role);

// "820 us", "1.25 ms", "3.02 s".
[[nodiscard]] std::string duration_text(std::int64_t ns);
// How long the kernel took; nothing for a call that did not return.
[[nodiscard]] std::optional<std::int64_t> duration_of(const model::Call& call);

// "python3 server.py", and what runs it: "CPython 3.11.2".
[[nodiscard]] std::string command_text(const Side& side);
[[nodiscard]] std::string runtime_text(const Side& side);
[[nodiscard]] Said end_text(const Side& side); // "exit status 0", "killed by signal 9"

// Label and value of everything that was the same for the whole run.
[[nodiscard]] std::vector<std::pair<Said, Said>> environment(const Story& story);
// What the reader has to know before trusting the report: cut, interrupted, folded, withheld.
[[nodiscard]] std::vector<Said> remarks(const Story& story);

// That a trace was read no further than this (model::Trace::read_only).
[[nodiscard]] Said read_only_text(std::uint64_t bytes);

// The programmer's call as it is written, and what has to be said beside it.
struct Expression {
  Phrase note;      // "leaving a scope", "library code"; empty for a call of the user's
  std::string code; // empty: none is written here, or it is unknown
};
[[nodiscard]] Expression expression_of(const model::Place& place);
[[nodiscard]] Said to_text(const Expression& expression);

// "server, descriptor 4".
[[nodiscard]] Said socket_label(const Story& story, const SocketStory& socket);
[[nodiscard]] std::string descriptors_text(const SocketStory& socket);
[[nodiscard]] Said made_text(const Story& story, const SocketStory& socket);
[[nodiscard]] Said closing_text(const Story& story, const SocketStory& socket);
[[nodiscard]] Said closing_sentence(const Story& story, const SocketStory& socket);

// The two values of a part of a row that are not alike, as a sentence.
[[nodiscard]] Said part_text(const Part& part);
// "differs", "spelling" ... as files spell it.
[[nodiscard]] std::string_view part_word(Part::Kind kind);
[[nodiscard]] std::string_view verdict_word(RowVerdict::Is is);
// The same for people.
[[nodiscard]] Phrase verdict_phrase(RowVerdict::Is is);
// "close(...) by clnt_sock.close(), 2 times" of what the expected table leaves out.
[[nodiscard]] Said left_out_text(const Story& story, const LeftOut& left_out);

// Of the document's table, which is ours, in any language; of others as the file has it.
[[nodiscard]] Said title_text(const Expectation& expectation);
// "server step 4, server.py:20": where a row of an expected table was found; its role where it was
// not.
[[nodiscard]] Said where_text(const Story& story, const RowVerdict& verdict);

// The last state of the socket that a call is about, for its sentence; nullptr: unknown.
[[nodiscard]] const model::Socket* socket_of(const Story& story, const model::Call& call);

// A failure that is no trouble: EAGAIN, EINPROGRESS, EINTR, or a call to be made again.
[[nodiscard]] bool is_trouble(const model::Call& call);

} // namespace socktale::reports
