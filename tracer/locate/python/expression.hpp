// What stands at a position of Python source, and whether it is a call. Pure text work on one
// Source: a lexer for strings, comments and brackets, no grammar.
#pragma once

#include "tracer/locate/python/source.hpp"
#include "tracer/model/place.hpp"

#include <string>
#include <string_view>

namespace socktale::locate::python {

// The text of `span` as written, newlines included, cut (with " ...") after 4 KiB. Empty where the
// span has no columns or does not fit the source.
[[nodiscard]] std::string text_of(const Source& source, const model::Span& span);

// A call of a chain that goes over lines begins, for the compiler, at the method's name
// ("connect(...)" of "t\n .connect(...)"). Returns the span begun at the receiver instead; any
// other span as it is.
[[nodiscard]] model::Span with_receiver(const Source& source, const model::Span& span);

// 3.11 and 3.12 give a whole compound statement for what `for` and `with` do by themselves. Returns
// what the loop goes over ("stream" of "for line in stream: ..."), the head of the with statement
// ("with a as b"), or any other span as it is.
[[nodiscard]] model::Span without_body(const Source& source, const model::Span& span);

// For versions without columns: the one call of a line that is a whole statement with nothing
// nested
// ("data = sock.recv(10)"), or a whole statement without any call ("del sock", "sock = None"). Any
// other line gives a span without columns: what ran on it cannot be told.
[[nodiscard]] model::Span only_part(const Source& source, std::int32_t line);

// What the text at an instruction says of what the instruction did.
enum class Written {
  call,      // an expression that calls: it ends with ")", awaits, yields; or an import
  with,      // a whole with statement, which 3.11 and 3.12 give when its block is left
  statement, // another whole statement: return, ...
  target,    // a bare name, attribute or element: t, of "t = None" and "del t"
  other,     // an operator, an f-string, what `for` goes over: may call, does not look like it
};
[[nodiscard]] Written written_as(std::string_view text);

} // namespace socktale::locate::python
