// Handwritten digits, classified by two crossbar arrays: how many of the test images are still
// recognised when the wires have resistance.
//
//   digits_accuracy examples/digits          prints a table as CSV
//
// A weight w is a pair of cells in neighbouring columns, g+ - g- = w (g_max - g_min) / |w|max, of
// which one has the smallest conductance. Inputs are voltages on the rows, the last row being a
// constant; the difference of two columns' currents is a unit's sum. Between the arrays an ideal
// circuit takes the positive part and scales it to voltages. All scales are those of wires without
// resistance: nothing is trained or calibrated for the wires.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <vector>
#include <wordline/crossbar/array.hpp>

#include "digits.hpp"

namespace {

using digits::activated;
using digits::Digits;
using digits::kFullScale;
using digits::kTrained;
using digits::read_digits;
using digits::rows_of;
using digits::share_recognised;
using wordline::DrivenEnds;
using wordline::Matrix;
using wordline::crossbar::Array;

struct Technology {
  double g_min, g_max;  // S
  DrivenEnds driven;    // of word and bit lines
};

// A layer of weights, inputs x units, in an array.
class Layer {
 public:
  Layer(const Matrix& weights, const Technology& technology, double line_resistance)
      : array_(conductances(weights, technology), {line_resistance, 0, technology.driven},
               {line_resistance, 0, technology.driven}),
        unit_(kFullScale * (technology.g_max - technology.g_min) / largest(weights)) {}

  // The sums of all units for inputs in 0..1, a row an image.
  Matrix sums(const Matrix& inputs) {
    Matrix voltages = inputs;
    for (double& v : voltages.values) v *= kFullScale;
    const Matrix currents = array_.matmul(voltages);
    Matrix result{inputs.rows, currents.cols / 2, {}};
    for (std::size_t k = 0; k < currents.values.size(); k += 2) {
      result.values.push_back((currents.values[k] - currents.values[k + 1]) / unit_);
    }
    return result;
  }

 private:
  static double largest(const Matrix& weights) {
    double size = 0;
    for (const double w : weights.values) size = std::max(size, std::abs(w));
    return size;
  }

  static Matrix conductances(const Matrix& weights, const Technology& technology) {
    const double scale = (technology.g_max - technology.g_min) / largest(weights);
    Matrix cells{weights.rows, 2 * weights.cols, {}};
    for (const double w : weights.values) {
      cells.values.push_back(technology.g_min + scale * std::max(w, 0.0));
      cells.values.push_back(technology.g_min + scale * std::max(-w, 0.0));
    }
    return cells;
  }

  Array array_;
  double unit_;  // A, of a sum of 1
};

class Classifier {
 public:
  explicit Classifier(const std::filesystem::path& folder)
      : hidden_(wordline::read_matrix(folder / "hidden.csv")),
        output_(wordline::read_matrix(folder / "output.csv")),
        digits_(read_digits(folder / "digits.csv")) {
    // The largest hidden value of the training images shall be a full-scale voltage.
    const Matrix sums = Layer(hidden_, {0, 1, DrivenEnds::kFirst}, 0).sums(rows(0, kTrained));
    scale_ = *std::max_element(sums.values.begin(), sums.values.end());
  }

  // Of the test images, the share that is recognised.
  double accuracy(const Technology& technology, double line_resistance) const {
    const Matrix sums =
        Layer(hidden_, technology, line_resistance).sums(rows(kTrained, digits_.images.rows));
    const Matrix scores = Layer(output_, technology, line_resistance).sums(activated(sums, scale_));
    return share_recognised(scores, digits_.labels);
  }

 private:
  Matrix rows(std::int64_t first, std::int64_t last) const {
    return rows_of(digits_.images, first, last);
  }

  Matrix hidden_, output_;
  Digits digits_;
  double scale_ = 1;
};

void print_table(const Classifier& classifier) {
  constexpr std::array<Technology, 3> kTechnologies = {{{1e-6, 100e-6, DrivenEnds::kFirst},
                                                        {1e-6, 100e-6, DrivenEnds::kBoth},
                                                        {0.1e-6, 10e-6, DrivenEnds::kFirst}}};
  fmt::print("ohm,to_100uS,to_100uS_both_ends,to_10uS\n");
  for (const double ohms :
       {0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 40.0, 50.0}) {
    fmt::print("{}", ohms);
    for (const Technology& technology : kTechnologies) {
      fmt::print(",{:.4f}", classifier.accuracy(technology, ohms));
    }
    fmt::print("\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: digits_accuracy FOLDER, that of digits.csv and the weights\n");
    return 2;
  }
  try {
    print_table(Classifier(argv[1]));
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
