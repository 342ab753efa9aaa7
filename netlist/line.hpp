// A cursor over the tokens of one logical line: what handlers of statements and elements read from.
// All faults are thrown as Fault with the place of the offending token.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wordline/netlist/diagnostics.hpp"
#include "wordline/netlist/lexer.hpp"

namespace wordline {

// `name = value`
struct Assignment {
  Token name;
  Token value;
};

class Line {
 public:
  Line() = default;
  explicit Line(Dialect dialect) : dialect_(dialect) {}

  void reset(std::string_view text);  // tokenizes; the cursor stands after the first token

  std::string_view text() const { return text_; }
  const std::vector<Token>& tokens() const { return tokens_; }

  const Token& head() const { return tokens_.front(); }  // "r1", ".tran"
  const Token& peek(std::size_t ahead = 0) const;
  bool done() const { return peek().kind == Token::Kind::kEnd; }
  const Token& take();
  void rewind() { next_ = 0; }  // to before the first token

  bool accept(char punctuation);
  bool accept_word(std::string_view lower);
  void accept_comma();  // where an assignment follows it
  void expect(char punctuation);
  const Token& expect_word(std::string_view what);  // "a node", "a model name"
  void expect_end() const;
  void skip() { next_ = tokens_.size() - 1; }  // to the end

  // A value: a number, {expression}, 'expression', "string", or a bare expression without blanks
  // outside parentheses, such as 2*max(a, b).
  Token expect_value(std::string_view what);
  // A value if one comes next that is not the name of an assignment.
  std::optional<Token> accept_value();
  // Everything to the end of the line, or to the next `name =`, as one expression.
  Token expect_expression(std::string_view what);
  std::optional<Assignment> accept_assignment();
  // Whether `name =` comes next.
  bool at_assignment() const;

 private:
  bool at_function() const;
  [[noreturn]] void fail_here(std::string_view expected) const;
  std::string comma_hint() const;

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  Dialect dialect_ = {};
};

// A token's text with its braces or quotes.
std::string_view with_quotes(const Token& token);

// The file of this name, if there is one: beside the one that names it, else in the working
// directory, else in the folders of `sources`. The other throws Fault where there is none.
std::optional<std::filesystem::path> find_file(const Token& name, const Sources& sources);
std::filesystem::path require_file(const Token& name, const Sources& sources);

[[noreturn]] void fail(const Token& where, std::string message, std::string hint = {});

}  // namespace wordline
