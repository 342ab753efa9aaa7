#include "wordline/cli/control/vector_functions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include "wordline/base/error.hpp"

namespace wordline::cli::control {

namespace {

using Values = std::vector<Complex>;

Vector real_vector(Values values) {
  return {.name = "", .type = "notype", .unit = "", .values = std::move(values), .complex = false};
}

Vector number(Complex value, bool complex = false) {
  Vector result = real_vector({value});
  result.complex = complex;
  return result;
}

template <Complex (*kFunction)(Complex)>
Vector each(const Vector& x, const Vector* /*scale*/) {
  Vector result = x;
  for (Complex& value : result.values) value = kFunction(value);
  result.complex = std::any_of(result.values.begin(), result.values.end(),
                               [](Complex value) { return value.imag() != 0; });
  return result;
}

Complex magnitude(Complex z) { return std::abs(z); }
Complex phase(Complex z) { return std::arg(z); }
Complex real_part(Complex z) { return z.real(); }
Complex imaginary_part(Complex z) { return z.imag(); }
Complex decibels(Complex z) { return 20 * std::log10(std::abs(z)); }
Complex times_j(Complex z) { return z * Complex(0, 1); }
Complex round_down(Complex z) { return {std::floor(z.real()), std::floor(z.imag())}; }
Complex round_up(Complex z) { return {std::ceil(z.real()), std::ceil(z.imag())}; }
Complex arc_tangent(Complex z) {
  return z.imag() == 0 ? Complex(std::atan(z.real())) : std::atan(z);
}

// The phase without its jumps by a turn.
Vector continuous_phase(const Vector& x, const Vector* /*scale*/) {
  Vector result = each<phase>(x, nullptr);
  for (std::size_t k = 1; k < result.values.size(); ++k) {
    const double step = result.values[k].real() - result.values[k - 1].real();
    constexpr double kTurn = 2 * std::numbers::pi;
    result.values[k] -= kTurn * std::round(step / kTurn);
  }
  return result;
}

Vector mean(const Vector& x, const Vector* /*scale*/) {
  const Complex sum = std::accumulate(x.values.begin(), x.values.end(), Complex());
  return number(sum / static_cast<double>(x.values.size()), x.complex);
}

// Of what has been so far.
Vector running_mean(const Vector& x, const Vector* /*scale*/) {
  Vector result = x;
  Complex sum = 0;
  for (std::size_t k = 0; k < x.values.size(); ++k) {
    sum += x.values[k];
    result.values[k] = sum / static_cast<double>(k + 1);
  }
  return result;
}

bool less(Complex a, Complex b) { return a.real() < b.real(); }

Vector largest(const Vector& x, const Vector* /*scale*/) {
  return number(std::max_element(x.values.begin(), x.values.end(), less)->real());
}

Vector smallest(const Vector& x, const Vector* /*scale*/) {
  return number(std::min_element(x.values.begin(), x.values.end(), less)->real());
}

Vector length(const Vector& x, const Vector* /*scale*/) {
  return number(static_cast<double>(x.values.size()));
}

std::size_t count_of(const Vector& x) {
  constexpr double kMost = 1e7;
  const double count = x.values.front().real();
  if (!(count >= 1 && count <= kMost)) {
    throw Error(fmt::format("{:g} is no length of a vector", count));
  }
  return static_cast<std::size_t>(count);
}

Vector counting(const Vector& x, const Vector* /*scale*/) {
  Values values(count_of(x));
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = static_cast<double>(k);
  return real_vector(std::move(values));
}

Vector ones(const Vector& x, const Vector* /*scale*/) {
  return real_vector(Values(count_of(x), 1.0));
}

// Divided by its largest magnitude.
Vector normalised(const Vector& x, const Vector* /*scale*/) {
  double most = 0;
  for (const Complex value : x.values) most = std::max(most, std::abs(value));
  Vector result = x;
  for (Complex& value : result.values) value /= most > 0 ? most : 1;
  return result;
}

const Values& require_scale(const Vector& x, const Vector* scale) {
  if (scale != nullptr && scale->values.size() == x.values.size()) return scale->values;
  throw Error("there is no scale for a vector of this length in the current plot");
}

// By the parabola through three points, and through the first or last three at the ends.
Vector derivative(const Vector& x, const Vector* scale) {
  const Values& t = require_scale(x, scale);
  Vector result = x;
  const std::size_t count = x.values.size();
  if (count < 3) throw Error("deriv needs three points");
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t m = std::clamp<std::size_t>(k, 1, count - 2);
    const Complex before = (x.values[m] - x.values[m - 1]) / (t[m] - t[m - 1]);
    const Complex after = (x.values[m + 1] - x.values[m]) / (t[m + 1] - t[m]);
    const Complex curvature = (after - before) / (t[m + 1] - t[m - 1]);
    result.values[k] = before + curvature * ((t[k] - t[m - 1]) + (t[k] - t[m]));
  }
  return result;
}

Vector integral(const Vector& x, const Vector* scale) {
  const Values& t = require_scale(x, scale);
  Vector result = x;
  Complex sum = 0;
  result.values[0] = 0;
  for (std::size_t k = 1; k < x.values.size(); ++k) {
    sum += 0.5 * (x.values[k] + x.values[k - 1]) * (t[k] - t[k - 1]);
    result.values[k] = sum;
  }
  return result;
}

struct Named {
  std::string_view name;
  VectorFunction function;
};

constexpr std::array<Named, 36> kFunctions = {{
    {"abs", each<magnitude>},
    {"mag", each<magnitude>},
    {"ph", each<phase>},
    {"cph", continuous_phase},
    {"real", each<real_part>},
    {"re", each<real_part>},
    {"imag", each<imaginary_part>},
    {"im", each<imaginary_part>},
    {"db", each<decibels>},
    {"j", each<times_j>},
    {"ln", each<+[](Complex z) { return std::log(z); }>},
    {"log", each<+[](Complex z) { return std::log(z); }>},
    {"log10", each<+[](Complex z) { return std::log10(z); }>},
    {"sqrt", each<+[](Complex z) { return std::sqrt(z); }>},
    {"exp", each<+[](Complex z) { return std::exp(z); }>},
    {"sin", each<+[](Complex z) { return std::sin(z); }>},
    {"cos", each<+[](Complex z) { return std::cos(z); }>},
    {"tan", each<+[](Complex z) { return std::tan(z); }>},
    {"sinh", each<+[](Complex z) { return std::sinh(z); }>},
    {"cosh", each<+[](Complex z) { return std::cosh(z); }>},
    {"tanh", each<+[](Complex z) { return std::tanh(z); }>},
    {"atan", each<arc_tangent>},
    {"floor", each<round_down>},
    {"ceil", each<round_up>},
    {"norm", normalised},
    {"mean", mean},
    {"avg", running_mean},
    {"vecmax", largest},
    {"maximum", largest},
    {"vecmin", smallest},
    {"minimum", smallest},
    {"length", length},
    {"vector", counting},
    {"unitvec", ones},
    {"deriv", derivative},
    {"integ", integral},
}};

}  // namespace

VectorFunction find_vector_function(std::string_view name) {
  const auto* const found = std::find_if(kFunctions.begin(), kFunctions.end(),
                                         [name](const Named& f) { return f.name == name; });
  return found == kFunctions.end() ? nullptr : found->function;
}

std::vector<std::string> vector_function_names() {
  std::vector<std::string> names;
  for (const Named& function : kFunctions) names.emplace_back(function.name);
  return names;
}

}  // namespace wordline::cli::control
