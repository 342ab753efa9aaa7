#include "wordline/engine/analysis/dc_circuit.hpp"

#include <algorithm>
#include <utility>

#include "wordline/engine/solver_choice.hpp"
#include "wordline/engine/topology.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline {

struct DcCircuit::Anew {
  Anew(Circuit circuit, std::span<const OutputRequest> requests)
      : described(std::move(circuit)),
        compiled(compile_crossbars(described)),
        system(compiled),
        newton(system, choose_solver(described, compiled)),
        probes(system, requests, "dc") {}

  Circuit described, compiled;
  System system;
  Newton newton;
  Probes probes;
};

DcCircuit::DcCircuit(AnalysisContext& context)
    : context_(context),
      described_(context.system.circuit()),
      probes_(std::make_unique<Probes>(context.system, context.requests, "dc")),
      evaluation_(context.start_evaluation()),
      x_(context.system.unknowns()) {}

DcCircuit::~DcCircuit() = default;

void DcCircuit::read_anew(const std::vector<Override>& values) {
  if (described_.source == nullptr) {
    throw Error("a circuit without a netlist cannot be read again with other values");
  }
  Variant variant = described_.variant;
  variant.overrides.insert(variant.overrides.end(), values.begin(), values.end());
  anew_ = std::make_unique<Anew>(described_.source->make(variant), context_.requests);
  if (auto faults = check_topology(anew_->compiled, true); !faults.empty()) {
    throw NetlistError(std::move(faults));
  }
  const auto same_name = [](const Signal& a, const Signal& b) { return a.name == b.name; };
  const auto& now = anew_->probes.signals();
  const auto& first = probes_->signals();
  if (!std::equal(now.begin(), now.end(), first.begin(), first.end(), same_name)) {
    throw Error("the circuit has other signals here than at the first point");
  }
  evaluation_.temperature = anew_->system.options().temperature;
  evaluation_.gmin = anew_->system.options().gmin;
  evaluation_.dynamics = &anew_->system.dynamics();
  if (x_.size() != anew_->system.unknowns()) x_.assign(anew_->system.unknowns(), 0.0);
}

System& DcCircuit::system() { return anew_ == nullptr ? context_.system : anew_->system; }
Newton& DcCircuit::newton() { return anew_ == nullptr ? context_.newton : anew_->newton; }
const Probes& DcCircuit::probes() const { return anew_ == nullptr ? *probes_ : anew_->probes; }

}  // namespace wordline
