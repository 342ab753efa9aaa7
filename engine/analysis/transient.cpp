// Transient analysis with steps chosen by local error.
//
// Corners of the sources are hit exactly. The derivatives before a corner say nothing about those
// after: an instant of backward Euler finds them, too short to err; then the trapezoidal rule or
// backward differences of the first or second order take over, whichever may step further. Where
// the trapezoidal rule rings, two steps of BDF2 damp it; the second step after a corner is one,
// lest what little the instant does err rings on. A step is taken again, shorter, where Newton's
// method fails, where the local error of a charge, a flux or a memristor state is too large, or
// where a state would move too far at once.
//
// A device may run away within less than time can resolve beside what has passed. Such a motion is
// a jump: backward Euler, which ends where the motion ends, takes it in the shortest steps.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "wordline/engine/analysis/analysis.hpp"
#include "wordline/engine/fourier_recorder.hpp"
#include "wordline/engine/operating_point.hpp"
#include "wordline/engine/topology.hpp"

namespace wordline {

namespace {

constexpr double kLargestGrowth = 2;  // of the step, from one to the next
constexpr double kSmallestGrowth = 0.1;
constexpr double kSafety = 0.9;          // aimed at, of the step that would just meet the tolerance
constexpr double kAfterCorner = 0.1;     // first step, of the way to the next corner
constexpr double kInstantOfStep = 0.01;  // of that step, from a corner to where rates are known
constexpr double kAfterFailure = 0.125;
constexpr double kEventTolerance = 1e-4;  // how near to its end a step's event must be, of the step
constexpr double kInstant = 1e-18;   // s, within which nothing that is modelled takes its course
constexpr int kDampedSteps = 2;      // of BDF2, where the trapezoidal rule rings
constexpr int kUndampedAtStart = 2;  // the instant after a corner and the first step
constexpr int kMostPointsByDefault = 50;  // the default longest step is the interval over this

class Transient {
 public:
  Transient(AnalysisContext& context, const TranAnalysis& analysis, const Probes& probes,
            FourierRecorder* fourier)
      : context_(context),
        system_(context.system),
        dynamics_(context.system.dynamics()),
        analysis_(analysis),
        probes_(probes),
        fourier_(fourier),
        x_(system_.unknowns()),
        e_(context.start_evaluation()) {
    e_.transient = true;
    const double by_default =
        std::min(analysis.step, (analysis.stop - analysis.start) / kMostPointsByDefault);
    longest_ = analysis.max_step > 0 ? analysis.max_step : by_default;
    dynamics_.set_trapezoidal_weight(system_.options().xmu);
  }

  Report run() {
    if (!start()) {
      report_.outcome = Outcome::kFailed;
      return report_;
    }
    emit();
    corner_ = next_corner();
    double h = start_after_corner(std::min({analysis_.stop / 100, analysis_.step, longest_}));
    while (time_ < analysis_.stop) {
      if (context_.interrupted()) {
        report_.outcome = Outcome::kInterrupted;
        break;
      }
      h = step(fit(h));
      if (h < shortest()) {
        report_.outcome = Outcome::kFailed;
        report_.message = fmt::format("time step too small at t = {:g} s{}", time_,
                                      report_.message.empty() ? "" : ": " + report_.message);
        break;
      }
    }
    return report_;
  }

 private:
  // The solution at t = 0.
  bool start() {
    std::map<NodeId, double> given = system_.circuit().initial_conditions;
    if (analysis_.use_initial_conditions) return start_from(given);
    drop_nodes_fixed_by_sources(system_.circuit(), given);
    guess_from_node_sets(system_, context_.newton, x_, e_, given);
    system_.constrain(given);
    const bool ok =
        solve_operating_point(system_, context_.newton, x_, e_, system_.options().itl1, report_);
    system_.release();
    if (!ok) return false;
    begin_history();
    return true;
  }

  // uic: charges and fluxes are as given, and everything else follows from them: one backward Euler
  // step, so short that nothing with memory moves.
  bool start_from(const std::map<NodeId, double>& given) {
    for (const auto& [node, voltage] : given) x_[static_cast<std::size_t>(node)] = voltage;
    e_.x = x_;
    e_.x_accepted = x_;
    dynamics_.freeze();
    for (const auto& group : system_.groups()) group->initialise(e_);
    dynamics_.restart();
    const double instant = 1e-6 * longest_;
    dynamics_.begin(Formula::kBackwardEuler, instant);
    const std::vector<double> accepted = x_;
    e_.x_accepted = accepted;
    const auto status =
        context_.newton.solve(x_, e_, {.max_iterations = system_.options().itl1}, report_);
    if (status != Newton::Status::kConverged) {
      if (report_.message.empty()) report_.message = "no solution at t = 0";
      return false;
    }
    begin_history();
    return true;
  }

  void begin_history() {
    dynamics_.restart();
    accepted_ = x_;
    e_.x = accepted_;
    e_.x_accepted = accepted_;
    for (const auto& group : system_.groups()) group->accept(e_);
    for (const auto& group : system_.groups()) group->start_rates(e_);
  }

  // Shorter steps are lost in the rounding of time.
  double shortest() const {
    constexpr double kResolved = 8 * std::numeric_limits<double>::epsilon();
    return std::max(kResolved * time_, std::min(kInstant, 1e-6 * longest_));
  }

  double next_corner() const {
    const double least = std::max(shortest(), system_.options().min_break);
    const double corner = system_.next_corner(time_ + least);
    return corner > analysis_.stop - least ? analysis_.stop : corner;
  }

  // The step that lands on the next corner, or leaves room for one more before it.
  double fit(double h) const {
    const double room = corner_ - time_;
    h = std::min({h, longest_, std::max(shortest(), system_.longest_step())});
    if (h >= room * (1 - 1e-9)) return room;
    return 2 * h > room ? room / 2 : h;
  }

