#include <array>
#include <utility>

#include "wordline/engine/analysis/analysis.hpp"
#include "wordline/engine/operating_point.hpp"

namespace wordline {

namespace {

// All that devices of a group show of themselves, but those inside arrays.
Waveforms device_table(const ElementGroup& group, const char* kind, const std::string& title,
                       const Evaluation& e) {
  PlotHeader header{title, std::string("Operating Point of ") + kind, {}};
  std::vector<double> values;
  for (const std::string& name : group.names().stored()) {
    const auto k = static_cast<std::size_t>(*group.names().find(name));
    for (std::size_t q = 0; q < group.quantities().size(); ++q) {
      const Quantity& quantity = group.quantities()[q];
      header.signals.push_back({"@" + name + "[" + std::string(quantity.name) + "]",
                                std::string(quantity.type), std::string(quantity.unit)});
      values.push_back(group.quantity(e, k, q));
    }
  }
  Waveforms table;
  table.begin(header);
  table.point(values);
  return table;
}

void add_device_tables(const System& system, const Evaluation& e, std::vector<Waveforms>& tables) {
  const Circuit& circuit = system.circuit();
  const std::array<std::pair<const NameTable*, const char*>, 4> shown = {
      {{&circuit.diodes.names, "diodes"},
       {&circuit.bipolars.names, "bipolar transistors"},
       {&circuit.jfets.names, "JFETs"},
       {&circuit.mosfets.names, "MOSFETs"}}};
  for (const auto& [names, kind] : shown) {
    if (names->stored().empty()) continue;
    for (const auto& group : system.groups()) {
      if (&group->names() == names) tables.push_back(device_table(*group, kind, circuit.title, e));
    }
  }
}

}  // namespace

Report run_op(AnalysisContext& context, const OpAnalysis& /*analysis*/) {
  System& system = context.system;
  const Probes probes(system, context.requests, "op");
  context.sink.begin({system.circuit().title, "Operating Point", probes.signals()});

  Report report;
  std::vector<double> x(system.unknowns());
  Evaluation e = context.start_evaluation();
  guess_from_node_sets(system, context.newton, x, e);
  if (solve_operating_point(system, context.newton, x, e, system.options().itl1, report)) {
    std::vector<double> values;
    probes.read(e, values);
    context.sink.point(values);
    report.points = 1;
    add_device_tables(system, e, context.tables);
  } else {
    report.outcome = Outcome::kFailed;
  }
  return report;
}

}  // namespace wordline
