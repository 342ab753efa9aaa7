#include "wordline/cli/phasor_figure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <string_view>

#include "wordline/base/units.hpp"

namespace wordline::cli {

namespace {

using Phasors = std::vector<std::complex<double>>;
using Numbers = std::vector<double>;

template <class Part>
Numbers each(const Phasors& phasors, Part part) {
  Numbers numbers(phasors.size());
  std::transform(phasors.begin(), phasors.end(), numbers.begin(), part);
  return numbers;
}

Numbers decibels(const Phasors& phasors) {
  return each(phasors, [](std::complex<double> z) { return 20 * std::log10(std::abs(z)); });
}

// Whole turns are added so that neighbours differ by less than half a turn.
Numbers degrees(const Phasors& phasors) {
  Numbers angles = each(phasors, [](std::complex<double> z) { return std::arg(z); });
  for (std::size_t k = 1; k < angles.size(); ++k) {
    const double before = angles[k - 1];
    angles[k] += 2 * std::numbers::pi * std::round((before - angles[k]) / (2 * std::numbers::pi));
  }
  for (double& angle : angles) angle *= 180 / std::numbers::pi;
  return angles;
}

Numbers magnitudes(const Phasors& phasors) {
  return each(phasors, [](std::complex<double> z) { return std::abs(z); });
}
Numbers real_parts(const Phasors& phasors) {
  return each(phasors, [](std::complex<double> z) { return z.real(); });
}
Numbers imaginary_parts(const Phasors& phasors) {
  return each(phasors, [](std::complex<double> z) { return z.imag(); });
}

struct Part {
  std::string_view name;
  std::string_view quantity;  // with its unit; empty: those of the phasor
  std::string_view unit;
  Numbers (*of)(const Phasors&);
};

constexpr std::array<Part, 5> kParts = {{{"db", "magnitude", "dB", decibels},
                                         {"phase", "phase", "°", degrees},
                                         {"mag", "", "", magnitudes},
                                         {"re", "", "", real_parts},
                                         {"im", "", "", imaginary_parts}}};

class RealPlotBuilder {
 public:
  explicit RealPlotBuilder(const Waveforms& plot) : plot_(plot) {
    add(plot.header().signals.front(),
        {plot.column(0).begin(), plot.column(0).end()});  // the frequency
  }

  // The names under which the parts of a requested signal are kept.
  std::vector<std::string> keep(const std::string& request) {
    if (same(request, plot_.header().signals.front().name)) return {request};
    for (const Part& part : kParts) {
      const std::string prefix = std::string(part.name) + '(';
      if (plot_.contains(request) || !to_lower(request).starts_with(prefix) ||
          !request.ends_with(')')) {
        continue;
      }
      const std::string inner = request.substr(prefix.size(), request.size() - prefix.size() - 1);
      return {keep_part(part, inner)};
    }
    return {keep_part(kParts[0], request), keep_part(kParts[1], request)};
  }

  Waveforms build() const {
    Waveforms real;
    real.begin({plot_.header().title, plot_.header().plotname, signals_});
    std::vector<double> values(columns_.size());
    for (std::size_t p = 0; p < plot_.points(); ++p) {
      for (std::size_t k = 0; k < columns_.size(); ++k) values[k] = columns_[k][p];
      real.point(values);
    }
    return real;
  }

 private:
  static bool same(const std::string& a, const std::string& b) {
    return to_lower(a) == to_lower(b);
  }

  void add(Signal signal, Numbers numbers) {
    signals_.push_back(std::move(signal));
    columns_.push_back(std::move(numbers));
  }

  std::string keep_part(const Part& part, const std::string& phasor) {
    const Phasors values = plot_.phasors(phasor);
    const std::vector<Signal>& all = plot_.header().signals;
    const Signal& signal = *std::find_if(all.begin(), all.end(),
                                         [&](const Signal& s) { return same(s.name, phasor); });
    std::string name = std::string(part.name) + '(' + signal.name + ')';
    const bool own = part.quantity.empty();
    const bool known = std::any_of(signals_.begin(), signals_.end(),
                                   [&](const Signal& s) { return s.name == name; });
    if (!known) {
      add({name, own ? signal.type : std::string(part.quantity),
           own ? signal.unit : std::string(part.unit)},
          part.of(values));
    }
    return name;
  }

  const Waveforms& plot_;
  std::vector<Signal> signals_;
  std::vector<Numbers> columns_;
};

}  // namespace

RealPlot real_plot(const Waveforms& plot, const std::vector<std::vector<std::string>>& panes,
                   const std::string& x) {
  RealPlotBuilder builder(plot);
  RealPlot real;
  for (const auto& pane : panes) {
    std::vector<std::string> first;
    std::vector<std::string> second;  // the phases of bare names
    for (const std::string& request : pane) {
      const std::vector<std::string> names = builder.keep(request);
      first.push_back(names.front());
      if (names.size() > 1) second.push_back(names.back());
    }
    if (panes.size() == 1) {  // parted by units later
      first.insert(first.end(), second.begin(), second.end());
      second.clear();
    }
    real.panes.push_back(std::move(first));
    if (!second.empty()) real.panes.push_back(std::move(second));
  }
  if (!x.empty()) builder.keep(x);
  real.waveforms = builder.build();
  return real;
}

}  // namespace wordline::cli
