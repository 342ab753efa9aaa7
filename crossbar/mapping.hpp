// Weights as conductances of arrays, and the way back from currents to sums of weights.
//
// Weights are inputs x outputs, as the cells of the array are: word lines are inputs, bit lines
// outputs. With w_max the largest magnitude, or what clips it, and [low, high] the range of
// conductances:
//
//   kDoubleColumn  two arrays. max(w, 0) and max(-w, 0) are clamped to [w_min, w_max] and mapped to
//                  [low, high] by a straight line. w_min is 0, or w_max low/high where a share of
//                  the weights is retained; weights below it then count as 0.
//   kSingleColumn  one array. w is clamped to [-w_max, w_max] and mapped to [low, high] by a
//                  straight line; 0 is in its middle. The array has one more column, the last,
//                  whose cells all have that middle: its current is subtracted from all others.
//
// A difference of currents divided by `scale` is a sum of weights times voltages.
#pragma once

#include <optional>
#include <span>

#include "wordline/base/matrix.hpp"

namespace wordline::crossbar {

enum class Scheme { kSingleColumn, kDoubleColumn };

struct ConductanceRange {
  double low = 1e-6;   // S, 0 or more
  double high = 1e-4;  // S
};

struct Mapping {
  ConductanceRange range = {};
  Scheme scheme = Scheme::kDoubleColumn;
  // Weights of larger magnitude are clipped to this before anything else.
  std::optional<double> clip = {};
  // Proportion p, 0 to 1: of the n magnitudes in falling order, w_max is that at floor(p (n - 1)).
  // 0 keeps the largest, 1 makes all alike.
  std::optional<double> retained = {};
};

struct MappedWeights {
  Scheme scheme = Scheme::kDoubleColumn;
  Matrix positive;   // S; inputs x outputs, with one more column for kSingleColumn
  Matrix negative;   // S; empty for kSingleColumn
  double scale = 1;  // S for a weight of 1
};

// Weights that are all 0 give cells that are all alike, and a scale of 1 S. Throws Error where a
// weight is not finite or the mapping cannot be.
MappedWeights map_weights(const Matrix& weights, const Mapping& mapping);

// The weights that conductances stand for. Throws Error where the sizes do not fit.
Matrix unmap_weights(const MappedWeights& mapped);

// Whose largest magnitude a limit of voltages holds for.
enum class ScaledTogether { kBatch, kInput };

// Inputs, a row each, are multiplied by limit/peak where their largest magnitude `peak` exceeds the
// limit [V], or in any case if forced. Returns each row's factor: outputs divided by it are those
// of the inputs as they were.
std::vector<double> scale_inputs(Matrix& inputs, double limit, ScaledTogether together,
                                 bool forced = false);
void undo_scale(Matrix& outputs, std::span<const double> factors);

// The straight line gain y + offset that is nearest to wanted outputs, in the least-squares sense:
// one for all outputs, or one for each.
struct Calibration {
  std::vector<double> gain, offset;  // one number, or one an output

  void apply(Matrix& outputs) const;
};
enum class Calibrated { kTogether, kEachOutput };
// Outputs that are all alike keep a gain of 1. Throws Error where the sizes do not fit.
Calibration calibrate(const Matrix& outputs, const Matrix& wanted, Calibrated which);

}  // namespace wordline::crossbar
