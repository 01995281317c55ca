#include "tracer/locate/python/expression.hpp"

#include "tracer/locate/python/lexer.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <vector>

namespace socktale::locate::python {

namespace {

constexpr std::size_t most_text = 4096;

constexpr std::array<std::string_view, 15> statement_words{
    "return", "for",   "while", "if",      "elif", "raise",  "try",  "except",
    "assert", "class", "def",   "finally", "del",  "global", "match"};

bool is_closing(const Token& token) {
  return token.kind == Token::Kind::bracket && std::string_view(")]}").contains(token.text.front());
}

// Index of the bracket that `close` closes; nothing when the brackets do not match.
std::optional<std::size_t> opening_of(const std::vector<Token>& tokens, std::size_t close) {
  std::size_t depth = 0;
  for (std::size_t i = close + 1; i-- > 0;) {
    if (tokens[i].kind != Token::Kind::bracket) continue;
    depth = is_closing(tokens[i]) ? depth + 1 : depth - 1;
    if (depth == 0) return i;
  }
  return std::nullopt;
}

bool ends_operand(const Token& token) {
  return is_closing(token) || token.kind == Token::Kind::string ||
         (token.kind == Token::Kind::name && !is_keyword(token.text));
}

// Where the operand that ends with tokens[last] begins: a.b, f(x)[0].c, "text".
std::optional<std::size_t> operand_begin(const std::vector<Token>& tokens, std::size_t last) {
  while (true) {
    if (!ends_operand(tokens[last])) return std::nullopt;
    std::size_t begin = last;
    if (is_closing(tokens[last])) {
      const auto opening = opening_of(tokens, last);
      if (!opening) return std::nullopt;
      begin = *opening;
      // A bracket right after an operand calls or indexes it.
      if (begin > 0 && ends_operand(tokens[begin - 1]) && tokens[begin].text != "{") {
        last = begin - 1;
        continue;
      }
    }
    if (begin < 2 || tokens[begin - 1].text != ".") return begin;
    last = begin - 2;
  }
}

bool is_plain(const Token& token) {
  return token.kind == Token::Kind::number || token.kind == Token::Kind::string ||
         (token.kind == Token::Kind::name && !is_keyword(token.text)) || token.text == "." ||
         token.text == "," || token.text == "=";
}

// "del a", "a = None", "return a": a statement of names alone, which can do no more than drop what
// they stood for.
bool drops_only(std::span<const Token> tokens) {
  if (tokens.size() < 2 || tokens[0].text == ".") return false;
  const bool word = tokens[0].text == "del" || tokens[0].text == "return";
  if (word) tokens = tokens.subspan(1);
  return std::ranges::all_of(tokens, is_plain) &&
         (word || std::ranges::find(tokens, "=", &Token::text) != tokens.end());
}

// Where the call begins in a statement that is one call, or gives its result to names.
std::optional<std::size_t> only_call(const std::vector<Token>& tokens) {
  if (tokens.size() < 3 || tokens.back().text != ")") return std::nullopt;
  constexpr std::array<std::string_view, 8> nesting{"(", "[", "{", "lambda", ":", ";", "for", "if"};
  const auto nests = [&](const Token& token) {
    return std::ranges::find(nesting, token.text) != nesting.end();
  };
  if (std::ranges::count_if(tokens, nests) != 1) return std::nullopt;
  auto begin = operand_begin(tokens, tokens.size() - 1);
  if (!begin || tokens[*begin].text == "(") return std::nullopt;
  if (*begin > 0 && tokens[*begin - 1].text == ".") return std::nullopt; // begins a line above
  if (*begin > 0 && tokens[*begin - 1].text == "await") --*begin;
  const auto before = std::span(tokens).first(*begin);
  const bool simple = std::ranges::all_of(
      before, [](const Token& token) { return is_plain(token) || token.text == "return"; });
  return simple ? begin : std::nullopt;
}

} // namespace

std::string text_of(const Source& source, const model::Span& span) {
  const auto begin = source.offset(span.line, span.column);
  const auto end = source.offset(span.end_line, span.end_column);
  if (!begin || !end || *begin >= *end) return {};
  const std::string_view whole = source.text().substr(*begin, *end - *begin);
  // Columns of an edited file may fall inside a character.
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80; };
  if (continues(whole.front())) return {};
  if (*end < source.text().size() && continues(source.text()[*end])) return {};
  if (whole.size() <= most_text) return std::string(whole);
  std::size_t cut = most_text;
  while (cut > 0 && continues(whole[cut])) --cut;
  return std::string(whole.substr(0, cut)) + " ...";
}

