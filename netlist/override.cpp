// Lines with other values than those in the text: what an override asks for is written into them.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elaborate.hpp"

namespace wordline {

namespace {

// Part of a text.
struct Extent {
  const char* begin;
  const char* end;
};

Extent extent_of(const Token& token) {
  const std::string_view text = with_quotes(token);
  return {text.data(), text.data() + text.size()};
}

std::string_view splice(std::string_view line, Extent place, const std::string& text,
                        Sources& sources) {
  const std::size_t before = static_cast<std::size_t>(place.begin - line.data());
  const std::size_t after = static_cast<std::size_t>(place.end - line.data());
  const std::string_view rest = line.substr(after);
  std::string whole = fmt::format("{}{}{}", line.substr(0, before), text, rest);
  return sources.add_derived(std::move(whole), {{0, line.data(), before},
                                                {before, place.begin, 0},
                                                {before + text.size(), rest.data(), rest.size()}});
}

// How many words stand before the main value of an element; 0: it has none.
std::size_t words_before_value(char letter) {
  switch (letter) {
    case 'r':
    case 'c':
    case 'l':
    case 'v':
    case 'i':
      return 3;
    case 'f':
    case 'h':
      return 4;
    case 'e':
    case 'g':
      return 5;
    default:
      return 0;
  }
}

bool is_constant(const Token& token, const Scope& scope) {
  if (token.kind == Token::Kind::kExpression) return true;
  if (!token.is_word()) return false;
  return read_number(token.text, scope.dialect()).has_value() ||
         scope.parameter(to_lower(token.text)).has_value();
}

// The value of V and I, which may be left out: then it stands before what follows the nodes.
Extent dc_value(Line& line, const Scope& scope, std::string& text) {
  if (line.accept_word("dc")) {
    line.accept('=');
    return extent_of(line.expect_value("the DC value"));
  }
  if (is_constant(line.peek(), scope)) return extent_of(line.expect_value("the DC value"));
  text += ' ';
  const char* const here = extent_of(line.peek()).begin;
  return {here, here};
}

Extent main_value(Line& line, char letter, const Scope& scope, std::string& text) {
  const std::size_t words = words_before_value(letter);
  for (std::size_t k = 1; k < words; ++k) line.take();
  if (letter == 'v' || letter == 'i') return dc_value(line, scope, text);
  if (letter == 'k') {
    while (line.peek(1).kind != Token::Kind::kEnd) line.take();
  }
  const bool by_name = line.at_assignment() && to_lower(line.peek().text)[0] == letter;
  if (by_name) return extent_of(line.accept_assignment()->value);
  if ((words > 0 || letter == 'k') && !line.at_assignment() && !line.done()) {
    return extent_of(line.expect_value("a value"));
  }
  fail(line.head(), fmt::format("'{}' has no value that could be stepped", line.head().text));
}

std::string_view whole_text(const Line& line) {
  const char* const begin = line.head().text.data();
  return {begin, static_cast<std::size_t>(line.tokens().back().text.data() - begin)};
}

}  // namespace

std::string StepTarget::label() const {
  if (kind == Kind::kTemperature) return "temp";
  return kind == Kind::kModel ? fmt::format("{}({})", name, parameter) : name;
}

std::optional<double> Elaborator::overridden(std::string_view parameter) {
  for (std::size_t k = 0; k < used_.size(); ++k) {
    const auto& [target, value] = variant_.overrides[k];
    if (target.kind != StepTarget::Kind::kParameter || target.name != parameter) continue;
    used_[k] = 1;
    return value;
  }
  return std::nullopt;
}

std::string_view Elaborator::overridden_text(const Line& line, const Scope& scope) {
  std::string_view text = whole_text(line);
  for (std::size_t k = 0; k < used_.size(); ++k) {
    const auto& [target, value] = variant_.overrides[k];
    if (target.kind != StepTarget::Kind::kElement ||
        scope.full_name(line.head().text) != target.name) {
      continue;
    }
    used_[k] = 1;
    Line own(deck_.dialect);
    own.reset(text);
    std::string written = fmt::format("{}", value);
    const Extent place = main_value(own, target.name[target.name.rfind('.') + 1], scope, written);
    text = splice(text, place, written, scope.sources());
  }
  return text;
}

void Elaborator::check_overrides() const {
  if (diagnostics_.has_errors()) return;
  for (std::size_t k = 0; k < used_.size(); ++k) {
    if (used_[k] != 0) continue;
    throw Error(fmt::format("the netlist has no '{}' that could be given a value",
                            variant_.overrides[k].target.label()));
  }
}

}  // namespace wordline
