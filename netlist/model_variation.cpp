#include "wordline/netlist/model_variation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "wordline/base/units.hpp"

namespace wordline {

namespace {

using Kind = Distribution::Kind;

struct KindName {
  std::string_view name;
  Kind kind;
  std::string_view arguments;
};

constexpr std::array<KindName, 3> kKinds = {{{"gauss", Kind::kGauss, "mean, deviation"},
                                             {"unif", Kind::kUniform, "low, high"},
                                             {"lognormal", Kind::kLognormal, "median, deviation"}}};

const KindName* find_kind(std::string_view text) {
  const std::string name = to_lower(text.substr(0, text.find('(')));
  const auto* const found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const KindName& k) { return k.name == name; });
  return found == kKinds.end() || name.size() == text.size() ? nullptr : found;
}

// `min=`, `max=` and `cycle=`, in any order.
void read_options(Line& line, const Scope& scope, Distribution& distribution) {
  std::set<std::string> given;
  while (const auto limit = line.accept_assignment()) {
    const std::string key = to_lower(limit->name.text);
    double* const field = key == "min"     ? &distribution.low
                          : key == "max"   ? &distribution.high
                          : key == "cycle" ? &distribution.cycle
                                           : nullptr;
    if (field == nullptr) {
      fail(limit->name, fmt::format("a distribution has no '{}'", limit->name.text),
           "it has min=, max= and cycle=");
    }
    if (!given.insert(key).second) warn_twice(limit->name, scope);
    *field = scope.value(limit->value);
  }
}

struct CommonNumber {
  std::string_view key;
  double& (*field)(ModelCard& card);
};

const std::array<CommonNumber, 5> kCommonNumbers = {{
    {"noise_dt", [](ModelCard& c) -> double& { return c.noise.interval; }},
    {"rtn", [](ModelCard& c) -> double& { return c.noise.telegraph; }},
    {"rtn_tau", [](ModelCard& c) -> double& { return c.noise.dwell; }},
    {"r_rel_tol", [](ModelCard& c) -> double& { return c.variations.resistance_rel_tol; }},
    {"r_abs_tol", [](ModelCard& c) -> double& { return c.variations.resistance_abs_tol; }},
}};

ReadNoise::White white_noise(const Token& token) {
  const std::string name = to_lower(token.text);
  if (name == "thermal") return ReadNoise::White::kThermal;
  if (name == "shot") return ReadNoise::White::kShot;
  if (name == "none") return ReadNoise::White::kNone;
  fail(token, fmt::format("'{}' is no value of noise", token.text),
       "it is one of none, thermal, shot");
}

int redraws(const Token& token, const Scope& scope) {
  const double value = scope.value(token);
  if (!(value >= 0 && value <= 1e6 && value == std::floor(value))) {
    fail(token, fmt::format("resample = {:g} is no number of draws", value));
  }
  return static_cast<int>(value);
}

}  // namespace

std::optional<Distribution> read_distribution(const ParameterInfo& parameter, const Token& token,
                                              const Scope& scope) {
  const KindName* const kind = find_kind(token.text);
  if (kind == nullptr || token.text.back() != ')') return std::nullopt;
  Line line(scope.dialect());
  line.reset(token.text.substr(0, token.text.size() - 1));
  line.expect('(');
  Distribution distribution{.kind = kind->kind};
  distribution.a = scope.value(line.expect_expression(kind->arguments));
  line.expect(',');
  distribution.b = scope.value(line.expect_expression(kind->arguments));
  read_options(line, scope, distribution);
  if (line.peek().is(',')) {
    fail(line.peek(), fmt::format("{} takes two numbers: {}", kind->name, kind->arguments),
         "after them min=, max= and cycle= may follow");
  }
  line.expect_end();
  std::string fault = distribution.fault();
  distribution.low = std::max(distribution.low, parameter.range.low);
  distribution.high = std::min(distribution.high, parameter.range.high);
  if (fault.empty() && !distribution.fault().empty()) {
    fault = fmt::format("next to nothing of it lies in {}", parameter.range.format());
  }
  if (!fault.empty()) fail(token, fmt::format("{} of {}: {}", kind->name, parameter.name, fault));
  return distribution;
}

bool read_common_parameter(std::string_view key, const Token& token, const Scope& scope,
                           ModelCard& card) {
  if (key == "noise") {
    card.noise.white = white_noise(token);
  } else if (key == "resample") {
    card.variations.most_redraws = redraws(token, scope);
  } else {
    const auto* const found =
        std::find_if(kCommonNumbers.begin(), kCommonNumbers.end(),
                     [&](const CommonNumber& number) { return number.key == key; });
    if (found == kCommonNumbers.end()) return false;
    const double value = scope.value(token);
    if (!(value >= 0)) fail(token, fmt::format("{} = {:g} is negative", key, value));
    found->field(card) = value;
  }
  return true;
}

std::vector<std::string> common_parameters() {
  std::vector<std::string> names = {"noise", "resample"};
  for (const CommonNumber& number : kCommonNumbers) names.emplace_back(number.key);
  return names;
}

void warn_twice(const Token& parameter, const Scope& scope) {
  scope.warn(parameter,
             fmt::format("{} is given twice; the last one holds", to_lower(parameter.text)));
}

void warn_of_idle_noise(const Token& model, const std::set<std::string>& given, const Scope& scope,
                        const ReadNoise& noise) {
  if (given.contains("rtn_tau") && noise.telegraph == 0) {
    scope.warn(model, "rtn_tau has no effect without rtn", "add rtn=, the size of the jumps");
  }
  if (given.contains("noise_dt") && noise.white == ReadNoise::White::kNone) {
    scope.warn(model, "noise_dt has no effect without noise", "add noise=thermal or noise=shot");
  }
}

std::string find_fault(const ReadNoise& noise) {
  if (noise.white != ReadNoise::White::kNone && !(noise.interval > 0)) {
    return "noise needs noise_dt, the time between its samples";
  }
  if (noise.telegraph > 0 && !(noise.dwell > 0)) return "rtn needs rtn_tau, the time in a level";
  if (noise.telegraph >= 2) return "rtn must be less than 2, or currents change their sign";
  return "";
}

}  // namespace wordline
