// The line of a model as it is read: with what it takes over from another one (`ako:`), and with
// what overrides set.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elaborate.hpp"
#include "wordline/netlist/model_card.hpp"

namespace wordline {

namespace {

// A text that is written piece by piece from others.
class Text {
 public:
  void write(std::string_view piece) {
    pieces_.push_back({text_.size(), piece.data(), piece.size()});
    text_ += piece;
  }
  std::string_view finish(Sources& sources) {
    return sources.add_derived(std::move(text_), std::move(pieces_));
  }

 private:
  std::string text_;
  std::vector<Sources::Piece> pieces_;
};

std::string_view text_of(const Assignment& assignment) {
  const char* const begin = assignment.name.text.data();
  const std::string_view value = with_quotes(assignment.value);
  return {begin, static_cast<std::size_t>(value.data() + value.size() - begin)};
}

// The name after `ako:`, with or without a blank between; nothing if there is none.
std::optional<Token> accept_ancestor(Line& line) {
  constexpr std::string_view kAko = "ako:";
  const Token token = line.peek();
  if (!token.is_word() || !equal_ignoring_case(token.text.substr(0, kAko.size()), kAko)) {
    return std::nullopt;
  }
  line.take();
  if (token.text.size() == kAko.size()) return line.expect_word("the name of a model");
  return Token{token.text.substr(kAko.size()), Token::Kind::kWord};
}

}  // namespace

std::string_view Elaborator::complete_model(const Scope& scope, const std::string& name,
                                            std::string_view text) {
  const auto [known, is_new] = models_.try_emplace(text.data());
  if (!is_new && !known->second.empty()) return known->second;
  Line line(deck_.dialect);
  line.reset(text);
  const Token own = line.expect_word("the model's name");
  if (!is_new) fail(own, fmt::format("the model '{}' is derived from itself", own.text));
  std::string_view whole = text;
  try {
    if (const auto ancestor = accept_ancestor(line)) whole = derive(scope, line, *ancestor);
  } catch (const Fault&) {
    models_.erase(text.data());
    throw;
  }
  if (scope.enclosing() == nullptr) whole = with_overrides(name, whole);
  return models_[text.data()] = whole;
}

// The line with the parameters of its ancestor that it does not give itself.
std::string_view Elaborator::derive(const Scope& scope, Line& own, const Token& ancestor) {
  const Token name = own.tokens()[1];
  Line old(deck_.dialect);
  old.reset(scope.text_of_model(ancestor));
  old.take();
  const Token kind = old.expect_word("the kind of the model");
  if (!own.at_assignment() && own.peek().is_word()) {
    const Token given = own.take();
    if (to_lower(given.text) != to_lower(kind.text)) {
      fail(given, fmt::format("the model '{}' is of kind {}, not {}", ancestor.text, kind.text,
                              given.text));
    }
  }
  const std::vector<Assignment> instead = read_assignments(own);
  Text text;
  for (const std::string_view word : {own.head().text, name.text, kind.text}) {
    text.write(word);
    text.write(" ");
  }
  const auto write = [&text](const Assignment& assignment) {
    text.write(text_of(assignment));
    text.write(" ");
  };
  for (const Assignment& assignment : read_assignments(old)) {
    const bool is_given = std::any_of(instead.begin(), instead.end(), [&](const Assignment& other) {
      return to_lower(other.name.text) == to_lower(assignment.name.text);
    });
    if (!is_given) write(assignment);
  }
  for (const Assignment& assignment : instead) write(assignment);
  return text.finish(scope.sources());
}

// Values behind those that the line has: the last of two holds.
std::string_view Elaborator::with_overrides(const std::string& name, std::string_view text) {
  for (std::size_t k = 0; k < used_.size(); ++k) {
    const auto& [target, value] = variant_.overrides[k];
    if (target.kind != StepTarget::Kind::kModel || target.name != name) continue;
    used_[k] = 1;
    Line line(deck_.dialect);
    line.reset(text);
    constexpr std::size_t kFirstAfterKind = 3;
    const auto& tokens = line.tokens();
    const bool in_parentheses = tokens.size() > kFirstAfterKind &&
                                tokens[kFirstAfterKind].is('(') && tokens.rbegin()[1].is(')');
    const char* const place = tokens.rbegin()[in_parentheses ? 1 : 0].text.data();
    const auto before = static_cast<std::size_t>(place - text.data());
    Text whole;
    whole.write(text.substr(0, before));
    const std::string assignment = fmt::format(" {}={}", target.parameter, value);
    whole.write(diagnostics_.sources().add_derived(assignment, {{0, place, 0}}));
    whole.write(text.substr(before));
    text = whole.finish(diagnostics_.sources());
  }
  return text;
}

}  // namespace wordline
