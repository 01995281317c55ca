// Short texts that several reports share: who a side is, how long, what became of a socket.
// English, in rows where they are sentences. Not escaped: each format does that for itself.
#pragma once

#include "reports/judge.hpp"
#include "reports/story.hpp"

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

// "820 us", "1.25 ms", "3.02 s".
[[nodiscard]] std::string duration_text(std::int64_t ns);
// How long the kernel took; nothing for a call that did not return.
[[nodiscard]] std::optional<std::int64_t> duration_of(const model::Call& call);

// "python3 server.py", and what runs it: "CPython 3.11.2".
[[nodiscard]] std::string command_text(const Side& side);
[[nodiscard]] std::string runtime_text(const Side& side);
[[nodiscard]] std::string end_text(const Side& side); // "exit status 0", "killed by signal 9"

// Label and value of everything that was the same for the whole run.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> environment(const Story& story);
// What the reader has to know before trusting the report: cut, interrupted, folded, withheld.
[[nodiscard]] std::vector<std::string> remarks(const Story& story);

// The programmer's call as it is written, and what has to be said beside it.
struct Expression {
  std::string note; // "leaving a scope", "library code"; empty for a call of the user's
  std::string code; // empty: none is written here, or it is unknown
};
[[nodiscard]] Expression expression_of(const model::Place& place);
[[nodiscard]] std::string to_text(const Expression& expression);

// "server, descriptor 4".
[[nodiscard]] std::string socket_label(const Story& story, const SocketStory& socket);
[[nodiscard]] std::string descriptors_text(const SocketStory& socket);
[[nodiscard]] std::string made_text(const Story& story, const SocketStory& socket);
[[nodiscard]] std::string closing_text(const Story& story, const SocketStory& socket);
[[nodiscard]] std::string closing_sentence(const Story& story, const SocketStory& socket);

// The two values of a part of a row that are not alike, as a sentence.
[[nodiscard]] std::string part_text(const Part& part);
// "differs", "spelling" ... as files spell it.
[[nodiscard]] std::string_view part_word(Part::Kind kind);
[[nodiscard]] std::string_view verdict_word(RowVerdict::Is is);
// "close(...) by clnt_sock.close(), 2 times" of what the expected table leaves out.
[[nodiscard]] std::string left_out_text(const Story& story, const LeftOut& left_out);

// The last state of the socket that a call is about, for its sentence; nullptr: unknown.
[[nodiscard]] const model::Socket* socket_of(const Story& story, const model::Call& call);

// A failure that is no trouble: EAGAIN, EINPROGRESS, EINTR, or a call to be made again.
[[nodiscard]] bool is_trouble(const model::Call& call);

} // namespace socktale::reports
