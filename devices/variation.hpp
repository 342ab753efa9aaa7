// Parameters that differ from device to device: distributions, and the values that a device draws.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "wordline/base/random.hpp"

namespace wordline {

struct ModelType;

// Truncated to [low, high] by drawing again.
struct Distribution {
  enum class Kind {
    kGauss,      // a: mean, b: standard deviation
    kUniform,    // from a to b
    kLognormal,  // a: median, b: standard deviation of the logarithm
  };
  Kind kind = Kind::kGauss;
  double a = 0;
  double b = 0;
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  // The deviation, in the unit of b, by which a device differs from itself after it has been set or
  // reset. Not for kUniform.
  double cycle = 0;

  // Empty, or why nothing can be drawn: "the deviation is negative".
  std::string fault() const;
  // The part of the distribution that lies within low and high.
  double part_kept() const;
  // A value in the middle of it, within the limits.
  double middle() const;
  double draw(RandomStream& random) const;
  // What a device of this value has in one cycle.
  double draw_cycle(double value, RandomStream& random) const;
};

// What of a model's parameters varies.
struct Variations {
  struct Row {
    std::size_t parameter;      // in the model's table
    Distribution distribution;  // within the parameter's range
  };
  std::vector<Row> rows;
  // `ron` and `roff` of a device are drawn again while they are closer than these, so many times.
  double resistance_rel_tol = 0;
  double resistance_abs_tol = 0;  // ohm
  int most_redraws = 100;

  // Whether devices change from cycle to cycle.
  bool has_cycles() const;
};

// The parameters of one device: `values` with those drawn that vary. They are drawn again, all of
// them, while they do not fit together by the model's own rules. Throws Error when they never do.
std::vector<double> draw_parameters(const ModelType& type, std::span<const double> values,
                                    const Variations& variations, std::uint64_t seed,
                                    std::uint64_t stream);

// Those of a device after it has switched for the `cycle`-th time, around its own. The same rules
// hold for them.
std::vector<double> draw_cycle(const ModelType& type, std::span<const double> own,
                               const Variations& variations, std::uint64_t seed,
                               std::uint64_t stream, std::uint64_t cycle);

}  // namespace wordline
