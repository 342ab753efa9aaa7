#include "wordline/cli/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"

namespace wordline::cli {

namespace {

std::size_t widest_name(const std::vector<Signal>& signals) {
  std::size_t width = 0;
  for (const Signal& signal : signals) width = std::max(width, signal.name.size());
  return width;
}

std::string number(double value, const std::string& unit) {
  return unit.empty() ? fmt::format("{:.6g}", value) : engineering(value, unit, 6);
}

struct Contribution {
  std::string_view name;
  double output, input;
};

constexpr std::string_view kOutputOf = "onoise_total_";

// Columns 0 and 1 are the totals, then come pairs of output and input for each source of noise.
std::vector<Contribution> contributions_of(const Waveforms& noise) {
  std::vector<Contribution> list;
  const std::vector<Signal>& signals = noise.header().signals;
  for (std::size_t k = 2; k + 1 < signals.size(); k += 2) {
    list.push_back({std::string_view(signals[k].name).substr(kOutputOf.size()), noise.column(k)[0],
                    noise.column(k + 1)[0]});
  }
  std::stable_sort(list.begin(), list.end(), [](const Contribution& a, const Contribution& b) {
    return a.output > b.output;
  });
  return list;
}

void print_noise(const Waveforms& noise, std::FILE* out) {
  constexpr std::size_t kShown = 20;
  const std::vector<Signal>& signals = noise.header().signals;
  const std::vector<Contribution> list = contributions_of(noise);
  std::size_t width = 8;
  for (const Contribution& c : list) width = std::max(width, c.name.size());
  fmt::print(out, "{:<{}}  {:>14}  {:>14}  {:>7}\n", "noise", width, "output", "input", "power");
  const double total = noise.column(0)[0];
  const auto print = [&](std::string_view name, double output, double input) {
    const double share = total > 0 ? 100 * output * output / (total * total) : 0;
    fmt::print(out, "{:<{}}  {:>14}  {:>14}  {:>6.2f}%\n", name, width,
               number(output, signals[0].unit), number(input, signals[1].unit), share);
  };
  for (std::size_t k = 0; k < std::min(kShown, list.size()); ++k) {
    print(list[k].name, list[k].output, list[k].input);
  }
  if (list.size() > kShown) fmt::print(out, "and {} smaller ones\n", list.size() - kShown);
  print("total", total, noise.column(1)[0]);
}

void print_harmonics(const Waveforms& plot, std::FILE* out) {
  double squares = 0;
  for (std::size_t k = 2; k < plot.points(); ++k) {
    squares += plot["normalized_magnitude"][k] * plot["normalized_magnitude"][k];
  }
  fmt::print(out, "{}: total harmonic distortion {:.6g} %\n", plot.header().plotname,
             100 * std::sqrt(squares));
  fmt::print(out, "{:>8}  {:>12}  {:>12}  {:>10}  {:>12}  {:>10}\n", "harmonic", "frequency",
             "magnitude", "phase", "norm. mag.", "norm. ph.");
  for (std::size_t k = 0; k < plot.points(); ++k) {
    fmt::print(out, "{:>8}  {:>12.6g}  {:>12.6g}  {:>10.5g}  {:>12.6g}  {:>10.5g}\n",
               plot["harmonic"][k], plot["frequency"][k], plot["magnitude"][k], plot["phase"][k],
               plot["normalized_magnitude"][k], plot["normalized_phase"][k]);
  }
}

void print_sensitivities(const Waveforms& main, const Waveforms& percent, std::FILE* out) {
  const std::vector<Signal>& signals = percent.header().signals;
  const std::size_t width = std::max<std::size_t>(widest_name(signals), 5);
  fmt::print(out, "{:<{}}  {:>14}  {:>14}\n", "value", width, "derivative", "per percent");
  for (std::size_t k = 0; k < signals.size(); ++k) {
    fmt::print(out, "{:<{}}  {:>14.6g}  {:>14}\n", printable(signals[k].name), width, main.column(k)[0],
               number(percent.column(k)[0], signals[k].unit));
  }
}

}  // namespace

void print_values(const Waveforms& waveforms, std::FILE* out) {
  const std::vector<Signal>& signals = waveforms.header().signals;
  const std::size_t width = widest_name(signals);
  for (std::size_t k = 0; k < signals.size(); ++k) {
    fmt::print(out, "{:<{}}  {}\n", printable(signals[k].name), width,
               engineering(waveforms.column(k)[0], signals[k].unit, 6));
  }
}

void print_tables(const Waveforms& main, const std::vector<Waveforms>& tables, std::FILE* out) {
  for (const Waveforms& table : tables) {
    const std::string& name = table.header().plotname;
    if (name == "Integrated Noise") print_noise(table, out);
    if (name == "Sensitivity per Percent") print_sensitivities(main, table, out);
    if (name.starts_with("Fourier analysis")) print_harmonics(table, out);
  }
}

}  // namespace wordline::cli
