// `.noise`: one adjoint solve a frequency gives the gain from every source of noise to the output.
//
// With J^T y = w, where w picks the output, a current i from p through an element to n makes
// (y_n - y_p) i of the output, so that independent sources of densities S_k give
// sum |y_p - y_n|^2 S_k. Between two frequencies a density is taken as a power of the frequency,
// which is exact for white and for flicker noise at a flat gain.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "wordline/engine/noise_source.hpp"
#include "wordline/engine/small_signal.hpp"

namespace wordline {

namespace {

// The integral from f1 to f2 of a density that is s1 and s2 at these.
double integral(double f1, double s1, double f2, double s2) {
  if (f1 <= 0 || s1 <= 0 || s2 <= 0) return 0.5 * (s1 + s2) * (f2 - f1);
  const double exponent = std::log(s2 / s1) / std::log(f2 / f1) + 1;
  constexpr double kNearlyInverse = 1e-10;
  if (std::abs(exponent) < kNearlyInverse) return s1 * f1 * std::log(f2 / f1);
  return (f2 * s2 - f1 * s1) / exponent;
}

// The densities of all sources of noise at one frequency, V^2/Hz at the output.
struct Spectrum {
  double frequency = 0;
  double gain = 0;  // |output/input|^2
  std::vector<double> densities;
};

class NoiseIntegral {
 public:
  void add(const Spectrum& now) {
    if (output_.empty()) {
      output_.resize(now.densities.size());
      input_.resize(now.densities.size());
    } else if (now.frequency > last_.frequency) {
      for (std::size_t k = 0; k < output_.size(); ++k) {
        const double before = last_.densities[k];
        const double after = now.densities[k];
        output_[k] += integral(last_.frequency, before, now.frequency, after);
        input_[k] +=
            integral(last_.frequency, before / last_.gain, now.frequency, after / now.gain);
      }
    }
    last_ = now;
  }
  const std::vector<double>& output() const { return output_; }  // V^2, per source
  const std::vector<double>& input() const { return input_; }

 private:
  Spectrum last_;
  std::vector<double> output_, input_;
};

double sum(const std::vector<double>& values) {
  double total = 0;
  for (const double value : values) total += value;
  return total;
}

class Noise {
 public:
  Noise(AnalysisContext& context, const NoiseAnalysis& analysis, Evaluation& evaluation)
      : context_(context),
        analysis_(analysis),
        evaluation_(evaluation),
        signals_(context, evaluation),
        excitation_(signals_.excitation(analysis.input)),
        weights_(signals_.weights(analysis.output)) {
    evaluation_.frequency = analysis.frequencies.start;
    find_sources();
    for (const NoiseSource& source : sources_) names_.push_back(source.name);
  }

  void begin() const {
    const char* const input = analysis_.input.is_voltage ? "V" : "A";
    std::vector<Signal> columns = {
        {"frequency", "frequency", "Hz"},
        {"onoise_spectrum", "voltage-density", "V/sqrt(Hz)"},
        {"inoise_spectrum", analysis_.input.is_voltage ? "voltage-density" : "current-density",
         fmt::format("{}/sqrt(Hz)", input)}};
    if (analysis_.points_per_summary > 0) {
      for (const std::string& name : names_) {
        columns.push_back({"onoise_" + name, "voltage-density", "V/sqrt(Hz)"});
      }
    }
    context_.sink.begin(
        {context_.system.circuit().title, "Noise Spectral Density Curves", std::move(columns)});
  }

  Report run(Report report) {
    const std::vector<double> frequencies = analysis_.frequencies.values();
    for (std::size_t k = 0; k < frequencies.size(); ++k) {
      if (context_.interrupted()) {
        report.outcome = Outcome::kInterrupted;
        return report;
      }
      ++report.factorizations;
      Spectrum spectrum{.frequency = frequencies[k], .densities = {}};
      if (!find(spectrum, report)) return report;
      integral_.add(spectrum);
      if (is_shown(k)) write(spectrum, report);
      context_.progress(static_cast<double>(k + 1) / static_cast<double>(frequencies.size()));
    }
    return report;
  }