  Formula formula(double h) const {
    const Options& options = system_.options();
    if (dynamics_.points() < 2 || system_.options().max_order == 1 || h <= shortest())
      return Formula::kBackwardEuler;
    switch (options.method) {
      case Method::kTrapezoidal:
        return damped_steps_ > 0 && dynamics_.points() > 2 ? Formula::kBdf2 : Formula::kTrapezoidal;
      case Method::kGear:
        return Formula::kBdf2;
      case Method::kBackwardEuler:
        break;
    }
    return Formula::kBackwardEuler;
  }

  // Attempts a step of length h; returns the length to try next.
  double step(double h) {
    const bool is_shortest = h <= shortest();
    dynamics_.begin(formula(h), h);
    e_.time = h == corner_ - time_ ? corner_ : time_ + h;  // free of rounding at the corner
    dynamics_.extrapolate(h, {accepted_, before_, oldest_}, x_);
    e_.x_accepted = accepted_;
    const Options& options = system_.options();
    // What is extrapolated from an instant after a corner has lost some digits.
    const Newton::Settings settings{.max_iterations = is_shortest ? options.itl1 : options.itl4,
                                    .reuse_jacobian = true,
                                    .accept_guess = damped_steps_ == 0};
    const auto status = context_.newton.solve(x_, e_, settings, report_);
    if (status != Newton::Status::kConverged) {
      ++report_.rejected_steps;
      dynamics_.forget_before_corner();
      first_step_ = 0;
      return kAfterFailure * h;
    }
    report_.message.clear();
    report_.worst.clear();
    // The step that would just meet the tolerances, as a multiple of h.
    const double fitting = fitting_growth(dynamics_.local_error(options));
    if (fitting < kSafety && !is_shortest) {
      ++report_.rejected_steps;
      return std::max(shortest(), h * std::max(kSafety * fitting, kSmallestGrowth));
    }
    if (cut_at_event(h)) return h;
    const double growth = std::min(kLargestGrowth, kSafety * fitting);
    watch_ringing();
    accept();
    return after_acceptance(h * std::max(growth, kSafety));
  }

  // Whether something switches within the step, well before its end: that is then the next corner.
  // A corner is put a little beyond, so that it has switched there.
  bool cut_at_event(double h) {
    const double event = system_.first_event(e_);
    if (event >= 1 - kEventTolerance || event * h < shortest()) return false;
    ++report_.rejected_steps;
    corner_ = time_ + event * h * (1 + 0.5 * kEventTolerance);
    return true;
  }

  double fitting_growth(const Dynamics::LocalError& error) const {
    const double change = dynamics_.largest_state_change() / system_.options().max_state_change;
    return std::min(std::pow(error.ratio, -1.0 / (error.order + 1)), 1 / change);
  }

  void watch_ringing() {
    if (damped_steps_ > 0) --damped_steps_;
    if (dynamics_.rings(system_.options())) damped_steps_ = kDampedSteps;
  }

  void accept() {
    time_ = e_.time;
    e_.corner = time_ >= corner_;
    dynamics_.accept();
    std::swap(oldest_, before_);
    std::swap(before_, accepted_);
    accepted_ = x_;
    e_.x = accepted_;
    for (const auto& group : system_.groups()) group->accept(e_);
    ++report_.accepted_steps;
    report_.residual = std::max(report_.residual, context_.newton.residual_fraction());
    emit();
    context_.progress(time_ / analysis_.stop);
  }

  double after_acceptance(double h) {
    if (time_ < corner_) return std::max({shortest(), h, std::exchange(first_step_, 0)});
    dynamics_.forget_before_corner();
    corner_ = next_corner();
    return start_after_corner(std::min(h, corner_ - time_));
  }

  // The instant after which the rates are those that follow the corner. What comes then is a step.
  double start_after_corner(double h) {
    first_step_ = kAfterCorner * h;
    damped_steps_ = kUndampedAtStart + 1;
    return std::max(shortest(), kInstantOfStep * first_step_);
  }

  void emit() {
    if (fourier_ != nullptr) fourier_->record(time_, e_);
    if (time_ < analysis_.start * (1 - 1e-12)) return;
    values_.assign(1, time_);
    probes_.read(e_, values_);
    context_.sink.point(values_);
    ++report_.points;
  }

  AnalysisContext& context_;
  System& system_;
  Dynamics& dynamics_;
  const TranAnalysis& analysis_;
  const Probes& probes_;
  FourierRecorder* fourier_;
  Report report_;
  std::vector<double> x_, accepted_, before_, oldest_, values_;
  Evaluation e_;
  double time_ = 0;
  double corner_ = 0;
  double longest_;
  double first_step_ = 0;  // that is to follow an instant after a corner
  int damped_steps_ = 0;   // still to be taken
};

}  // namespace

Report run_transient(AnalysisContext& context, const TranAnalysis& analysis) {
  const Probes probes(context.system, context.requests, "tran");
  std::vector<Signal> signals = {{"time", "time", "s"}};
  signals.insert(signals.end(), probes.signals().begin(), probes.signals().end());
  context.sink.begin({context.system.circuit().title, "Transient Analysis", std::move(signals)});
  if (context.system.circuit().fouriers.empty() && context.system.circuit().spectra.empty()) {
    return Transient(context, analysis, probes, nullptr).run();
  }
  FourierRecorder fourier(context);
  Report report = Transient(context, analysis, probes, &fourier).run();
  if (!report.ok()) return report;
  report.message = fourier.add_tables(context.tables);
  if (!report.message.empty()) report.outcome = Outcome::kFailed;
  return report;
}

}  // namespace wordline
