#include <array>
#include <utility>

#include "wordline/engine/analysis/analysis.hpp"
#include "wordline/engine/operating_point.hpp"

namespace wordline {

namespace {

DeviceTable device_table(const ElementGroup& group, const char* title, const Evaluation& e) {
  DeviceTable table{title, {}, {}};
  const std::span<const Quantity> quantities = group.quantities();
  for (const Quantity& q : quantities) {
    table.columns.push_back({std::string(q.name), std::string(q.unit)});
  }
  for (std::string& name : group.names().stored()) {
    const auto k = static_cast<std::size_t>(*group.names().find(name));
    std::vector<double> values;
    for (std::size_t q = 0; q < quantities.size(); ++q) values.push_back(group.quantity(e, k, q));
    table.rows.push_back({std::move(name), std::move(values)});
  }
  return table;
}

std::vector<DeviceTable> device_tables(const System& system, const Evaluation& e) {
  const Circuit& circuit = system.circuit();
  const std::array<std::pair<const NameTable*, const char*>, 4> shown = {
      {{&circuit.diodes.names, "diodes"},
       {&circuit.bipolars.names, "bipolar transistors"},
       {&circuit.jfets.names, "junction field effect transistors"},
       {&circuit.mosfets.names, "MOS transistors"}}};
  std::vector<DeviceTable> tables;
  for (const auto& [names, title] : shown) {
    for (const auto& group : system.groups()) {
      if (&group->names() != names) continue;
      DeviceTable table = device_table(*group, title, e);
      if (!table.rows.empty()) tables.push_back(std::move(table));
    }
  }
  return tables;
}

}  // namespace

Report run_op(AnalysisContext& context, const OpAnalysis& /*analysis*/) {
  System& system = context.system;
  const Probes probes(system, context.requests, "op");
  context.sink.begin({system.circuit().title, "Operating Point", probes.signals()});

  Report report;
  std::vector<double> x(system.unknowns());
  Evaluation e = context.start_evaluation();
  if (solve_operating_point(system, context.newton, x, e, system.options().itl1, report)) {
    std::vector<double> values;
    probes.read(e, values);
    context.sink.point(values);
    report.points = 1;
    report.devices = device_tables(system, e);
  } else {
    report.outcome = Outcome::kFailed;
  }
  return report;
}

}  // namespace wordline
