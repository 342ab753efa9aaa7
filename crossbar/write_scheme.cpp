#include "wordline/crossbar/write_scheme.hpp"

#include <algorithm>
#include <cmath>

#include "wordline/base/error.hpp"

namespace wordline::crossbar {

namespace {

std::vector<double> lines(std::int32_t count, double volts) {
  return std::vector<double>(static_cast<std::size_t>(count), volts);
}

// Lines that are not selected stand at these parts of the largest voltage.
Buses passive_voltages(const PulsedArray& array, std::size_t row, std::span<const double> volts,
                       double largest, double word_part, double bit_part) {
  Buses buses{
      lines(array.rows(), word_part * largest), lines(array.cols(), bit_part * largest), {}};
  buses.word[row] = largest;
  for (std::size_t j = 0; j < volts.size(); ++j) {
    if (volts[j] != 0) buses.bit[j] = largest - volts[j];
  }
  return buses;
}

Buses transistor_voltages(const PulsedArray& array, std::size_t row, std::span<const double> volts,
                          double largest, const Gates& gates) {
  const bool along_columns = array.sources_along_columns();
  Buses buses{lines(array.rows(), gates.others),
              {volts.begin(), volts.end()},
              lines(along_columns ? array.cols() : array.rows(), 0)};
  buses.word[row] = gates.selected;
  if (largest > 0) return buses;
  if (along_columns) {
    for (std::size_t j = 0; j < volts.size(); ++j) buses.source[j] = -volts[j];
    buses.bit = lines(array.cols(), 0);
    return buses;
  }
  buses.source[row] = -largest;
  for (double& v : buses.bit) v -= largest;
  return buses;
}

}  // namespace

Buses write_voltages(const PulsedArray& array, WriteScheme scheme, std::int32_t row,
                     std::span<const double> volts, const Gates& gates) {
  if (std::ssize(volts) != array.cols() || row < 0 || row >= array.rows()) {
    throw Error("cells to write that the array does not have");
  }
  if (array.has_transistors() != (scheme == WriteScheme::kTransistor)) {
    throw Error(array.has_transistors()
                    ? "cells with transistors are selected by their gates"
                    : "cells without transistors are written by halves or thirds of a voltage");
  }
  const auto [low, high] = std::minmax_element(volts.begin(), volts.end());
  if (*low < 0 && *high > 0) throw Error("pulses of both signs at once");
  const double largest = *low < 0 ? *low : *high;
  if (largest == 0) throw Error("a pulse of 0 V writes nothing");
  const auto selected = static_cast<std::size_t>(row);
  switch (scheme) {
    case WriteScheme::kHalf:
      return passive_voltages(array, selected, volts, largest, 1.0 / 2, 1.0 / 2);
    case WriteScheme::kThird:
      return passive_voltages(array, selected, volts, largest, 1.0 / 3, 2.0 / 3);
    case WriteScheme::kTransistor:
      break;
  }
  return transistor_voltages(array, selected, volts, largest, gates);
}

}  // namespace wordline::crossbar
