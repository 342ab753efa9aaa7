#include "wordline/netlist/elements/source_arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "wordline/base/units.hpp"

namespace wordline {

namespace {

// "PULSE(0 1,5)" was meant to hold two numbers, not three.
void warn_of_commas(const std::vector<Token>& tokens, const Token& function, const Scope& scope) {
  if (equal_ignoring_case(function.text, "pwl")) return;  // "0,0 1n,1" is how points are written
  const Token* tight = nullptr;
  bool has_blanks = false;
  for (std::size_t k = 1; k < tokens.size(); ++k) {
    const char* const begin = tokens[k - 1].text.data() + tokens[k - 1].text.size();
    const std::string_view between(begin, static_cast<std::size_t>(tokens[k].text.data() - begin));
    if (between == ",") tight = &tokens[k];
    if (between.find(',') == std::string_view::npos) has_blanks = true;
  }
  if (tight != nullptr && has_blanks) {
    scope.warn(*tight, "commas and blanks both separate values here",
               "a comma is no decimal point");
  }
}

}  // namespace

bool is_keyword_of_source(const Token& word) {
  constexpr std::array<std::string_view, 4> kKeywords = {"dc", "ac", "distof1", "distof2"};
  return word.is_word() && std::any_of(kKeywords.begin(), kKeywords.end(), [&](auto keyword) {
           return equal_ignoring_case(word.text, keyword);
         });
}

void SourceArguments::check_count(std::size_t least, std::size_t most) const {
  if (tokens_.size() < least || tokens_.size() > most) {
    fail(function_, fmt::format("{} takes {} to {} values, not {}", to_lower(function_.text), least,
                                most, tokens_.size()));
  }
}

double SourceArguments::time(std::size_t k) const {
  const double value = at(k);
  if (value < 0) fail(tokens_[k], fmt::format("the time {} s is negative", value));
  return value;
}

std::vector<Token> read_values(Line& line, const Token& function, const Scope& scope) {
  std::vector<Token> tokens;
  const bool parenthesised = line.accept('(');
  while (!line.done() && !line.peek().is(')') && !line.at_assignment()) {
    if (!parenthesised && is_keyword_of_source(line.peek())) break;
    tokens.push_back(line.expect_value("a value"));
    line.accept(',');
  }
  if (parenthesised && !line.at_assignment()) line.expect(')');
  warn_of_commas(tokens, function, scope);
  return tokens;
}

}  // namespace wordline
