#include "wordline/cli/plots.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"

namespace wordline::cli {

namespace {

std::string number(double value, const std::string& unit) {
  return unit.empty() ? fmt::format("{:.4g}", value) : engineering(value, unit);
}

std::string range_of(std::span<const double> values, const std::string& unit) {
  if (values.empty()) return "no points";
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const std::string least = number(*low, unit);
  return *low == *high ? least : fmt::format("{} .. {}", least, number(*high, unit));
}

// Of a complex signal the range of its magnitudes.
std::string range_of(const Waveforms& plot, std::size_t signal) {
  const std::string& unit = plot.header().signals[signal].unit;
  if (!plot.header().complex || signal == 0) return range_of(plot.column(signal), unit);
  std::vector<double> magnitudes;
  for (std::size_t k = 0; k < plot.points(); ++k) {
    magnitudes.push_back(std::hypot(plot.column(signal)[k], plot.imaginary(signal)[k]));
  }
  return "|" + range_of(magnitudes, unit) + "|";
}

}  // namespace

std::string extension_of(const std::string& path) {
  const std::string extension = to_lower(std::filesystem::path(path).extension().string());
  return extension.empty() ? extension : extension.substr(1);
}

void list_signals(const std::string& path, const std::vector<Waveforms>& plots) {
  for (std::size_t p = 0; p < plots.size(); ++p) {
    const std::vector<Signal>& signals = plots[p].header().signals;
    fmt::print("{}[{}] {}: {} point{}\n", path, p + 1, printable(plots[p].header().plotname),
               plots[p].points(), plots[p].points() == 1 ? "" : "s");
    std::size_t width = 0;
    for (const Signal& signal : signals) width = std::max(width, signal.name.size());
    for (std::size_t k = 0; k < signals.size(); ++k) {
      fmt::print("  {:<{}}  {}\n", printable(signals[k].name), width, range_of(plots[p], k));
    }
  }
}

const Waveforms& choose_plot(const std::vector<Waveforms>& plots, const std::string& wish) {
  if (wish.empty()) {
    const auto found = std::find_if(plots.rbegin(), plots.rend(),
                                    [](const Waveforms& plot) { return plot.points() > 1; });
    return found == plots.rend() ? plots.back() : *found;
  }
  std::size_t listed = 0;
  const auto [end, status] = std::from_chars(wish.data(), wish.data() + wish.size(), listed);
  if (status == std::errc() && end == wish.data() + wish.size()) {
    if (listed >= 1 && listed <= plots.size()) return plots[listed - 1];
    throw UsageError(fmt::format("--analysis {}: the file holds {}", listed, plots.size()));
  }
  const std::string beginning = to_lower(wish == "op" ? "operating point" : wish);
  for (const Waveforms& plot : plots) {
    if (to_lower(plot.header().plotname).starts_with(beginning)) return plot;
  }
  throw UsageError(fmt::format("--analysis {}: the file holds no such plot", wish));
}

}  // namespace wordline::cli