model::Span with_receiver(const Source& source, const model::Span& span) {
  const auto begin = source.offset(span.line, span.column);
  if (!begin || *begin == 0) return span;
  // Most spans begin a line or follow something else than a dot: no need to read the file up to
  // here.
  std::size_t before = *begin;
  const std::string_view text = source.text();
  while (before > 0 && std::string_view(" \t\n\\").contains(text[before - 1])) --before;
  const bool at_dot = *begin < text.size() && text[*begin] == '.';
  if (!at_dot && (before == 0 || text[before - 1] != '.')) return span;
  const std::vector<Token> tokens = tokens_of(text.substr(0, at_dot ? *begin + 1 : *begin));
  if (tokens.size() < 2 || tokens.back().text != ".") return span;
  const auto first = operand_begin(tokens, tokens.size() - 2);
  if (!first) return span;
  const auto at = static_cast<std::size_t>(tokens[*first].text.data() - text.data());
  const auto [line, column] = source.position(at);
  return {line, column, span.end_line, span.end_column};
}

model::Span without_body(const Source& source, const model::Span& span) {
  const auto begin = source.offset(span.line, span.column);
  const auto end = source.offset(span.end_line, span.end_column);
  if (!begin || !end || *begin >= *end) return span;
  const std::string_view text = source.text().substr(*begin, *end - *begin);
  const std::string_view start = text.substr(0, text.find_first_of(" \t(\\"));
  if (start != "for" && start != "with" && start != "async") return span;
  const std::vector<Token> tokens = tokens_of(text);
  const bool loop = tokens[0].text == "for" || (tokens.size() > 1 && tokens[1].text == "for");
  const Token* first = &tokens[0];
  std::size_t depth = 0;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.kind == Token::Kind::bracket) {
      if (is_closing(token) && depth == 0) return span;
      depth = is_closing(token) ? depth - 1 : depth + 1;
    }
    if (depth != 0 || token.kind == Token::Kind::bracket) continue;
    if (loop && first == &tokens[0] && token.text == "in" && i + 1 < tokens.size())
      first = &tokens[i + 1];
    if (token.text != ":") continue;
    const auto offset = [&](const char* at) {
      return static_cast<std::size_t>(at - source.text().data());
    };
    const std::string_view last = tokens[i - 1].text;
    const auto [line, column] = source.position(offset(first->text.data()));
    const auto [end_line, end_column] = source.position(offset(last.data() + last.size()));
    return {line, column, end_line, end_column};
  }
  return span;
}

model::Span only_part(const Source& source, std::int32_t line) {
  const std::string_view text = source.line(line);
  const std::vector<Token> tokens = tokens_of(text);
  const auto part = [&](std::size_t first) {
    const auto column = [&](const char* at) {
      return static_cast<std::int32_t>(at - text.data()) + 1;
    };
    const std::string_view last = tokens.back().text;
    return model::Span{line, column(tokens[first].text.data()), line,
                       column(last.data() + last.size())};
  };
  if (drops_only(tokens)) return part(0);
  const auto call = only_call(tokens);
  return call ? part(*call) : model::Span{line, 0, 0, 0};
}

Written written_as(std::string_view text) {
  const std::vector<Token> tokens = tokens_of(text);
  if (tokens.empty()) return Written::other;
  const std::string_view first = tokens.front().text;
  const std::string_view second = tokens.size() > 1 ? tokens[1].text : std::string_view();
  if (first == "with" || (first == "async" && second == "with")) return Written::with;
  if (first == "await" || first == "yield" || first == "import" || first == "from")
    return Written::call;
  if (first == "async" || std::ranges::find(statement_words, first) != statement_words.end())
    return Written::statement;
  if (drops_only(tokens)) return Written::statement;
  const bool plain = std::ranges::all_of(tokens, [](const Token& token) {
    return token.kind == Token::Kind::name || token.text == "." || token.text == "[" ||
           token.text == "]" || token.kind == Token::Kind::number;
  });
  if (plain) return Written::target;
  return tokens.back().text == ")" || text.ends_with(" ...") ? Written::call : Written::other;
}

} // namespace socktale::locate::python
