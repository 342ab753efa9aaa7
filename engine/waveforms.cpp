#include "wordline/engine/waveforms.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"

namespace wordline {

void Waveforms::begin(const PlotHeader& header) {
  header_ = header;
  columns_.assign(header.numbers(), {});
}

void Waveforms::point(std::span<const double> values) {
  for (std::size_t k = 0; k < columns_.size(); ++k) columns_[k].push_back(values[k]);
}

void Waveforms::write_to(WaveformSink& sink) const {
  sink.begin(header_);
  std::vector<double> values(columns_.size());
  for (std::size_t k = 0; k < points(); ++k) {
    for (std::size_t s = 0; s < values.size(); ++s) values[s] = columns_[s][k];
    sink.point(values);
  }
  sink.end();
}

std::size_t Waveforms::find(std::string_view name) const {
  const std::string wanted = to_lower(name);
  const auto found = std::find_if(header_.signals.begin(), header_.signals.end(),
                                  [&](const Signal& s) { return to_lower(s.name) == wanted; });
  return static_cast<std::size_t>(found - header_.signals.begin());
}

bool Waveforms::contains(std::string_view name) const {
  return find(name) < header_.signals.size();
}

std::size_t Waveforms::require(std::string_view name) const {
  const std::size_t k = find(name);
  if (k < header_.signals.size()) return k;
  std::vector<std::string> names;
  for (const Signal& s : header_.signals) names.push_back(s.name);
  const std::string near = nearest(std::string(name), names);
  throw Error(fmt::format("no signal '{}' in '{}'{}", name, header_.plotname,
                          near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

std::span<const double> Waveforms::operator[](std::string_view name) const {
  return column(require(name));
}

std::span<const double> Waveforms::imaginary(std::size_t signal) const {
  if (!header_.complex) return {};
  return columns_.at(header_.signals.size() + signal);
}

std::complex<double> Waveforms::phasor(std::string_view name, std::size_t point) const {
  const std::size_t k = require(name);
  return {column(k)[point], header_.complex ? imaginary(k)[point] : 0.0};
}

std::vector<std::complex<double>> Waveforms::phasors(std::string_view name) const {
  const std::size_t k = require(name);
  std::vector<std::complex<double>> values(points());
  for (std::size_t p = 0; p < values.size(); ++p) {
    values[p] = {column(k)[p], header_.complex ? imaginary(k)[p] : 0.0};
  }
  return values;
}

double Waveforms::at(std::string_view name, double at) const {
  const std::span<const double> y = (*this)[name];
  const std::span<const double> x = column(0);
  if (x.empty()) throw Error(fmt::format("'{}' has no points", header_.plotname));
  const auto after = std::lower_bound(x.begin(), x.end(), at);
  if (after == x.begin()) return y.front();
  if (after == x.end()) return y.back();
  const auto k = static_cast<std::size_t>(after - x.begin());
  const double fraction = (at - x[k - 1]) / (x[k] - x[k - 1]);
  return y[k - 1] + fraction * (y[k] - y[k - 1]);
}

}  // namespace wordline
