// The converters around an array: numbers put onto a few levels, as digital-to-analogue converters
// do with input voltages and analogue-to-digital ones with currents.
//
// With N levels (2^bits), values x and F the largest of their magnitudes:
//
//   kLevels      equally spaced levels from low to high, both included: x is clamped, then
//                low + step floor((x - low)/step + 1/2) with step = (high - low)/(N - 1). Ties go
//                up. Without a range, low and high are the smallest and the largest value.
//   kFixedPoint  two's complement with a step that is a power of two: k = floor(x/step + 1/2) is
//                clamped to [-N/2, N - N/2 - 1], and the result is k step, where
//                step = 2^ceil(log2 F) 2/N. With a range, values are clamped to it first, and F is
//                the larger magnitude of its ends. N = 2: the sign of x times the mean magnitude,
//                0 counting as positive.
//   kLog         the sign of x and N/2 levels of its magnitude whose logarithms are equally spaced
//                from low to high: the nearest in logarithm. 0 stays 0, smaller magnitudes than low
//                become low. Without a range, low and high are the smallest magnitude that is not 0
//                and the largest.
//
// Where the range comes from the values themselves, `overflow` is the share of them that may be
// clipped: F is the magnitude that round(overflow n) of the n values exceed (kLevels clips the
// smallest and the largest value to -F and F). Only magnitudes that are not 0 become F.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace wordline::crossbar {

struct Interval {
  double low = 0;
  double high = 0;
};

enum class Law { kLevels, kFixedPoint, kLog };

struct Quantiser {
  Law law = Law::kLevels;
  std::int32_t levels = 256;
  std::optional<Interval> range = {};  // in the unit of the values; of magnitudes for kLog
  double overflow = 0;
};

// Throws Error unless bits is 1 to 24.
std::int32_t levels_of_bits(int bits);

// Throws Error where the quantiser cannot be: fewer than 2 levels, an overflow outside 0..1, a
// range that is empty or, for kLog, not positive.
void check(const Quantiser& quantiser);

// Replaces finite values by those of the levels. Without a range, one is taken for all of them.
void quantise(const Quantiser& quantiser, std::span<double> values);

// The range for values like these, of which round(overflow n) are clipped. kLevels: from 0 to F
// where none is negative, else from -F to F (1 - 2/N), so that 0 is a level. kLog: from the
// smallest magnitude that is not 0 to F. Values that are all 0 have the range of a single 1.
Interval calibrated_range(const Quantiser& quantiser, std::span<const double> values);

}  // namespace wordline::crossbar
