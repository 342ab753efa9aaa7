// What stands behind the name of a time function.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "wordline/netlist/line.hpp"
#include "wordline/netlist/scope.hpp"

namespace wordline {

// The arguments of a time function; those left out are zero.
class SourceArguments {
 public:
  SourceArguments(std::vector<Token> tokens, const Token& function, const Scope& scope)
      : tokens_(std::move(tokens)), function_(function), scope_(scope) {}

  void check_count(std::size_t least, std::size_t most) const;

  std::size_t size() const { return tokens_.size(); }
  const Token& token(std::size_t k) const { return tokens_[k]; }
  double at(std::size_t k) const { return k < tokens_.size() ? scope_.value(tokens_[k]) : 0; }

  // A time that may not be negative.
  double time(std::size_t k) const;

 private:
  std::vector<Token> tokens_;
  Token function_;
  const Scope& scope_;
};

// `dc`, `ac`, `distof1` and `distof2`, which no value is called by.
bool is_keyword_of_source(const Token& word);

// Values in parentheses, or bare to the end of the line or to such a keyword.
std::vector<Token> read_values(Line& line, const Token& function, const Scope& scope);

}  // namespace wordline
