// .mc samples [seed=number] [min(result)=value] [max(result)=value] ...
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wordline/base/units.hpp"
#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

namespace {

constexpr double kMostSamples = 1e8;
constexpr double kLargestSeed = 0x1p53;

double whole_number(const Token& token, const Scope& scope, const char* what, double low,
                    double high) {
  const double value = scope.value(token);
  if (!(value >= low && value <= high) || value != std::floor(value)) {
    fail(token,
         fmt::format("{} = {} is no whole number from {:.0f} to {:.0f}", what, value, low, high));
  }
  return value;
}

// The name of a result, "gain" or "v(out)", up to the parenthesis that closes around it.
std::string read_result(Line& line) {
  line.expect('(');
  const Token first = line.expect_word("the name of a result");
  std::string name(first.text);
  for (int open = 0; open > 0 || !line.peek().is(')');) {
    const Token& next = line.take();
    if (next.kind == Token::Kind::kEnd) fail(next, "')' is missing after the name of a result");
    open += next.is('(') ? 1 : next.is(')') ? -1 : 0;
    name += next.text;
  }
  line.expect(')');
  return to_lower(name);
}

// min(name)=value or max(name)=value, of which a result may have both.
void read_limit(Line& line, const Scope& scope, std::vector<ResultLimit>& limits) {
  const Token end = line.expect_word("seed=, min(result)= or max(result)=");
  const bool is_low = equal_ignoring_case(end.text, "min");
  if (!is_low && !equal_ignoring_case(end.text, "max")) {
    fail(end, fmt::format("'{}' is not understood here", end.text),
         "after the number of samples: seed=, min(result)= and max(result)=");
  }
  const std::string name = read_result(line);
  line.expect('=');
  const Token token = line.expect_value("a limit");
  const double value = scope.value(token);
  auto limit = std::find_if(limits.begin(), limits.end(),
                            [&](const ResultLimit& other) { return other.name == name; });
  if (limit == limits.end()) limit = limits.insert(limits.end(), ResultLimit{name});
  double& given = is_low ? limit->low : limit->high;
  if (std::isfinite(given)) fail(end, fmt::format("{}({}) is given twice", end.text, name));
  given = value;
  if (limit->low > limit->high) {
    fail(token, fmt::format("no {} is at least {} and at most {}", name, limit->low, limit->high));
  }
}

}  // namespace

void read_mc(Line& line, Scope& scope) {
  if (scope.circuit().monte_carlo) fail(line.head(), "a second .mc: a netlist is sampled one way");
  MonteCarlo request;
  request.where = scope.sources().locate(line.head().text.data());
  const Token count = line.expect_value("the number of samples");
  request.samples =
      static_cast<std::int64_t>(whole_number(count, scope, "samples", 1, kMostSamples));
  while (!line.done()) {
    if (!line.at_assignment()) {
      read_limit(line, scope, request.limits);
      continue;
    }
    const auto [name, value] = *line.accept_assignment();
    if (!equal_ignoring_case(name.text, "seed")) {
      fail(name, fmt::format("'{}' is not understood here", name.text),
           "after the number of samples: seed=, min(result)= and max(result)=");
    }
    request.seed = static_cast<std::uint64_t>(whole_number(value, scope, "seed", 0, kLargestSeed));
  }
  scope.circuit().monte_carlo = std::move(request);
}

}  // namespace wordline
