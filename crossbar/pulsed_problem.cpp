#include "wordline/crossbar/pulsed_problem.hpp"

#include <fmt/format.h>

#include <memory>

#include "wordline/devices/memristor/memristor_bank.hpp"

namespace wordline::crossbar {

namespace {

void check_devices(const ModelCard& card) {
  const std::unique_ptr<MemristorBank> bank = card.type->make_bank();
  bank->add({card.values});
  const auto refuse = [](const char* what) {
    throw Error(fmt::format("pulses do not reach devices {}; '.tran' does", what));
  };
  if (bank->has_thermal_states()) refuse("whose temperature is a state");
  if (card.variations.has_cycles()) refuse("whose parameters change from cycle to cycle");
  if (bank->draw_interval(0) > 0) refuse("whose state moves by chance");
}

}  // namespace

ArrayProblem make_pulsed_problem(const Crossbar& crossbar, const Circuit& circuit,
                                 const PulseSettings& s) {
  if (s.method == Method::kKlu) throw Error("pulses are not solved by klu");
  if (!(s.state_tolerance > 0 && s.state_tolerance < 1)) {
    throw Error("the tolerance of states must lie between 0 and 1");
  }
  Settings settings{.tolerance = s.tolerance, .method = s.method, .threads = s.threads};
  if (crossbar.cell == CellKind::k1T1R) settings.inputs = Lines::kBit;
  if (crossbar.cell == CellKind::k1T1R) settings.outputs = Lines::kSource;
  ArrayProblem problem = make_problem(crossbar, circuit, settings);
  if (problem.has_selectors()) throw Error("pulses do not reach cells with selectors");
  if (problem.is_parallel() && (problem.source.segment == 0 || problem.bit.segment == 0)) {
    throw Error("source lines along columns need a resistance, and so do their bit lines");
  }
  check_devices(problem.circuit.models[static_cast<std::size_t>(crossbar.memristor)]);
  return problem;
}

}  // namespace wordline::crossbar
