#include "wordline/cli/characterization.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "wordline/base/units.hpp"
#include "wordline/engine/simulator.hpp"

namespace wordline::cli {

namespace {

constexpr double kYear = 365.25 * 24 * 3600;  // s
constexpr std::array<double, 3> kFrequencies = {1, 10, 100};
// States from which a device is sent to the other end: near a bound, where some models stick.
constexpr double kNearBound = 0.01;

class Bench {
 public:
  Bench(const std::string& model, const std::string& name)
      : lines_(fmt::format("characterization of {}\n{}\n", name, model)), name_(name) {
    const Circuit circuit = parse(lines_ + element("") + "v1 a 0 0\n", name);
    card_ = circuit.models.at(0);
    bank_ = card_.type->make_bank();
    bank_->add({card_.values});
    shown_ = card_.type->bounds(card_.values);
  }

  std::string state_unit() const { return std::string(card_.type->state_unit); }
  double shown_state(double part) const { return shown_.low + part * (shown_.high - shown_.low); }

  // The time in which a voltage drives the state through its range at the speed that it has at most
  // states; infinite if it does not.
  double switching_time(double volts) const {
    constexpr int kStates = 19;
    const Bounds bounds = bank_->bounds(0);
    std::vector<double> times;
    for (int k = 1; k <= kStates; ++k) {
      const double speed = std::abs(rate(volts, static_cast<double>(k) / (kStates + 1)));
      times.push_back((bounds.high - bounds.low) / speed);
    }
    // Near a bound, windows let it stop.
    constexpr int kMost = 16;
    std::nth_element(times.begin(), times.begin() + kMost, times.end());
    return times[kMost];
  }

  // Whether a low state rises.
  bool rises(double volts) const { return rate(volts, 0.1) > 0; }

  // The second period of a sine.
  Waveforms loop(double amplitude, double frequency, double series) const {
    constexpr double kPointsPerPeriod = 400;
    const double step = 1 / (kPointsPerPeriod * frequency);
    return transient(
        fmt::format("sin(0 {} {})", amplitude, frequency), series, "",
        {.step = step, .stop = 2 / frequency, .start = 1 / frequency, .max_step = step});
  }

  // The part of its range through which a loop takes the state; 0 where it fails.
  double swing(double amplitude, double frequency, double series) const {
    try {
      const Waveforms w = loop(amplitude, frequency, series);
      const auto [low, high] = std::minmax_element(w.column(3).begin(), w.column(3).end());
      return (*high - *low) / (shown_.high - shown_.low);
    } catch (const ExperimentFailed&) {
      return 0;
    }
  }

  Waveforms transient(const std::string& source, double series, const std::string& state,
                      const TranAnalysis& tran) const {
    std::string circuit = fmt::format("v1 a 0 {}\n", source);
    circuit +=
        series > 0 ? fmt::format("r1 a d {}\n", series) + element(state, "d") : element(state);
    circuit += fmt::format(".save v({}) i(dut) @dut[x]\n", series > 0 ? "d" : "a");
    Circuit parsed = parse(lines_ + circuit, name_);
    for (ModelCard& card : parsed.models) card.noise = {};  // it would hide what the model does
    Simulator simulator(std::move(parsed));
    Result result = simulator.run_transient(tran);
    if (!result.report.ok()) {
      throw ExperimentFailed(fmt::format("{}: {}", name_, result.report.message));
    }
    return std::move(result.waveforms);
  }

 private:
  // Of the integrated state, at a part of its range.
  double rate(double volts, double part) const {
    const Bounds bounds = bank_->bounds(0);
    std::vector<double> x = {bounds.low + part * (bounds.high - bounds.low)};
    if (bank_->has_thermal_states()) x.push_back(bank_->ambient(0));
    std::vector<double> rates(x.size());
    bank_->rates({&volts, 1}, x, rates);
    return rates[0];
  }

  std::string element(const std::string& state, const char* node = "a") const {
    return fmt::format("ymemristor dut {} 0 {} {}\n", node, name_, state);
  }

