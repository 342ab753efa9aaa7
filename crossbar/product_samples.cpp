#include "wordline/crossbar/product_samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wordline/base/error.hpp"

namespace wordline::crossbar {

namespace {

Matrix row_of(const Matrix& matrix, std::int64_t row) {
  const auto begin = matrix.values.begin() + row * matrix.cols;
  return {1, matrix.cols, {begin, begin + matrix.cols}};
}

// The products of one array, whose reads are noisy or not.
Matrix products_of(const ProductTask& task, const Devices& devices, const Settings& settings) {
  if (task.read_noise == 0) {
    return Array(devices.conductance, task.word, task.bit, settings).matmul(task.inputs);
  }
  Matrix products{task.inputs.rows, 0, {}};
  for (std::int64_t k = 0; k < task.inputs.rows; ++k) {
    Devices seen = devices;
    apply(seen, {NoisyRead{task.read_noise, static_cast<std::uint64_t>(k)}});
    const Matrix currents = Array(std::move(seen.conductance), task.word, task.bit, settings)
                                .matmul(row_of(task.inputs, k));
    products.cols = currents.cols;
    products.values.insert(products.values.end(), currents.values.begin(), currents.values.end());
  }
  return products;
}

}  // namespace

ProductError product_error(const Matrix& products, const Matrix& ideal) {
  if (products.rows != ideal.rows || products.cols != ideal.cols) {
    throw Error(fmt::format("{} x {} products beside {} x {} ideal ones", products.rows,
                            products.cols, ideal.rows, ideal.cols));
  }
  double squares = 0, sum = 0, largest = 0, ideal_squares = 0, ideal_largest = 0;
  for (std::size_t k = 0; k < ideal.values.size(); ++k) {
    const double difference = products.values[k] - ideal.values[k];
    squares += difference * difference;
    sum += difference;
    largest = std::max(largest, std::abs(difference));
    ideal_squares += ideal.values[k] * ideal.values[k];
    ideal_largest = std::max(ideal_largest, std::abs(ideal.values[k]));
  }
  if (ideal_largest == 0)
    throw Error("the ideal products are all 0: there is nothing to compare with");
  const double n = static_cast<double>(ideal.values.size());
  const double rms = std::sqrt(ideal_squares / n);
  return {std::sqrt(squares / n) / rms, sum / n / rms, largest / ideal_largest};
}

Matrix ideal_products(const ProductTask& task) {
  const Matrix& g = task.conductances;
  const bool by_rows = task.settings.inputs == Lines::kWord;
  const std::int64_t lines = by_rows ? g.rows : g.cols;
  if (task.inputs.cols != lines) {
    throw Error(fmt::format("{} voltages in an input for {} lines", task.inputs.cols, lines));
  }
  const std::int64_t outputs = by_rows ? g.cols : g.rows;
  Matrix products{task.inputs.rows, outputs,
                  std::vector<double>(static_cast<std::size_t>(task.inputs.rows * outputs))};
  for (std::int64_t k = 0; k < products.rows; ++k) {
    for (std::int64_t i = 0; i < g.rows; ++i) {
      for (std::int64_t j = 0; j < g.cols; ++j) {
        products(k, by_rows ? j : i) += task.inputs(k, by_rows ? i : j) * g(i, j);
      }
    }
  }
  return products;
}

Samples sample_products(const ProductTask& task, const Sampling& sampling) {
  const Matrix ideal = ideal_products(task);
  product_error(ideal, ideal);
  // What cannot be is said once, not of every sample.
  Devices first = make_devices(task.conductances, task.range, sample_seed(sampling.seed, 0));
  apply(first, task.nonidealities);
  apply(first, {NoisyRead{task.read_noise, 0}});
  Settings settings = task.settings;
  settings.threads = 1;  // samples share the threads
  return draw_samples(
      [&](const Sample& sample) -> Results {
        Devices devices = make_devices(task.conductances, task.range, sample.seed);
        apply(devices, task.nonidealities);
        const ProductError error = product_error(products_of(task, devices, settings), ideal);
        return {{"rms_error", error.rms}, {"mean_error", error.mean}, {"max_error", error.max}};
      },
      sampling);
}

}  // namespace wordline::crossbar
