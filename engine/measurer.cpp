#include "wordline/engine/measurer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "wordline/engine/measure_line.hpp"
#include "wordline/engine/output_columns.hpp"

namespace wordline {

namespace {

using Edge = MeasureEvent::Edge;
using Kind = Measure::Kind;

// Why a measure has no value.
struct Failed {
  std::string why;
};

// As a part of a signal's range: what a solution may be off, and no crossing lies within.
constexpr double kNoise = 1e-9;

// An expression would go on with a number in place of the missing one.
void require_known(const OutputExpression& expression, std::span<const double> measures) {
  for (const std::int32_t k : expression.measures) {
    if (std::isnan(measures[static_cast<std::size_t>(k)])) {
      throw Failed{"it depends on a measure that failed"};
    }
  }
}

std::vector<double> values_of(const OutputExpression& expression, const Waveforms& plot,
                              std::span<const double> measures) {
  require_known(expression, measures);
  const PlotHeader& header = plot.header();
  const OutputColumns columns(expression, header);
  if (columns.is_complex() && !expression.plain) {
    throw Failed{"it is complex: write its magnitude, phase or a part: mag(), ph(), re(), im()"};
  }
  const std::size_t signals = header.signals.size();
  std::vector<double> numbers(header.numbers());
  std::vector<double> values(plot.points());
  for (std::size_t k = 0; k < values.size(); ++k) {
    for (std::size_t s = 0; s < signals; ++s) {
      numbers[s] = plot.column(s)[k];
      if (header.complex) numbers[signals + s] = plot.imaginary(s)[k];
    }
    values[k] = columns.value(numbers, measures);
  }
  return values;
}

double constant(const OutputExpression& expression, std::span<const double> measures) {
  require_known(expression, measures);
  return OutputColumns(expression, {}).value({}, measures);
}

bool is_strictly_monotonic(std::span<const double> x) {
  const bool descends = x.size() > 1 && x[1] < x[0];
  for (std::size_t k = 1; k < x.size(); ++k) {
    if (descends ? x[k] >= x[k - 1] : x[k] <= x[k - 1]) return false;
  }
  return true;
}

// One measure over the points that were kept.
class Evaluation {
 public:
  Evaluation(const Measure& measure, const Waveforms& plot, std::span<const double> measures,
             std::span<const double> axis)
      : measure_(measure), plot_(plot), measures_(measures), x_(axis) {}

  MeasureResult run() {
    switch (measure_.kind) {
      case Kind::kDelay: {
        const double from = place_of(measure_.trigger);
        const double to = place_of(measure_.event);
        return {measure_.name, to - from, {{"targ", to}, {"trig", from}}};
      }
      case Kind::kWhen:
        return {measure_.name, place_of(measure_.event)};
      case Kind::kFind:
      case Kind::kDerivative: {
        const double at = place_of(measure_.event);
        const std::vector<double> y = values(measure_.signal);
        const MeasureLine line{x_, y};
        const double value = measure_.kind == Kind::kFind ? line.value(at) : line.slope(at);
        return {measure_.name, value, {{"at", at}}};
      }
      case Kind::kParameter:
        return {measure_.name, constant(measure_.signal, measures_)};
      default:
        return over_window();
    }
  }

 private:
  std::vector<double> values(const OutputExpression& expression) const {
    return values_of(expression, plot_, measures_);
  }

  // The window that the statement gives, which must lie on the axis.
  MeasureWindow window() const {
    const MeasureWindow axis{std::min(x_.front(), x_.back()), std::max(x_.front(), x_.back())};
    MeasureWindow window = axis;
    if (measure_.from) window.from = constant(*measure_.from, measures_);
    if (measure_.to) window.to = constant(*measure_.to, measures_);
    if (window.from > window.to) {
      throw Failed{fmt::format("FROM = {:g} is beyond TO = {:g}", window.from, window.to)};
    }
    const double rounding = 1e-9 * (axis.to - axis.from);
    for (const double end : {window.from, window.to}) require_on_axis(end, axis, rounding);
    return {std::max(window.from, axis.from), std::min(window.to, axis.to)};
  }

