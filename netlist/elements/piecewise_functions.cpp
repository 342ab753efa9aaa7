#include "wordline/netlist/elements/piecewise_functions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elements/elements.hpp"
#include "wordline/netlist/elements/source_arguments.hpp"

namespace wordline {

namespace {

void repeat_from(const Token& where, double start, PiecewiseLinear& lines) {
  if (start >= lines.time.back()) {
    fail(where, fmt::format("the repetition from {} s begins after the last point", start));
  }
  lines.repeat_from = start;
}

// A last word that is not one of the pairs but asks for repetition: `r` from 0 on in HSPICE.
std::optional<Token> take_repetition(std::vector<Token>& tokens, const Scope& scope) {
  if (tokens.size() % 2 == 0 || !tokens.back().is_word()) return std::nullopt;
  const Token word = tokens.back();
  const bool is_short = equal_ignoring_case(word.text, "r");
  if (!is_short && !equal_ignoring_case(word.text, "repeat")) return std::nullopt;
  if (!is_short || scope.dialect() != Dialect::kHspice) {
    fail(word, fmt::format("'{}' does not say from when on the points are repeated", word.text),
         "write r=0 to repeat all of them");
  }
  tokens.pop_back();
  return word;
}

// In LTspice a time with a sign is so much after the last.
void read_points(const SourceArguments& a, const Token& function, const Scope& scope,
                 PiecewiseLinear& lines) {
  if (a.size() == 0 || a.size() % 2 != 0) {
    fail(function, fmt::format("pwl takes pairs of time and value, not {} values", a.size()));
  }
  for (std::size_t k = 0; k < a.size(); k += 2) {
    const bool is_relative = scope.dialect() == Dialect::kLtspice && !lines.time.empty() &&
                             a.token(k).text.starts_with('+');
    const double time = a.at(k) + (is_relative ? lines.time.back() : 0);
    if (!lines.time.empty() && time <= lines.time.back()) {
      fail(a.token(k), fmt::format("time {} s of point {} is not after {} s of point {}", time,
                                   k / 2 + 1, lines.time.back(), k / 2));
    }
    lines.time.push_back(time);
    lines.value.push_back(a.at(k + 1));
  }
}

void read_file(const Token& name, PiecewiseLinear& lines, const Scope& scope) {
  const Matrix points = scope.curve(name, "time", "value");
  for (std::int64_t k = 0; k < points.rows; ++k) {
    lines.time.push_back(points(k, 0));
    lines.value.push_back(points(k, 1));
  }
}

void read_repetition(const Assignment& assignment, PiecewiseLinear& lines, const Scope& scope) {
  const double value = scope.value(assignment.value);
  if (equal_ignoring_case(assignment.name.text, "td")) {
    lines.delay = value;
  } else if (equal_ignoring_case(assignment.name.text, "r")) {
    if (value >= 0) repeat_from(assignment.value, value, lines);  // -1 means none
  } else {
    fail_unknown(assignment, {"r", "td"});
  }
}

// The points, or the file that has them.
void read_points_or_file(Line& line, const Token& function, const Scope& scope,
                         PiecewiseLinear& lines) {
  const bool parenthesised =
      line.peek().is('(') && equal_ignoring_case(line.peek(1).text, "file") && line.accept('(');
  if (line.accept_word("file")) {
    line.accept('=');
    read_file(line.expect_value("a file name"), lines, scope);
    if (parenthesised) line.expect(')');
  } else {
    std::vector<Token> tokens = read_values(line, function, scope);
    const std::optional<Token> repetition = take_repetition(tokens, scope);
    read_points(SourceArguments(std::move(tokens), function, scope), function, scope, lines);
    if (repetition) repeat_from(*repetition, 0, lines);
  }
}

// LTspice's `repeat forever (...) endrepeat`, whose first word is behind.
void read_repeated(Line& line, const Token& function, const Scope& scope, PiecewiseLinear& lines) {
  const Token often = line.peek();
  if (!line.accept_word("forever")) {
    fail(often, "only 'repeat forever' is supported", "write PWL(...) r=0 to repeat all points");
  }
  read_points_or_file(line, function, scope, lines);
  const Token end = line.peek();
  if (!line.accept_word("endrepeat")) fail(end, "'endrepeat' is expected here");
  repeat_from(often, 0, lines);
}

std::string read_bits(const Token& token) {
  std::string bits = to_lower(token.text);
  if (bits.starts_with('b')) bits.erase(bits.begin());
  if (bits.empty() || bits.find_first_not_of("01m") != std::string::npos) {
    fail(token, fmt::format("'{}' is no pattern", token.text),
         "a pattern is b and digits: b0110, m for the middle");
  }
  return bits;
}

// The corners of a pattern whose ramps begin where its bits do; before it stands its first bit.
PiecewiseLinear pattern(const SourceArguments& a, const std::string& bits) {
  const double high = a.at(0);
  const double low = a.at(1);
  const double rise = a.time(3);
  const double fall = a.time(4);
  const double sample = a.time(5);
  if (sample <= std::max(rise, fall) || rise <= 0 || fall <= 0) {
    fail(a.token(5), "the edges of a pattern take more than no time and less than a bit");
  }
  const auto level = [&](char bit) {
    return bit == '1' ? high : bit == '0' ? low : (high + low) / 2;
  };
  PiecewiseLinear lines{.time = {0}, .value = {level(bits.front())}, .delay = a.time(2)};
  for (std::size_t k = 1; k <= bits.size(); ++k) {
    const double begin = static_cast<double>(k) * sample;
    const double from = level(bits[k - 1]);
    const double to = level(bits[k % bits.size()]);
    lines.time.push_back(begin);
    lines.value.push_back(from);
    if (k == bits.size() || from == to) continue;
    lines.time.push_back(begin + (to > from ? rise : fall));
    lines.value.push_back(to);
  }
  return lines;
}

}  // namespace

PiecewiseLinear read_piecewise(Line& line, const Token& function, const Scope& scope) {
  PiecewiseLinear lines;
  if (scope.dialect() == Dialect::kLtspice && line.accept_word("repeat")) {
    read_repeated(line, function, scope, lines);
  } else {
    read_points_or_file(line, function, scope, lines);
  }
  while (const auto assignment = line.accept_assignment()) {
    if (equal_ignoring_case(assignment->name.text, "m")) fail_unknown(*assignment, {});
    read_repetition(*assignment, lines, scope);
  }
  line.accept(')');  // ngspice's PWL(... r=0)
  return lines;
}

// ---- modulated sines ----

PiecewiseLinear read_pattern(Line& line, const Token& function, const Scope& scope) {
  const bool parenthesised = line.accept('(');
  std::vector<Token> tokens;
  while (tokens.size() < 7) {
    tokens.push_back(line.expect_value("a value"));
    line.accept(',');
  }
  std::string bits = read_bits(tokens.back());
  tokens.pop_back();
  double repeats = 0;
  while (const auto assignment = line.accept_assignment()) {
    if (!equal_ignoring_case(assignment->name.text, "r")) fail_unknown(*assignment, {"r"});
    repeats = scope.value(assignment->value);
    if (repeats < -1 || repeats != std::floor(repeats)) {
      fail(assignment->value, fmt::format("{} is no number of repetitions", repeats),
           "-1 is without end");
    }
  }
  if (parenthesised) line.expect(')');
  const SourceArguments arguments(std::move(tokens), function, scope);
  if (repeats < 0) {  // from the end of the first time on
    bits += bits;
    PiecewiseLinear lines = pattern(arguments, bits);
    lines.repeat_from = lines.time.back() / 2;
    return lines;
  }
  if (repeats > 0) {
    constexpr double kMostBits = 1e7;
    if (repeats * static_cast<double>(bits.size()) > kMostBits) {
      fail(function, fmt::format("the pattern is repeated {} times", repeats),
           "r=-1 repeats it without end");
    }
    const std::string once = bits;
    for (auto k = static_cast<int>(repeats); k > 0; --k) bits += once;
  }
  return pattern(arguments, bits);
}

}  // namespace wordline
