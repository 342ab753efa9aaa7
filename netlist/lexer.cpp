#include "wordline/netlist/lexer.hpp"

#include <algorithm>
#include <cstring>

#include "wordline/netlist/diagnostics.hpp"

namespace wordline {

namespace {

// Blanks inside a physical line. Other control characters are no text a user can see, so they
// separate words too.
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' || c == '\0';
}

const char* line_end(const char* at, const char* end) {
  const void* const found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
  return found == nullptr ? end : static_cast<const char*>(found);
}

const char* first_non_blank(const char* at, const char* end) {
  while (at != end && is_blank(*at)) ++at;
  return at;
}

// Whether the physical line [begin, end) ends in two backslashes.
bool ends_in_backslashes(const char* begin, const char* end) {
  while (end != begin && is_blank(end[-1])) --end;
  return end - begin >= 2 && end[-1] == '\\' && end[-2] == '\\';
}

// Whether two backslashes end the physical line at `at`.
bool begins_continuation(const char* at, const char* end) {
  if (end - at < 2 || at[0] != '\\' || at[1] != '\\') return false;
  at = first_non_blank(at + 2, end);
  return at == end || *at == '\n';
}

bool begins_comment(const char* at, const char* end, Dialect dialect) {
  if (*at == ';') return true;
  if (*at == '/') return at + 1 != end && at[1] == '/';
  if (*at != '$' || !has_dollar_comments(dialect)) return false;
  return dialect == Dialect::kHspice || at + 1 == end || is_blank(at[1]) || at[1] == '\n';
}

bool is_comment_line(const char* at, const char* end, Dialect dialect) {
  return at == end || *at == '\n' || *at == '*' || begins_comment(at, end, dialect);
}

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

// The end of the bare word at `at`. Brackets keep their contents together: wl[3,17]. An `=` that
// belongs to a comparison (==, <=, >=, !=) does not end it.
const char* word_end(const char* at, const char* end) {
  const char* const begin = at;
  for (; at != end; ++at) {
    switch (*at) {
      case ' ':
      case '\t':
      case '\r':
      case '\n':
      case '\f':
      case '\v':
      case '\0':
      case '(':
      case ')':
      case ',':
      case '{':
      case '}':
      case '\'':
      case '"':
      case ';':
        return at;
      case '/':
        if (at + 1 != end && at[1] == '/') return at;
        break;
      case '\\':
        if (begins_continuation(at, end)) return at;
        break;
      case '=':
        if (at + 1 != end && at[1] == '=') {
          ++at;
        } else if (at == begin || std::strchr("<>!", at[-1]) == nullptr) {
          return at;
        }
        break;
      case '[': {
        const char* close = at;
        while (close != end && !is_blank(*close) && *close != '\n' && *close != ']') ++close;
        if (close != end && *close == ']') at = close;
        break;
      }
      default:
        break;
    }
  }
  return at;
}

const char* closing_brace(const char* open, const char* end) {
  int depth = 0;
  for (const char* at = open; at != end; ++at) {
    if (*at == '{') ++depth;
    if (*at == '}' && --depth == 0) return at;
  }
  throw Fault{open, "the brace is not closed", "write {expression}"};
}

const char* closing_quote(const char* open, const char* end) {
  const char* const found = std::find(open + 1, end, *open);
  if (found == end) throw Fault{open, "the quote is not closed"};
  return found;
}

}  // namespace

std::string_view LogicalLines::title() {
  const char* const begin = rest_.data();
  const char* const end = begin + rest_.size();
  if (begin == end) return {};
  const char* const stop = line_end(begin, end);
  rest_ = between(stop == end ? end : stop + 1, end);
  return between(begin, stop);
}

std::string_view LogicalLines::next() {
  const char* at = rest_.data();
  const char* const end = at + rest_.size();
  const bool margin = blank_begins_comment(dialect_);
  while (at != end) {
    const char* const line = at;
    at = first_non_blank(at, end);
    if (at != end && !is_comment_line(at, end, dialect_) && !(margin && at != line)) break;
    const char* const stop = line_end(at, end);
    at = stop == end ? end : stop + 1;
  }
  if (at == end) {
    rest_ = {};
    return {};
  }
  const char* const begin = at;
  const char* stop = line_end(begin, end);
  bool continued = ends_in_backslashes(begin, stop);
  const char* ahead = stop;
  while (ahead != end) {
    const char* const line = ahead + 1;
    const char* const text = first_non_blank(line, end);
    const char* const next_stop = line_end(text, end);
    const bool plus = text != end && *text == '+';
    if (continued || plus) {
      stop = next_stop;
      continued = ends_in_backslashes(line, next_stop);
    } else if (!is_comment_line(text, end, dialect_) && !(margin && text != line)) {
      break;
    }
    ahead = next_stop;
  }
  rest_ = between(stop == end ? end : stop + 1, end);
  return between(begin, stop);
}

const char* skip_blanks(const char* at, const char* end, Dialect dialect) {
  const char* const begin = at;
  bool continued = false;
  while (at != end) {
    if (is_blank(*at)) {
      ++at;
    } else if (begins_continuation(at, end)) {
      continued = true;
      at = line_end(at, end);
    } else if (*at == '\n') {
      // Inside a logical line: comment lines, then a line that continues it.
      const char* const line = at + 1;
      at = first_non_blank(line, end);
      const bool margin = blank_begins_comment(dialect) && at != line;
      if (!continued && at != end && *at == '+') {
        ++at;
      } else if (!continued && at != end && (margin || is_comment_line(at, end, dialect))) {
        at = line_end(at, end);
      }
      continued = false;
    } else if ((*at != '$' || at != begin) && begins_comment(at, end, dialect)) {
      const char* const stop = line_end(at, end);
      continued = ends_in_backslashes(at, stop);
      at = stop;
    } else {
      break;
    }
  }
  return at;
}

void tokenize(std::string_view line, std::vector<Token>& tokens, Dialect dialect) {
  tokens.clear();
  const char* at = line.data();
  const char* const end = at + line.size();
  for (;;) {
    const char* const begin = skip_blanks(at, end, dialect);
    const bool spaced = begin != at;
    if (begin == end) {
      tokens.push_back({between(begin, end), Token::Kind::kEnd, spaced});
      return;
    }
    Token::Kind kind = Token::Kind::kPunctuation;
    std::string_view text = between(begin, begin + 1);
    at = begin + 1;
    switch (*begin) {
      case '(':
      case ')':
      case ',':
      case '=':
      case '}':
        if (*begin != '=' || at == end || *at != '=') break;
        [[fallthrough]];
      default:
        kind = Token::Kind::kWord;
        at = word_end(begin, end);
        text = between(begin, at);
        break;
      case '{':
        kind = Token::Kind::kExpression;
        at = closing_brace(begin, end) + 1;
        text = between(begin + 1, at - 1);
        break;
      case '\'':
      case '"':
        kind = *begin == '"' ? Token::Kind::kString : Token::Kind::kExpression;
        at = closing_quote(begin, end) + 1;
        text = between(begin + 1, at - 1);
        break;
    }
    tokens.push_back({text, kind, spaced});
  }
}

bool equal_ignoring_case(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() &&
         std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
         });
}

}  // namespace wordline