  // From one event to another, where the statement gives these.
  MeasureWindow window_of_signal() const {
    const MeasureEvent& end = measure_.event;
    if (!end.at && end.signal.operands.empty()) return window();
    const MeasureWindow window{place_of(measure_.trigger), place_of(end)};
    if (window.from <= window.to) return window;
    throw Failed{fmt::format("TRIG, at {:g}, is after TARG, at {:g}", window.from, window.to)};
  }

  static void require_on_axis(double place, const MeasureWindow& axis, double rounding) {
    if (place >= axis.from - rounding && place <= axis.to + rounding) return;
    throw Failed{fmt::format("{:g} is outside of the results, from {:g} to {:g}", place, axis.from,
                             axis.to)};
  }

  double place_of(const MeasureEvent& event) const {
    const MeasureWindow window = this->window();
    if (event.at) {
      const double place = constant(*event.at, measures_);
      require_on_axis(place, window, 1e-9 * (window.to - window.from));
      return std::clamp(place, window.from, window.to);
    }
    const std::vector<double> signal = values(event.signal);
    const std::vector<double> level = values(event.level);
    const std::vector<double> distance = distance_of(signal, level);
    const double delay = event.delay ? constant(*event.delay, measures_) : window.from;
    std::vector<double> places;
    for (const Crossing& crossing : crossings_of({x_, distance})) {
      const bool wanted =
          event.edge == Edge::kCross || crossing.rises == (event.edge == Edge::kRise);
      if (wanted && window.contains(crossing.x) && crossing.x >= delay) {
        places.push_back(crossing.x);
      }
    }
    const auto count = event.count > 0 ? static_cast<std::size_t>(event.count) : 1;
    if (places.size() < count) throw never(event, places, signal, level);
    return event.count == 0 ? places.back() : places[count - 1];
  }

  // Without the noise of a solution where a signal rests at the level.
  static std::vector<double> distance_of(const std::vector<double>& signal,
                                         const std::vector<double>& level) {
    double largest = 0;
    for (const double value : signal) largest = std::max(largest, std::abs(value));
    std::vector<double> distance(signal.size());
    for (std::size_t k = 0; k < distance.size(); ++k) {
      const double noise = kNoise * std::max(largest, std::abs(level[k]));
      distance[k] = signal[k] - level[k];
      if (std::abs(distance[k]) <= noise) distance[k] = 0;
    }
    return distance;
  }

  // "it rises through 0.5 only 2 times of 3, the last time at 4e-06"
  static Failed never(const MeasureEvent& event, const std::vector<double>& places,
                      const std::vector<double>& signal, const std::vector<double>& level) {
    const auto [low, high] = std::minmax_element(signal.begin(), signal.end());
    const auto [level_low, level_high] = std::minmax_element(level.begin(), level.end());
    const std::string what =
        *level_low == *level_high ? fmt::format("{:g}", *level_low) : "the other signal";
    const char* const verb = event.edge == Edge::kRise   ? "rises through"
                             : event.edge == Edge::kFall ? "falls through"
                                                         : "crosses";
    const double noise = kNoise * std::max(std::abs(*low), std::abs(*high));
    const auto shown = [noise](double value) { return std::abs(value) <= noise ? 0 : value; };
    const std::string range = fmt::format("it goes from {:g} to {:g}", shown(*low), shown(*high));
    if (places.empty()) return {fmt::format("the signal never {} {}: {}", verb, what, range)};
    return {fmt::format("the signal {} {} only {} time{} of {}, the last time at {:g}", verb, what,
                        places.size(), places.size() == 1 ? "" : "s", event.count, places.back())};
  }

