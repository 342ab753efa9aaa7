// Numbers with their derivatives by N variables, for formulas whose derivatives by hand would be
// long. A part of a formula that has no derivative is a plain number.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "wordline/devices/host_device.hpp"

namespace wordline {

template <std::size_t N>
struct Dual {
  double value = 0;
  std::array<double, N> by{};

  WORDLINE_HD Dual(double number) : value(number) {}  // NOLINT(google-explicit-constructor)
  WORDLINE_HD Dual(double number, const std::array<double, N>& derivatives)
      : value(number), by(derivatives) {}

  // A function with the value and the derivatives `da`, `db` of its two arguments.
  WORDLINE_HD friend Dual chain(double value, double da, const Dual& a, double db, const Dual& b) {
    Dual result(value);
    for (std::size_t k = 0; k < N; ++k) result.by[k] = da * a.by[k] + db * b.by[k];
    return result;
  }

  WORDLINE_HD friend Dual operator+(const Dual& a, const Dual& b) {
    return chain(a.value + b.value, 1, a, 1, b);
  }
  WORDLINE_HD friend Dual operator-(const Dual& a, const Dual& b) {
    return chain(a.value - b.value, 1, a, -1, b);
  }
  WORDLINE_HD friend Dual operator*(const Dual& a, const Dual& b) {
    return chain(a.value * b.value, b.value, a, a.value, b);
  }
  WORDLINE_HD friend Dual operator/(const Dual& a, const Dual& b) {
    const double ratio = a.value / b.value;
    return chain(ratio, 1 / b.value, a, -ratio / b.value, b);
  }
  WORDLINE_HD friend Dual sqrt(const Dual& a) {
    const double root = std::sqrt(a.value);
    return chain(root, root > 0 ? 0.5 / root : 0, a, 0, 0);
  }
  WORDLINE_HD friend Dual exp(const Dual& a) {
    const double e = std::exp(a.value);
    return chain(e, e, a, 0, 0);
  }
  WORDLINE_HD friend Dual expm1(const Dual& a) {
    return chain(std::expm1(a.value), std::exp(a.value), a, 0, 0);
  }
  WORDLINE_HD friend Dual log(const Dual& a) {
    return chain(std::log(a.value), 1 / a.value, a, 0, 0);
  }
  WORDLINE_HD friend Dual least(const Dual& a, const Dual& b) { return a.value <= b.value ? a : b; }
  WORDLINE_HD friend Dual largest(const Dual& a, const Dual& b) {
    return a.value >= b.value ? a : b;
  }
};

}  // namespace wordline
