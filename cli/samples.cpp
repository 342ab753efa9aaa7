#include "wordline/cli/samples.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string_view>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/cli/interrupt.hpp"
#include "wordline/cli/progress_meter.hpp"
#include "wordline/engine/output/read_file.hpp"

namespace wordline::cli {

namespace {

using crossbar::Samples;
using crossbar::Sampling;
using crossbar::Statistics;

constexpr std::array<std::string_view, 8> kColumns = {"mean",   "deviation", "min", "5 %",
                                                      "median", "95 %",      "max", "without"};

std::string number(double value, const std::string& unit) {
  if (!std::isfinite(value)) return "-";
  return unit.empty() ? fmt::format("{:.5g}", value) : engineering(value, unit, 5);
}

// "0.9 <= vout <= 1.1"
std::string describe(const ResultLimit& limit) {
  std::string text = printable(limit.name);
  if (std::isfinite(limit.low)) text = fmt::format("{:g} <= {}", limit.low, text);
  if (std::isfinite(limit.high)) text += fmt::format(" <= {:g}", limit.high);
  return text;
}

void print_yield(const Samples& samples, std::span<const ResultLimit> limits,
                 const std::string& what, std::FILE* out) {
  const crossbar::Yield yield = samples.yield(limits);
  fmt::print(out, "yield {:.4g} % ({} of {}), {:.4g} to {:.4g} % with 95 % confidence: {}\n",
             100 * yield.share(), yield.passed, yield.count, 100 * yield.low, 100 * yield.high,
             what);
}

}  // namespace

Samples with_progress(Sampling sampling, bool quiet,
                      const std::function<Samples(const Sampling&)>& take) {
  ProgressMeter meter{"mc"};
  sampling.interrupt = &interrupt_flag();
  if (!quiet) {
    sampling.progress = [&meter](const crossbar::SamplingProgress& progress) {
      meter.update(static_cast<double>(progress.done) / static_cast<double>(progress.samples));
    };
  }
  try {
    return take(sampling);
  } catch (const crossbar::UnknownResultError& error) {
    throw UsageError(error.what());
  }
}

void print_samples(const Samples& samples, const Sampling& sampling, std::FILE* out) {
  std::size_t width = 6;
  for (const std::string& name : samples.names) width = std::max(width, name.size());
  fmt::print(out, "{:<{}}", "result", width);
  for (const std::string_view column : kColumns) fmt::print(out, "  {:>11}", column);
  fmt::print(out, "\n");
  for (const std::string& name : samples.names) {
    const Statistics s = samples.statistics(name);
    const std::string unit = signal_of_name(name).unit;
    fmt::print(out, "{:<{}}", printable(name), width);
    for (const double value : {s.mean(), s.deviation(), s.min(), s.quantile(0.05), s.quantile(0.5),
                               s.quantile(0.95), s.max()}) {
      fmt::print(out, "  {:>11}", number(value, unit));
    }
    fmt::print(out, "  {:>11}\n", std::ssize(samples.samples) - s.count());
  }
  for (const ResultLimit& limit : sampling.limits) {
    print_yield(samples, std::span(&limit, 1), describe(limit), out);
  }
  if (sampling.limits.size() > 1) print_yield(samples, sampling.limits, "all of these", out);
}

void report_failed_samples(const Samples& samples) {
  constexpr std::size_t kShown = 3;
  const auto taken = std::ssize(samples.samples) + std::ssize(samples.failed);
  if (samples.left_out > 0) spdlog::warn("interrupted after {} samples", taken);
  if (samples.failed.empty()) return;
  spdlog::warn("{} of {} samples failed", samples.failed.size(), taken);
  for (std::size_t k = 0; k < std::min(kShown, samples.failed.size()); ++k) {
    const auto& [sample, message] = samples.failed[k];
    fmt::print(stderr, "  sample {}, seed {}: {}\n", sample.number, sample.seed,
               printable(message));
  }
}

void write_samples(const Samples& samples, const std::string& title, WaveformSink& sink) {
  PlotHeader header{title, "Monte Carlo", {{"sample", "notype", ""}, {"seed", "notype", ""}}};
  for (const std::string& name : samples.names) header.signals.push_back(signal_of_name(name));
  sink.begin(header);
  std::vector<double> point;
  for (std::size_t k = 0; k < samples.samples.size(); ++k) {
    const auto& [number, seed] = samples.samples[k];
    point = {static_cast<double>(number), static_cast<double>(seed)};
    const auto row = std::span(samples.values.values).subspan(k * samples.names.size());
    point.insert(point.end(), row.begin(), row.begin() + std::ssize(samples.names));
    sink.point(point);
  }
  sink.end();
}

int exit_code_of(const Samples& samples) {
  if (samples.left_out > 0) return kInterrupted;
  const std::vector<double>& values = samples.values.values;
  const bool has_results =
      std::any_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
  return has_results ? kOk : kAnalysisFailed;
}

}  // namespace wordline::cli
