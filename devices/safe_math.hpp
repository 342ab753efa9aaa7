// Exponentials that neither overflow nor lose their derivative: above an argument of 80 they go on
// as straight lines (C1). Newton's method meets such arguments on its way, never at a solution.
//
// They have no branches and are inlined wherever they stand, so that compilers evaluate several
// devices at once.
// Errors are below three units in the last place.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "wordline/base/processor.hpp"
#include "wordline/devices/host_device.hpp"

namespace wordline {

struct ValueAndSlope {
  double value;
  double slope;
};

inline constexpr double kLargestExponent = 80;

// e^z = scale * (1 + rest), where `scale` is a power of two.
struct SplitExponential {
  double scale;
  double rest;
};

// For -700 <= z <= 700: z = k ln 2 + r with |r| <= ln(2)/2, and Taylor's series for e^r - 1.
WORDLINE_HD WORDLINE_INLINE SplitExponential split_exp(double z) {
  constexpr double kLog2E = 1.4426950408889634;
  constexpr double kLn2High =
      6.93147180369123816490e-01;  // so short that products with k are exact
  constexpr double kLn2Low = 1.90821492927058770002e-10;
  constexpr double kRounding =
      6755399441055744.0;  // 1.5 * 2^52: adding it rounds to a whole number
  const double shifted = z * kLog2E + kRounding;
  const double k = shifted - kRounding;
  const double r = (z - k * kLn2High) - k * kLn2Low;
  // Estrin's scheme: the terms do not wait for each other.
  const double r2 = r * r;
  const double r4 = r2 * r2;
  const double low = (0.5 + r * (1.0 / 6)) + (1.0 / 24 + r * (1.0 / 120)) * r2;
  const double middle = (1.0 / 720 + r * (1.0 / 5040)) + (1.0 / 40320 + r * (1.0 / 362880)) * r2;
  const double high =
      (1.0 / 3628800 + r * (1.0 / 39916800)) + (1.0 / 479001600 + r * (1.0 / 6227020800)) * r2;
  const double sum = low + r4 * (middle + r4 * high);
  const double rest = r + r2 * sum;
  constexpr std::uint64_t kBias = 1023;
  constexpr int kFractionBits = 52;
  const auto scale =
      std::bit_cast<double>((std::bit_cast<std::uint64_t>(shifted) + kBias) << kFractionBits);
  return {scale, rest};
}

// ln x of a positive normal number: x = 2^k m with m about 1, and the series of the area tangent.
WORDLINE_HD WORDLINE_INLINE double natural_log(double x) {
  constexpr double kLn2 = 0.6931471805599453;
  constexpr int kFractionBits = 52;
  // From the bits of sqrt(1/2) to those of 1: m is between sqrt(1/2) and sqrt(2).
  constexpr std::uint64_t kToOne =
      std::bit_cast<std::uint64_t>(1.0) - std::bit_cast<std::uint64_t>(0.7071067811865476);
  constexpr std::uint64_t kBias = 1023;
  constexpr double kWhole = 4503599627370496;  // 2^52: the last bits of its sum are a whole number
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const std::uint64_t power = (bits + kToOne) >> kFractionBits;
  const double k = std::bit_cast<double>(power | std::bit_cast<std::uint64_t>(kWhole)) -
                   (kWhole + static_cast<double>(kBias));
  const auto m = std::bit_cast<double>(bits - ((power - kBias) << kFractionBits));
  const double s = (m - 1) / (m + 1);
  const double z = s * s;
  const double z2 = z * z;
  const double z4 = z2 * z2;
  const double low = (1.0 / 3 + z * (1.0 / 5)) + (1.0 / 7 + z * (1.0 / 9)) * z2;
  const double middle = (1.0 / 11 + z * (1.0 / 13)) + (1.0 / 15 + z * (1.0 / 17)) * z2;
  const double high = 1.0 / 19 + z * (1.0 / 21);
  return k * kLn2 + 2 * (s + s * z * (low + z4 * (middle + z4 * high)));
}

// x^y of a positive normal number, for |y ln x| <= 700. The error is |y ln x| units in the last
// place more than that of the exponential.
WORDLINE_HD WORDLINE_INLINE double positive_power(double x, double y) {
  const auto [scale, rest] = split_exp(y * natural_log(x));
  return scale + scale * rest;
}

WORDLINE_HD WORDLINE_INLINE ValueAndSlope safe_exp(double z) {
  constexpr double kSmallestExponent = -700;
  const double inside = z < kLargestExponent ? z : kLargestExponent;
  const auto [scale, rest] = split_exp(inside > kSmallestExponent ? inside : kSmallestExponent);
  const double e = z >= kSmallestExponent ? scale + scale * rest : 0.0;
  const double beyond = z - inside;
  return {e + e * beyond, e};
}

// e^z - 1, which keeps its digits near z = 0.
WORDLINE_HD WORDLINE_INLINE ValueAndSlope safe_expm1(double z) {
  constexpr double kSmallestExponent = -700;
  const double inside = z < kLargestExponent ? z : kLargestExponent;
  const auto [scale, rest] = split_exp(inside > kSmallestExponent ? inside : kSmallestExponent);
  const double e = scale + scale * rest;
  return {scale * rest + (scale - 1) + e * (z - inside), e};
}

// 1/(1 + e^-z)
WORDLINE_HD WORDLINE_INLINE ValueAndSlope logistic(double z) {
  const auto [e, slope] = safe_exp(-z);
  const double value = 1 / (1 + e);
  return {value, slope * value * value};
}

WORDLINE_HD WORDLINE_INLINE ValueAndSlope safe_sinh(double z) {
  const double magnitude = std::fabs(z);
  const double inside = magnitude < kLargestExponent ? magnitude : kLargestExponent;
  const auto [scale, rest] = split_exp(inside);
  // e^z - 1 keeps its digits where sinh is small.
  const double less_one = scale * rest + (scale - 1);
  const double inverse = 1 / (1 + less_one);
  const double half = 0.5 * (less_one + less_one * inverse);
  const double beyond = magnitude - inside;
  return {std::copysign(half + half * beyond, z), 0.5 * (1 + less_one + inverse)};
}

}  // namespace wordline
