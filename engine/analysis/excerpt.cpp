#include "wordline/engine/analysis/excerpt.hpp"

#include <utility>

namespace wordline {

void Excerpt::adopt_model(std::int32_t& model) {
  circuit_.models.push_back(whole_.models[static_cast<std::size_t>(model)]);
  model = static_cast<std::int32_t>(circuit_.models.size()) - 1;
}

void Excerpt::take_couplings(std::int32_t inductor) {
  for (std::size_t k = 0; k < whole_.mutuals.size(); ++k) {
    const MutualInductance& coupling = whole_.mutuals.rows[k];
    if (coupling.first != inductor && coupling.second != inductor) continue;
    const std::int32_t other = coupling.first == inductor ? coupling.second : coupling.first;
    take(&Circuit::inductors, static_cast<std::size_t>(other));
    const auto last = static_cast<std::int32_t>(circuit_.inductors.size()) - 1;
    circuit_.mutuals.add(whole_.mutuals.names[static_cast<NameTable::Id>(k)],
                         {0, last, coupling.coupling});
  }
}

void Excerpt::adopt(Resistor& row, std::size_t k) {
  adopt_node(row.p);
  adopt_node(row.n);
  adopt_law(whole_.resistor_laws, k, circuit_.resistor_laws);
  adopt_law(whole_.ac_resistances, k, circuit_.ac_resistances);
}

void Excerpt::adopt(Capacitor& row, std::size_t k) {
  adopt_node(row.p);
  adopt_node(row.n);
  adopt_law(whole_.capacitor_laws, k, circuit_.capacitor_laws);
}

void Excerpt::adopt(Inductor& row, std::size_t k) {
  adopt_node(row.p);
  adopt_node(row.n);
  const auto place = static_cast<std::int32_t>(circuit_.inductors.size());
  const auto law = whole_.inductor_laws.find(static_cast<std::int32_t>(k));
  if (law != whole_.inductor_laws.end()) circuit_.inductor_laws.emplace(place, law->second);
}

void Excerpt::adopt(MutualInductance& row, std::size_t /*k*/) {
  for (std::int32_t* const winding : {&row.first, &row.second}) {
    take(&Circuit::inductors, static_cast<std::size_t>(*winding));
    *winding = static_cast<std::int32_t>(circuit_.inductors.size()) - 1;
  }
}

void Excerpt::adopt(IndependentSource& row, std::size_t /*k*/) {
  adopt_node(row.p);
  adopt_node(row.n);
}

void Excerpt::adopt(VoltageControlled& row, std::size_t /*k*/) {
  for (NodeId* const node : {&row.p, &row.n, &row.cp, &row.cn}) adopt_node(*node);
}

void Excerpt::adopt(CurrentControlled& row, std::size_t /*k*/) {
  adopt_node(row.p);
  adopt_node(row.n);
  take(&Circuit::voltage_sources, static_cast<std::size_t>(std::exchange(row.control, 0)));
}

void Excerpt::adopt(DiodeInstance& row, std::size_t /*k*/) {
  adopt_node(row.p);
  adopt_node(row.n);
  adopt_model(row.model);
}

void Excerpt::adopt(MemristorElement& row, std::size_t /*k*/) {
  adopt_node(row.p);
  adopt_node(row.n);
  adopt_model(row.model);
}

void Excerpt::adopt(MosfetInstance& row, std::size_t /*k*/) {
  for (NodeId* const node : {&row.drain, &row.gate, &row.source, &row.bulk}) adopt_node(*node);
  adopt_model(row.model);
}

}  // namespace wordline
