// Text to logical lines, and a logical line to tokens. Nothing is copied: lines and tokens are
// views into the source text.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "wordline/netlist/dialect.hpp"

namespace wordline {

struct Token {
  enum class Kind : std::uint8_t {
    kEnd,          // after the last token of a line
    kWord,         // a name, a number, a bare expression without blanks or parentheses
    kExpression,   // {...} or '...', without the quotes
    kString,       // "...", without the quotes
    kPunctuation,  // one of = ( ) ,
  };
  std::string_view text;  // as written
  Kind kind = Kind::kEnd;
  bool spaced = false;  // whether a blank or a comment stands before it

  bool is(char punctuation) const {
    return kind == Kind::kPunctuation && text.front() == punctuation;
  }
  bool is_word() const { return kind == Kind::kWord; }
};

// Splits a text into logical lines: a physical line with its continuations (`+` lines, also across
// comment and blank lines; `\\` at the end). Blank and comment lines are left out.
class LogicalLines {
 public:
  explicit LogicalLines(std::string_view text, Dialect dialect = {})
      : rest_(text), dialect_(dialect) {}

  // The next logical line, with the line ends and comments inside it; empty at the end of the text.
  std::string_view next();
  // The first physical line, which is the title whatever it holds.
  std::string_view title();

 private:
  std::string_view rest_;
  Dialect dialect_;
};

// The end of blanks, comments and continued line ends that begin at `at`.
const char* skip_blanks(const char* at, const char* end, Dialect dialect = {});

// The tokens of a logical line, with a kEnd token last. Throws Fault on a quote or brace that is
// not closed.
void tokenize(std::string_view line, std::vector<Token>& tokens, Dialect dialect = {});

bool equal_ignoring_case(std::string_view text, std::string_view lower);

}  // namespace wordline
