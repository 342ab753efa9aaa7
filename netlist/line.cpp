#include "wordline/netlist/line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace wordline {

namespace {

Token join(const Token& first, const Token& last) {
  // The braces or quotes of what is joined are part of it.
  const auto quote = [](const Token& token) {
    return token.kind == Token::Kind::kExpression || token.kind == Token::Kind::kString ? 1 : 0;
  };
  const char* const begin = first.text.data() - quote(first);
  const char* const end = last.text.data() + last.text.size() + quote(last);
  return {{begin, static_cast<std::size_t>(end - begin)}, Token::Kind::kExpression, first.spaced};
}

bool is_value(const Token& token) {
  return token.kind != Token::Kind::kEnd && token.kind != Token::Kind::kPunctuation;
}

}  // namespace

std::string_view with_quotes(const Token& token) {
  const std::string_view text = token.text;
  if (token.kind != Token::Kind::kExpression && token.kind != Token::Kind::kString) return text;
  constexpr std::string_view kOpening = "{'\"";
  if (kOpening.find(text.data()[-1]) == std::string_view::npos) return text;
  return {text.data() - 1, text.size() + 2};
}

void fail(const Token& where, std::string message, std::string hint) {
  throw Fault{where.text.data(), std::move(message), std::move(hint)};
}

namespace {

std::filesystem::path beside(const Token& name, const Sources& sources) {
  return sources.file_of(name.text.data()).parent_path() / std::filesystem::path(name.text);
}

}  // namespace

std::optional<std::filesystem::path> find_file(const Token& name, const Sources& sources) {
  std::vector<std::filesystem::path> places = {beside(name, sources),
                                               std::filesystem::path(name.text)};
  for (const std::filesystem::path& folder : sources.folders())
    places.push_back(folder / name.text);
  const std::size_t count = name.text.find('\\') == std::string_view::npos ? 0 : places.size();
  for (std::size_t k = 0; k < count; ++k) {  // as Windows writes paths
    std::string path = places[k].string();
    std::replace(path.begin(), path.end(), '\\', '/');
    places.emplace_back(path);
  }
  for (const std::filesystem::path& path : places) {
    std::error_code status;
    if (std::filesystem::is_regular_file(path, status)) {
      return std::filesystem::weakly_canonical(path, status);
    }
  }
  return std::nullopt;
}

std::filesystem::path require_file(const Token& name, const Sources& sources) {
  if (auto path = find_file(name, sources)) return *std::move(path);
  std::error_code status;
  if (std::filesystem::is_directory(beside(name, sources), status)) {
    fail(name, fmt::format("'{}' is a folder, not a file", name.text));
  }
  fail(name, fmt::format("there is no file '{}'", name.text),
       fmt::format("looked for {}{} in the working directory{}", beside(name, sources).string(),
                   sources.folders().empty() ? " and" : ",",
                   sources.folders().empty() ? "" : " and where -I says"));
}

void Line::reset(std::string_view text) {
  next_ = 0;
  text_ = text;
  tokenize(text, tokens_, dialect_);
  if (!done()) next_ = 1;
}

const Token& Line::peek(std::size_t ahead) const {
  return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
}

const Token& Line::take() {
  const Token& token = peek();
  if (!done()) ++next_;
  return token;
}

bool Line::accept(char punctuation) {
  if (!peek().is(punctuation)) return false;
  ++next_;
  return true;
}

bool Line::accept_word(std::string_view lower) {
  if (!peek().is_word() || !equal_ignoring_case(peek().text, lower)) return false;
  ++next_;
  return true;
}

void Line::expect(char punctuation) {
  if (!accept(punctuation)) fail_here(fmt::format("'{}'", punctuation));
}

const Token& Line::expect_word(std::string_view what) {
  if (!peek().is_word()) fail_here(what);
  return take();
}

void Line::expect_end() const {
  if (!done()) fail(peek(), fmt::format("'{}' is not expected here", peek().text), comma_hint());
}

void Line::fail_here(std::string_view what) const {
  if (done()) fail(peek(), fmt::format("the line ends where {} is expected", what));
  fail(peek(), fmt::format("{} is expected here, not '{}'", what, peek().text), comma_hint());
}

// "1,5" was meant for a number.
std::string Line::comma_hint() const {
  const Token& after = peek(1);
  if (!peek().is(',') || peek().spaced || after.spaced || !after.is_word() || next_ == 0) return {};
  const Token& before = tokens_[next_ - 1];
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!is_digit(before.text.back()) || !is_digit(after.text.front())) return {};
  return fmt::format("a comma is no decimal point: write {}.{}", before.text, after.text);
}

bool Line::at_assignment() const { return peek().is_word() && peek(1).is('='); }

// `name(arguments) =`, of a function
bool Line::at_function() const {
  if (!peek().is_word() || !peek().spaced || !peek(1).is('(')) return false;
  std::size_t k = 2;
  while (peek(k).is_word() || peek(k).is(',')) ++k;
  return peek(k).is(')') && peek(k + 1).is('=');
}

void Line::accept_comma() {
  if (peek().is(',') && peek(1).is_word() && peek(2).is('=')) ++next_;
}

Token Line::expect_value(std::string_view what) {
  if (!is_value(peek())) fail_here(what);
  const Token first = take();
  // name(...) and what follows it without a blank is one value: 2*max(a, b)+1
  if (!first.is_word() || !peek().is('(') || peek().spaced) return first;
  Token last = first;
  int depth = 0;
  const auto ends = [this] {
    return peek().spaced || peek().is(')') || peek().is(',') || peek().is('=');
  };
  while (!done() && (depth > 0 || !ends())) {
    if (peek().is('(')) ++depth;
    if (peek().is(')')) --depth;
    last = take();
  }
  if (depth > 0) fail(first, "a parenthesis is not closed");
  return join(first, last);
}

std::optional<Token> Line::accept_value() {
  if (!is_value(peek()) || at_assignment()) return std::nullopt;
  return expect_value("a value");
}

Token Line::expect_expression(std::string_view what) {
  if (done()) fail_here(what);
  const Token first = take();
  Token last = first;
  int depth = first.is('(') ? 1 : 0;
  while (!done() && !(depth <= 0 && (at_assignment() || at_function() || peek().is(',')))) {
    if (peek().is('(')) ++depth;
    if (peek().is(')')) --depth;
    last = take();
  }
  // One {expression} alone comes without its braces; among other tokens it keeps them.
  if (first.text.data() == last.text.data()) return first;
  return join(first, last);
}

std::optional<Assignment> Line::accept_assignment() {
  accept_comma();
  if (!at_assignment()) return std::nullopt;
  const Token name = take();
  take();
  return Assignment{name, expect_value(fmt::format("the value of {}", name.text))};
}

}  // namespace wordline
