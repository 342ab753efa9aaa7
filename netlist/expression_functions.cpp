// The operators and functions of the language with their partial derivatives.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "wordline/base/error.hpp"
#include "wordline/netlist/expression_program.hpp"

namespace wordline::expression {

namespace {

using In = std::span<const double>;
using Out = std::span<double>;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kLn10 = std::numbers::ln10;

double sign(double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0; }
bool is_integer(double x) { return std::trunc(x) == x; }
double away_from_zero(double x) { return std::abs(x) < kTiny ? std::copysign(kTiny, x) : x; }
// A comparison of what has no value has none.
double truth(bool condition, In a) { return std::isnan(a[0] + a[1]) ? kNone : condition; }

void no_slope(In, double, Out d) { std::fill(d.begin(), d.end(), 0.0); }

// What its arguments alone do not tell.
double no_value(In) { return kNone; }

// The slope of f at x >= the edge of its domain; 0 beyond it, where f is continued as a constant.
double inside(double x, double edge, double slope) { return x < edge ? 0.0 : slope; }

// ---- powers ----

// x^y; for a negative x and a broken y, |x|^y as in ngspice (only reached through guard_power).
double power(In a) { return a[0] == 0 && a[1] < 0 ? kNone : std::pow(a[0], a[1]); }

void guard_power(Out a) {
  if (a[0] < 0 && !is_integer(a[1])) a[0] = -a[0];
  if (a[1] < 0) a[0] = away_from_zero(a[0]);
}

void power_slopes(In a, double value, Out d) {
  const bool mirrored = a[0] < 0 && !is_integer(a[1]);
  const double base = mirrored ? -a[0] : a[0];
  const double steep = a[1] < 1 && a[1] != 0 ? away_from_zero(base) : base;
  d[0] = a[1] == 0 ? 0.0 : (mirrored ? -1.0 : 1.0) * a[1] * std::pow(steep, a[1] - 1);
  d[1] = base == 0 ? 0.0 : value * std::log(std::abs(base));
}

// sgn(x) |x|^y
double signed_power(In a) {
  return a[0] == 0 && a[1] < 0 ? kNone : sign(a[0]) * std::pow(std::abs(a[0]), a[1]);
}

void guard_signed_power(Out a) {
  if (a[1] < 0) a[0] = away_from_zero(a[0]);
}

void signed_power_slopes(In a, double value, Out d) {
  const double base = a[1] < 1 ? std::abs(away_from_zero(a[0])) : std::abs(a[0]);
  d[0] = a[1] == 0 ? 0.0 : a[1] * std::pow(base, a[1] - 1);
  d[1] = a[0] == 0 ? 0.0 : value * std::log(std::abs(a[0]));
}

// ---- smallest and largest ----

template <class Better>
std::size_t best(In a, Better better) {
  std::size_t k = 0;
  for (std::size_t j = 1; j < a.size(); ++j) {
    if (std::isnan(a[j])) return j;
    if (better(a[j], a[k])) k = j;
  }
  return k;
}
std::size_t smallest(In a) {
  return best(a, [](double x, double y) { return x < y; });
}
std::size_t largest(In a) {
  return best(a, [](double x, double y) { return x > y; });
}

template <std::size_t (*which)(In)>
double chosen(In a) {
  return a[which(a)];
}
template <std::size_t (*which)(In)>
void chosen_slopes(In a, double, Out d) {
  std::fill(d.begin(), d.end(), 0.0);
  d[which(a)] = 1;
}

// condition ? a : b
std::size_t branch(In a) { return std::isnan(a[0]) ? 0 : a[0] != 0 ? 1 : 2; }
// limit(x, low, high)
std::size_t limited(In a) { return a[0] > a[2] ? 2 : a[0] < a[1] ? 1 : 0; }

// ---- table(x, x1, y1, x2, y2, ...): straight lines between points, constant beyond them ----

// The index of the last point at or before x; 0 if there is none.
std::size_t segment(In a) {
  std::size_t k = 1;
  while (k + 3 < a.size() && a[k + 2] <= a[0]) k += 2;
  return k;
}

double table(In a) {
  const std::size_t k = segment(a);
  if (a[0] <= a[k] || k + 3 >= a.size()) return a[k + 1];
  return a[k + 1] + (a[k + 3] - a[k + 1]) * (a[0] - a[k]) / (a[k + 2] - a[k]);
}

void table_slopes(In a, double, Out d) {
  std::fill(d.begin(), d.end(), 0.0);
  const std::size_t k = segment(a);
  if (a[0] < a[k] || k + 3 >= a.size()) {
    d[k + 1] = 1;
    return;
  }
  const double run = a[k + 2] - a[k];
  const double weight = (a[0] - a[k]) / run;
  const double slope = (a[k + 3] - a[k + 1]) / run;
  d[0] = slope;
  d[k] = slope * (weight - 1);
  d[k + 1] = 1 - weight;
  d[k + 2] = -slope * weight;
  d[k + 3] = weight;
}

// ---- the tables ----

constexpr double kUnit = 1 - 1e-15;  // where atanh is cut

void guard_positive(Out a) { a[0] = std::max(a[0], kTiny); }
void guard_unit(Out a) { a[0] = std::clamp(a[0], -1.0, 1.0); }
double arc_slope(double x) {
  return std::abs(x) > 1 ? 0.0 : 1 / std::sqrt(std::max(1 - x * x, kTiny));
}

constexpr Function kOperators[] = {
    {"+", 2, 2, [](In a) { return a[0] + a[1]; }, [](In, double, Out d) { d[0] = d[1] = 1; }},
    {"-", 2, 2, [](In a) { return a[0] - a[1]; },
     [](In, double, Out d) {
       d[0] = 1;
       d[1] = -1;
     }},
    {"*", 2, 2, [](In a) { return a[0] * a[1]; },
     [](In a, double, Out d) {
       d[0] = a[1];
       d[1] = a[0];
     }},
    {"/", 2, 2, [](In a) { return a[1] == 0 ? kNone : a[0] / a[1]; },
     [](In a, double value, Out d) {
       d[0] = 1 / away_from_zero(a[1]);
       d[1] = -value * d[0];
     },
     [](Out a) { a[1] = away_from_zero(a[1]); }},
    {"**", 2, 2, power, power_slopes, guard_power},
    {"neg", 1, 1, [](In a) { return -a[0]; }, [](In, double, Out d) { d[0] = -1; }},
    {"!", 1, 1, [](In a) { return std::isnan(a[0]) ? kNone : a[0] == 0; }, no_slope},
    {"<", 2, 2, [](In a) { return truth(a[0] < a[1], a); }, no_slope},
    {">", 2, 2, [](In a) { return truth(a[0] > a[1], a); }, no_slope},
    {"<=", 2, 2, [](In a) { return truth(a[0] <= a[1], a); }, no_slope},
    {">=", 2, 2, [](In a) { return truth(a[0] >= a[1], a); }, no_slope},
    {"==", 2, 2, [](In a) { return truth(a[0] == a[1], a); }, no_slope},
    {"!=", 2, 2, [](In a) { return truth(a[0] != a[1], a); }, no_slope},
    {"&&", 2, 2, [](In a) { return truth(a[0] != 0 && a[1] != 0, a); }, no_slope},
    {"||", 2, 2, [](In a) { return truth(a[0] != 0 || a[1] != 0, a); }, no_slope},
    {"xor", 2, 2, [](In a) { return truth((a[0] != 0) != (a[1] != 0), a); }, no_slope},
    {"?:", 3, 3, chosen<branch>, chosen_slopes<branch>},
};

constexpr auto kModulo = [](In a) { return a[1] == 0 ? kNone : std::fmod(a[0], a[1]); };
constexpr auto kModuloSlopes = [](In a, double, Out d) {
  d[0] = 1;
  d[1] = -std::trunc(a[0] / away_from_zero(a[1]));
};
constexpr auto kStep = [](In a) { return std::isnan(a[0]) ? kNone : 0.5 * (1 + sign(a[0])); };
constexpr auto kLog = [](In a) { return a[0] > 0 ? std::log(a[0]) : kNone; };
constexpr auto kLogSlope = [](In a, double, Out d) {
  d[0] = inside(a[0], 0, 1 / std::max(a[0], kTiny));
};

constexpr auto kDecibel = [](In a) { return a[0] == 0 ? kNone : 20 * std::log10(std::abs(a[0])); };

// ---- random numbers: the last argument is the one that is drawn ----

// gauss(deviation), gauss(nominal, relative [, sigmas]): the variation is so many deviations.
double gauss(In a) {
  if (a.size() == 2) return a[0] * a[1];
  return a[0] + a[0] * a[1] * a.back() / (a.size() == 4 ? a[2] : 1.0);
}
double agauss(In a) { return a[0] + a[1] * a.back() / (a.size() == 4 ? a[2] : 1.0); }
double unif(In a) { return a[0] * (1 + a[1] * a[2]); }
double aunif(In a) { return a[0] + a[1] * a[2]; }
// lognormal(median, deviation of the logarithm)
double lognormal(In a) { return a[0] * std::exp(a[1] * a[2]); }
double either_end(In a) { return a[2] < 0 ? a[0] - a[1] : a[0] + a[1]; }

// Of a complex value; here what they are of a real one.
constexpr Function of_results(std::string_view name, double (*value)(In)) {
  return {name, 1, 1, value, no_slope, nullptr, false, false, Draw::kNone, true};
}

struct OtherName {
  std::string_view name, meant;
};
constexpr OtherName kOtherNames[] = {{"phase", "ph"},   {"real", "re"},     {"imag", "im"},
                                     {"img", "im"},     {"arcsin", "asin"}, {"arccos", "acos"},
                                     {"arctan", "atan"}};

constexpr Function kFunctions[] = {
    {"abs", 1, 1, [](In a) { return std::abs(a[0]); },
     [](In a, double, Out d) { d[0] = a[0] < 0 ? -1 : 1; }},
    {"sqrt", 1, 1, [](In a) { return std::sqrt(a[0]); },
     [](In a, double, Out d) { d[0] = inside(a[0], 0, 0.5 / std::sqrt(std::max(a[0], kTiny))); },
     [](Out a) { a[0] = std::max(a[0], 0.0); }},
    {"exp", 1, 1, [](In a) { return std::exp(a[0]); },
     [](In, double value, Out d) { d[0] = value; }},
    {"ln", 1, 1, kLog, kLogSlope, guard_positive},
    {"log", 1, 1, kLog, kLogSlope, guard_positive},
    {"log10", 1, 1, [](In a) { return a[0] > 0 ? std::log10(a[0]) : kNone; },
     [](In a, double, Out d) { d[0] = inside(a[0], 0, 1 / (kLn10 * std::max(a[0], kTiny))); },
     guard_positive},
    {"pow", 2, 2, power, power_slopes, guard_power},
    {"pwr", 2, 2, signed_power, signed_power_slopes, guard_signed_power},
    {"pwrs", 2, 2, signed_power, signed_power_slopes, guard_signed_power},
    {"sgn", 1, 1, [](In a) { return std::isnan(a[0]) ? kNone : sign(a[0]); }, no_slope},
    {"sign", 2, 2, [](In a) { return std::abs(a[0]) * sign(a[1]); },
     [](In a, double, Out d) {
       d[0] = sign(a[0]) * sign(a[1]);
       d[1] = 0;
     }},
    {"min", 2, kMostArguments, chosen<smallest>, chosen_slopes<smallest>},
    {"max", 2, kMostArguments, chosen<largest>, chosen_slopes<largest>},
    {"int", 1, 1, [](In a) { return std::trunc(a[0]); }, no_slope},
    {"nint", 1, 1, [](In a) { return std::nearbyint(a[0]); }, no_slope},
    {"floor", 1, 1, [](In a) { return std::floor(a[0]); }, no_slope},
    {"ceil", 1, 1, [](In a) { return std::ceil(a[0]); }, no_slope},
    {"fmod", 2, 2, kModulo, kModuloSlopes, [](Out a) { a[1] = away_from_zero(a[1]); }},
    {"sin", 1, 1, [](In a) { return std::sin(a[0]); },
     [](In a, double, Out d) { d[0] = std::cos(a[0]); }},
    {"cos", 1, 1, [](In a) { return std::cos(a[0]); },
     [](In a, double, Out d) { d[0] = -std::sin(a[0]); }},
    {"tan", 1, 1, [](In a) { return std::tan(a[0]); },
     [](In, double value, Out d) { d[0] = 1 + value * value; }},
    {"asin", 1, 1, [](In a) { return std::asin(a[0]); },
     [](In a, double, Out d) { d[0] = arc_slope(a[0]); }, guard_unit},
    {"acos", 1, 1, [](In a) { return std::acos(a[0]); },
     [](In a, double, Out d) { d[0] = -arc_slope(a[0]); }, guard_unit},
    {"atan", 1, 1, [](In a) { return std::atan(a[0]); },
     [](In a, double, Out d) { d[0] = 1 / (1 + a[0] * a[0]); }},
    {"sinh", 1, 1, [](In a) { return std::sinh(a[0]); },
     [](In a, double, Out d) { d[0] = std::cosh(a[0]); }},
    {"cosh", 1, 1, [](In a) { return std::cosh(a[0]); },
     [](In a, double, Out d) { d[0] = std::sinh(a[0]); }},
    {"tanh", 1, 1, [](In a) { return std::tanh(a[0]); },
     [](In, double value, Out d) { d[0] = 1 - value * value; }},
    {"asinh", 1, 1, [](In a) { return std::asinh(a[0]); },
     [](In a, double, Out d) { d[0] = 1 / std::hypot(a[0], 1.0); }},
    {"acosh", 1, 1, [](In a) { return std::acosh(a[0]); },
     [](In a, double, Out d) {
       d[0] = inside(a[0], 1, 1 / std::sqrt(std::max(a[0] * a[0] - 1, kTiny)));
     },
     [](Out a) { a[0] = std::max(a[0], 1.0); }},
    {"atanh", 1, 1, [](In a) { return std::abs(a[0]) < 1 ? std::atanh(a[0]) : kNone; },
     [](In a, double, Out d) { d[0] = std::abs(a[0]) > kUnit ? 0.0 : 1 / (1 - a[0] * a[0]); },
     [](Out a) { a[0] = std::clamp(a[0], -kUnit, kUnit); }},
    {"atan2", 2, 2, [](In a) { return std::atan2(a[0], a[1]); },
     [](In a, double, Out d) {
       const double square = std::max(a[0] * a[0] + a[1] * a[1], kTiny);
       d[0] = a[1] / square;
       d[1] = -a[0] / square;
     }},
    {"hypot", 2, 2, [](In a) { return std::hypot(a[0], a[1]); },
     [](In a, double value, Out d) {
       d[0] = value == 0 ? 0.0 : a[0] / value;
       d[1] = value == 0 ? 0.0 : a[1] / value;
     }},
    {"limit", 3, 3, chosen<limited>, chosen_slopes<limited>},
    {"u", 1, 1, kStep, no_slope},
    {"stp", 1, 1, kStep, no_slope},
    {"u2", 1, 1, [](In a) { return std::isnan(a[0]) ? kNone : std::clamp(a[0], 0.0, 1.0); },
     [](In a, double, Out d) { d[0] = a[0] < 0 || a[0] > 1 ? 0 : 1; }},
    {"uramp", 1, 1, [](In a) { return std::isnan(a[0]) ? kNone : std::max(a[0], 0.0); },
     [](In a, double, Out d) { d[0] = a[0] < 0 ? 0 : 1; }},
    {"if", 3, 3, chosen<branch>, chosen_slopes<branch>},
    {"ternary_fcn", 3, 3, chosen<branch>, chosen_slopes<branch>},
    {"buf", 1, 1, [](In a) { return std::isnan(a[0]) ? kNone : a[0] > 0.5; }, no_slope},
    {"inv", 1, 1, [](In a) { return std::isnan(a[0]) ? kNone : a[0] <= 0.5; }, no_slope},
    {"sqr", 1, 1, [](In a) { return a[0] * a[0]; }, [](In a, double, Out d) { d[0] = 2 * a[0]; }},
    {"round", 1, 1, [](In a) { return std::round(a[0]); }, no_slope},
    {"db", 1, 1, kDecibel, [](In a, double, Out d) { d[0] = 20 / (kLn10 * away_from_zero(a[0])); },
     [](Out a) { a[0] = away_from_zero(a[0]); }},
    of_results("mag", [](In a) { return std::abs(a[0]); }),
    of_results("ph", [](In a) { return std::atan2(0, a[0]); }),
    of_results("re", [](In a) { return a[0]; }),
    of_results("im", [](In a) { return std::isnan(a[0]) ? kNone : 0; }),
    {"gauss", 1, 3, gauss, no_slope, nullptr, false, false, Draw::kNormal},
    {"agauss", 2, 3, agauss, no_slope, nullptr, false, false, Draw::kNormal},
    {"lognormal", 2, 2, lognormal, no_slope, nullptr, false, false, Draw::kNormal},
    {"unif", 2, 2, unif, no_slope, nullptr, false, false, Draw::kUniform},
    {"mc", 2, 2, unif, no_slope, nullptr, false, false, Draw::kUniform},
    {"aunif", 2, 2, aunif, no_slope, nullptr, false, false, Draw::kUniform},
    {"flat", 1, 1, [](In a) { return a[0] * a[1]; }, no_slope, nullptr, false, false,
     Draw::kUniform},
    {"limit", 2, 2, either_end, no_slope, nullptr, false, false, Draw::kUniform},
    {"rand", 0, 0, [](In a) { return 0.5 * (1 + a[0]); }, no_slope, nullptr, false, false,
     Draw::kUniform},
    {"ddt", 1, 1, no_value, no_slope, nullptr, false, true},
    {"idt", 1, 2, no_value, no_slope, nullptr, false, true},
    {"sdt", 1, 2, no_value, no_slope, nullptr, false, true},
    {"table", 3, kMostArguments, table, table_slopes, nullptr, true},
    {"pwl", 3, kMostArguments, table, table_slopes, nullptr, true},
};

}  // namespace

std::span<const Function> functions() { return kFunctions; }

const Function& operator_function(std::string_view symbol) {
  if (symbol == "^") symbol = "**";
  if (symbol == "&") symbol = "&&";
  if (symbol == "|") symbol = "||";
  if (symbol == "%") return *find_function("fmod");
  const auto found = std::find_if(std::begin(kOperators), std::end(kOperators),
                                  [symbol](const Function& f) { return f.name == symbol; });
  if (found == std::end(kOperators)) throw Error("no operator " + std::string(symbol));
  return *found;
}

const Function* find_function(std::string_view name, std::size_t arguments) {
  const auto other = std::find_if(std::begin(kOtherNames), std::end(kOtherNames),
                                  [name](const OtherName& o) { return o.name == name; });
  if (other != std::end(kOtherNames)) name = other->meant;
  const Function* called = nullptr;
  for (const Function& function : kFunctions) {
    if (function.name != name) continue;
    if (called == nullptr) called = &function;
    if (arguments >= function.min_arguments && arguments <= function.max_arguments) {
      return &function;
    }
  }
  return called;
}

}  // namespace wordline::expression