  std::string lines_, name_;
  ModelCard card_;
  std::unique_ptr<MemristorBank> bank_;
  Bounds shown_{};
};

// What is not given is chosen: of usual amplitudes the smallest, with the highest of a few
// frequencies, that takes the state through half its range. Where none does, 1 V.
void choose(const Bench& bench, Drive& drive) {
  constexpr std::array<double, 9> kVolts = {0.3, 0.5, 0.7, 1, 1.5, 2, 3, 4, 6};
  std::vector<double> volts = {drive.amplitude};
  if (drive.amplitude == 0) volts.assign(kVolts.begin(), kVolts.end());
  for (const double patience : {60.0, 3600.0, kYear}) {
    for (const double v : volts) {
      const double time = std::max(bench.switching_time(v), bench.switching_time(-v));
      if (!(time < patience)) continue;
      for (const double times_per_period : {8.0, 80.0, 800.0}) {
        const double f = drive.frequency > 0 ? drive.frequency : 1 / (times_per_period * time);
        constexpr double kHalf = 0.5;
        if (bench.swing(v, f, drive.series) < kHalf) continue;
        drive.amplitude = v;
        drive.frequency = f;
        return;
      }
    }
  }
  if (drive.amplitude == 0) drive.amplitude = 1;
  if (drive.frequency == 0) drive.frequency = 1;
}

// Until the state has come to rest, or a thousand times as long as that seemed to take.
Waveforms switching(const Bench& bench, const Drive& drive, double volts) {
  double time = 4 * bench.switching_time(volts);
  if (!(time < kYear)) return {};
  const double state = bench.shown_state(bench.rises(volts) ? kNearBound : 1 - kNearBound);
  Waveforms run;
  constexpr int kMostRuns = 5;
  for (int k = 0; k < kMostRuns; ++k, time *= 4) {
    run = bench.transient(fmt::format("{}", volts), drive.series, fmt::format("x0={}", state),
                          {.step = time / 1000, .stop = time});
    const std::span<const double> x = run.column(3);
    const double late = run.at(run.header().signals[3].name, 0.5 * time);
    constexpr double kAtRest = 0.01;  // of the way
    if (std::abs(x.back() - late) <= kAtRest * std::abs(x.back() - x.front())) break;
  }
  return run;
}

}  // namespace

Characterization characterize(const std::string& model, const std::string& name, Drive drive) {
  const Bench bench(model, name);
  choose(bench, drive);
  Characterization c;
  c.drive = drive;
  c.state_unit = bench.state_unit();
  for (std::size_t k = 0; k < kFrequencies.size(); ++k) {
    c.loops[k] = bench.loop(drive.amplitude, kFrequencies[k] * drive.frequency, drive.series);
  }
  c.positive = switching(bench, drive, drive.amplitude);
  c.negative = switching(bench, drive, -drive.amplitude);
  if (c.positive.points() == 0 && c.negative.points() == 0) return c;
  for (const bool high : {false, true}) {
    const double state = bench.shown_state(high ? 1 - kNearBound : kNearBound);
    (high ? c.high : c.low) =
        bench.transient("0", 0, fmt::format("x0={}", state), {.step = kYear, .stop = 10 * kYear});
  }
  return c;
}

Waveforms join_loops(const Characterization& c) {
  Waveforms table;
  PlotHeader header{
      c.loops[0].header().title, "Loops", {{"time", "time", "s"}, {"v", "voltage", "V"}}};
  for (const double times : kFrequencies) {
    header.signals.push_back({engineering(times * c.drive.frequency, "Hz", 3), "current", "A"});
  }
  table.begin(header);
  std::vector<double> row(header.signals.size());
  for (std::size_t k = 0; k < c.loops.size(); ++k) {
    const Waveforms& loop = c.loops[k];
    for (std::size_t p = 0; p < loop.points(); ++p) {
      std::fill(row.begin(), row.end(), std::numeric_limits<double>::quiet_NaN());
      row[0] = loop.column(0)[p];
      row[1] = loop.column(1)[p];
      row[2 + k] = loop.column(2)[p];
      table.point(row);
    }
  }
  return table;
}

Waveforms join_switching(const Characterization& c) {
  const std::array<const Waveforms*, 4> parts = {&c.positive, &c.negative, &c.low, &c.high};
  const std::string volts = engineering(c.drive.amplitude, "V", 3);
  const std::array<std::string, 4> names = {"+" + volts, "-" + volts, "0 V, from low",
                                            "0 V, from high"};
  Waveforms table;
  PlotHeader header{c.low.header().title, "States", {{"time", "time", "s"}}};
  for (const std::string& name : names) {
    header.signals.push_back({name, "state", c.state_unit});
  }
  table.begin(header);
  std::vector<double> row(header.signals.size());
  for (std::size_t k = 0; k < parts.size(); ++k) {
    for (std::size_t p = 0; p < parts[k]->points(); ++p) {
      if (parts[k]->column(0)[p] == 0) continue;  // for a logarithmic axis
      std::fill(row.begin(), row.end(), std::numeric_limits<double>::quiet_NaN());
      row[0] = parts[k]->column(0)[p];
      row[1 + k] = parts[k]->column(3)[p];
      table.point(row);
    }
  }
  return table;
}

}  // namespace wordline::cli