  MeasureResult over_window() const {
    const MeasureWindow window = window_of_signal();
    const std::vector<double> y = values(measure_.signal);
    double integral = 0, squares = 0, length = 0;
    double low = std::numeric_limits<double>::infinity(), high = -low;
    double low_at = 0, high_at = 0;
    const auto look = [&](double x, double value) {
      if (value < low) {
        low = value;
        low_at = x;
      }
      if (value > high) {
        high = value;
        high_at = x;
      }
    };
    MeasureLine{x_, y}.each_piece(window, [&](double x0, double y0, double x1, double y1) {
      const double h = std::abs(x1 - x0);
      length += h;
      integral += h * (y0 + y1) / 2;
      squares += h * (y0 * y0 + y0 * y1 + y1 * y1) / 3;
      look(x0, y0);
      look(x1, y1);
    });
    const std::vector<MeasureResult::Place> ends = {{"from", window.from}, {"to", window.to}};
    switch (measure_.kind) {
      case Kind::kAverage:
        return {measure_.name, length > 0 ? integral / length : low, ends};
      case Kind::kRms:
        return {measure_.name, length > 0 ? std::sqrt(squares / length) : std::abs(low), ends};
      case Kind::kIntegral:
        return {measure_.name, integral, ends};
      case Kind::kPeakToPeak:
        return {measure_.name, high - low, ends};
      case Kind::kMinimum:
        return {measure_.name, low, {{"at", low_at}}};
      case Kind::kMaximum:
        return {measure_.name, high, {{"at", high_at}}};
      case Kind::kMinimumAt:
        return {measure_.name, low_at, {{"with", low}}};
      default:
        return {measure_.name, high_at, {{"with", high}}};
    }
  }

  const Measure& measure_;
  const Waveforms& plot_;
  std::span<const double> measures_;
  std::span<const double> x_;
};

template <class Visit>
void each_expression(const Measure& measure, const Visit& visit) {
  visit(measure.signal);
  for (const MeasureEvent* event : {&measure.trigger, &measure.event}) {
    visit(event->signal);
    visit(event->level);
  }
}

}  // namespace

Measurer::Measurer(std::span<const Measure> measures, std::string_view analysis)
    : measures_(measures), analysis_(analysis) {}

bool Measurer::applies(const Measure& measure) const {
  if (!measure.analysis.empty()) return measure.analysis == analysis_;
  return analysis_ == "tran" || analysis_ == "dc" || analysis_ == "ac";
}

std::vector<OutputRequest> Measurer::operands() const {
  std::vector<OutputRequest> operands;
  for (const Measure& measure : measures_) {
    if (!applies(measure)) continue;
    each_expression(measure, [&](const OutputExpression& e) {
      operands.insert(operands.end(), e.operands.begin(), e.operands.end());
    });
  }
  return operands;
}

void Measurer::begin(const PlotHeader& header) {
  if (points_.points() > 0) {
    keeping_ = false;
    return;
  }
  PlotHeader kept{header.title, header.plotname, {}, header.steps, header.complex};
  kept_.clear();
  const auto keep = [&](std::size_t column) {
    if (column >= header.signals.size()) return;
    if (std::find(kept_.begin(), kept_.end(), column) != kept_.end()) return;
    kept_.push_back(column);
    kept.signals.push_back(header.signals[column]);
  };
  if (has_axis()) keep(0);
  for (const OutputRequest& operand : operands()) keep(find_column(operand, header));
  points_.begin(kept);
  keeping_ = true;
}

void Measurer::point(std::span<const double> numbers) {
  if (!keeping_) return;
  std::vector<double> kept;
  for (const std::size_t column : kept_) kept.push_back(numbers[column]);
  if (points_.header().complex) {
    for (const std::size_t column : kept_) kept.push_back(numbers[numbers.size() / 2 + column]);
  }
  points_.point(kept);
}

MeasureResult Measurer::evaluate(const Measure& measure, std::span<const double> earlier) const {
  try {
    const std::vector<double> nowhere(points_.points(), 0.0);
    const std::span<const double> axis = has_axis() ? points_.column(0) : std::span(nowhere);
    if (measure.kind != Kind::kParameter) {
      if (points_.points() == 0) throw Failed{"the analysis has no points"};
      if (!is_strictly_monotonic(axis)) {
        throw Failed{"nested sweeps have no single axis to measure on"};
      }
    }
    MeasureResult result = Evaluation(measure, points_, earlier, axis).run();
    if (!std::isfinite(result.value)) throw Failed{"the result is no finite number"};
    return result;
  } catch (const Failed& failed) {
    return {.name = measure.name, .failure = failed.why};
  } catch (const NetlistError& error) {
    return {.name = measure.name, .failure = error.diagnostics().front().message};
  }
}

std::vector<MeasureResult> Measurer::results() const {
  std::vector<MeasureResult> results;
  std::vector<double> values(measures_.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t k = 0; k < measures_.size(); ++k) {
    if (!applies(measures_[k])) continue;
    results.push_back(evaluate(measures_[k], values));
    values[k] = results.back().value;
  }
  return results;
}

}  // namespace wordline
