// Handwritten digits, classified by arrays that are tiles with converters, of devices that are not
// what they should be: how many of the test images are still recognised.
//
//   digits_sweeps examples/digits [SAMPLES]          prints a table as CSV
//
// Each sweep changes one number of the same setup; each of its points is classified with as many
// samples of all devices, 20 by default. A row has the mean of the shares recognised, the lowest
// and the highest. Weights are mapped to two arrays; the converters' ranges are found on images of
// the training, and nothing is trained or tuned for the rest.
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <exception>
#include <functional>
#include <string_view>
#include <wordline/crossbar/layer.hpp>
#include <wordline/crossbar/nonidealities.hpp>

#include "digits.hpp"

namespace {

using wordline::DrivenEnds;
using wordline::Matrix;
using wordline::crossbar::Drift;
using wordline::crossbar::Faults;
using wordline::crossbar::Layer;
using wordline::crossbar::LayerSettings;
using wordline::crossbar::MappedWeights;
using wordline::crossbar::ProgrammingError;
using wordline::crossbar::Quantiser;

constexpr std::int64_t kCalibrating = 200;  // images
constexpr double kProgrammingError = 0.05;
constexpr double kDriftCoefficient = 0.1;
constexpr double kDriftDeviation = 0.02;

struct Setup {
  double tile = 32;  // rows and columns
  double adc_bits = 8;
  double stuck = 0;    // share of the devices, half of them at either end
  double seconds = 1;  // since they were programmed, but for the first second
  double segment = 2;  // ohm, of a line from cell to cell
};

class Classifier {
 public:
  explicit Classifier(const std::filesystem::path& folder)
      : hidden_(wordline::read_matrix(folder / "hidden.csv")),
        output_(wordline::read_matrix(folder / "output.csv")),
        digits_(digits::read_digits(folder / "digits.csv")),
        test_(digits::rows_of(digits_.images, digits::kTrained, digits_.images.rows)),
        calibrating_(digits::rows_of(digits_.images, 0, kCalibrating)) {
    const Matrix trained = digits::rows_of(digits_.images, 0, digits::kTrained);
    const Matrix sums = Layer(hidden_, {}).exact(trained);
    scale_ = *std::max_element(sums.values.begin(), sums.values.end());
  }

  double accuracy(const Setup& setup, std::uint64_t sample) const {
    Layer hidden = layer(hidden_, setup, 2 * sample);
    Layer output = layer(output_, setup, 2 * sample + 1);
    hidden.calibrate(calibrating_);
    output.calibrate(digits::activated(hidden.forward(calibrating_), scale_));
    const Matrix scores = output.forward(digits::activated(hidden.forward(test_), scale_));
    return digits::share_recognised(scores, digits_.labels);
  }

 private:
  static Layer layer(const Matrix& weights, const Setup& setup, std::uint64_t seed) {
    LayerSettings settings;
    const auto size = static_cast<std::int64_t>(setup.tile);
    settings.tiles.shape = {size, size};
    settings.tiles.threads = 1;  // arrays this small are solved faster than threads meet
    settings.tiles.word = {.segment = setup.segment};
    settings.tiles.bit = {.segment = setup.segment, .driven = DrivenEnds::kLast};
    settings.tiles.adc =
        Quantiser{.levels = wordline::crossbar::levels_of_bits(static_cast<int>(setup.adc_bits))};
    settings.volts = digits::kFullScale;
    MappedWeights mapped = map_weights(weights, settings.mapping);
    apply(mapped, settings.mapping.range, seed,
          {ProgrammingError{kProgrammingError},
           Faults{.low_resistance = setup.stuck / 2, .high_resistance = setup.stuck / 2},
           Drift{.time = setup.seconds,
                 .initial_time = 1,
                 .coefficient = kDriftCoefficient,
                 .deviation = kDriftDeviation}});
    return {weights, std::move(mapped), settings};
  }

  Matrix hidden_, output_;
  digits::Digits digits_;
  Matrix test_, calibrating_;
  double scale_ = 1;
};

struct Sweep {
  const char* name;
  double Setup::*number;
  std::vector<double> values;
  Setup others = {};
};

void print_row(const Classifier& classifier, const Sweep& sweep, double value,
               std::uint64_t samples) {
  Setup setup = sweep.others;
  setup.*sweep.number = value;
  double sum = 0;
  double lowest = 1;
  double highest = 0;
  for (std::uint64_t k = 0; k < samples; ++k) {
    const double share = classifier.accuracy(setup, k);
    sum += share;
    lowest = std::min(lowest, share);
    highest = std::max(highest, share);
  }
  fmt::print("{},{},{:.4f},{:.4f},{:.4f}\n", sweep.name, value, sum / static_cast<double>(samples),
             lowest, highest);
}

void print_table(const Classifier& classifier, std::uint64_t samples) {
  const std::vector<double> sizes = {4, 8, 16, 32, 64, 128};
  const std::vector<Sweep> sweeps = {
      {"tile", &Setup::tile, sizes},
      {"tile_at_100_ohm", &Setup::tile, sizes, {.segment = 100}},
      {"adc_bits", &Setup::adc_bits, {2, 3, 4, 5, 6, 8, 10}},
      {"stuck", &Setup::stuck, {0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3}},
      {"seconds", &Setup::seconds, {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8}},
      {"ohm", &Setup::segment, {0, 1, 2, 5, 10, 20, 50, 100}}};
  fmt::print("sweep,value,mean,lowest,highest\n");
  for (const Sweep& sweep : sweeps) {
    for (const double value : sweep.values) print_row(classifier, sweep, value, samples);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t samples = 20;
  const std::string_view count = argc == 3 ? argv[2] : "20";
  const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), samples);
  const bool is_number = error == std::errc() && end == count.data() + count.size();
  if (argc < 2 || argc > 3 || !is_number || samples == 0) {
    fmt::print(stderr,
               "usage: digits_sweeps FOLDER [SAMPLES], that of digits.csv and the weights\n");
    return 2;
  }
  try {
    print_table(Classifier(argv[1]), samples);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