  // Root mean squares over the band, of all together and of every source.
  Waveforms totals() const {
    const bool to_voltage = analysis_.input.is_voltage;
    const Signal input{"", to_voltage ? "voltage" : "current", to_voltage ? "V" : "A"};
    std::vector<Signal> columns = {{"onoise_total", "voltage", "V"},
                                   {"inoise_total", input.type, input.unit}};
    std::vector<double> values = {std::sqrt(sum(integral_.output())),
                                  std::sqrt(sum(integral_.input()))};
    for (std::size_t k = 0; k < integral_.output().size(); ++k) {
      columns.push_back({"onoise_total_" + names_[k], "voltage", "V"});
      columns.push_back({"inoise_total_" + names_[k], input.type, input.unit});
      values.insert(values.end(),
                    {std::sqrt(integral_.output()[k]), std::sqrt(integral_.input()[k])});
    }
    Waveforms totals;
    totals.begin({context_.system.circuit().title, "Integrated Noise", std::move(columns)});
    totals.point(values);
    return totals;
  }

 private:
  void find_sources() {
    sources_.clear();
    for (const auto& group : context_.system.groups()) {
      group->noise_sources(evaluation_, sources_);
    }
  }

  bool find(Spectrum& spectrum, Report& report) {
    evaluation_.frequency = spectrum.frequency;
    if (!signals_.factor({0, 2 * std::numbers::pi * spectrum.frequency}, report.message)) {
      report.outcome = Outcome::kFailed;
      report.message += fmt::format(" (at {:g} Hz)", spectrum.frequency);
      return false;
    }
    Phasors y = weights_;
    signals_.solve_transposed(y);
    spectrum.gain = std::norm(product(y, excitation_));
    if (spectrum.gain == 0) {
      report.outcome = Outcome::kFailed;
      report.message = fmt::format("'{}' has no effect on {} (at {:g} Hz)", analysis_.input.name,
                                   analysis_.output.label, spectrum.frequency);
      return false;
    }
    find_sources();
    for (const NoiseSource& source : sources_) {
      const double gain =
          std::norm(y[static_cast<std::size_t>(source.p)] - y[static_cast<std::size_t>(source.n)]);
      spectrum.densities.push_back(gain * source.density(spectrum.frequency));
    }
    return true;
  }

  bool is_shown(std::size_t point) const {
    const auto every = static_cast<std::size_t>(std::max(analysis_.points_per_summary, 1));
    return point % every == 0;
  }

  void write(const Spectrum& spectrum, Report& report) {
    const double total = sum(spectrum.densities);
    std::vector<double> values = {spectrum.frequency, std::sqrt(total),
                                  std::sqrt(total / spectrum.gain)};
    if (analysis_.points_per_summary > 0) {
      for (const double density : spectrum.densities) values.push_back(std::sqrt(density));
    }
    context_.sink.point(values);
    ++report.points;
  }

  AnalysisContext& context_;
  const NoiseAnalysis& analysis_;
  Evaluation& evaluation_;
  SmallSignal signals_;
  Phasors excitation_, weights_;
  std::vector<NoiseSource> sources_;
  std::vector<std::string> names_;
  NoiseIntegral integral_;
};

}  // namespace

Report run_noise(AnalysisContext& context, const NoiseAnalysis& analysis) {
  Report report;
  std::vector<double> x;
  Evaluation e = context.start_evaluation();
  if (!start_small_signals(context, x, e, report)) return report;
  Noise noise(context, analysis, e);
  noise.begin();
  report = noise.run(std::move(report));
  if (report.ok()) context.tables.push_back(noise.totals());
  return report;
}

}  // namespace wordline
