#include "wordline/engine/analysis/sensitivity_parameters.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "wordline/engine/analysis/excerpt.hpp"

namespace wordline {

namespace {

using Parameters = std::vector<SensitivityParameter>;

void add(Parameters& parameters, SensitivityParameter parameter) {
  if (parameter.value == 0 || !std::isfinite(parameter.value)) return;
  parameters.push_back(std::move(parameter));
}

// Of every row in a table of the circuit: what `get` reads and `set` writes.
template <class Row, class Get, class Set>
void add_column(Parameters& parameters, const Circuit& circuit, Table<Row> Circuit::*table,
                const std::string& suffix, Get get, Set set) {
  for (std::size_t k = 0; k < (circuit.*table).size(); ++k) {
    add(parameters, {(circuit.*table).names[static_cast<NameTable::Id>(k)] + suffix,
                     get((circuit.*table).rows[k]), k,
                     [table, set](Circuit& changed, std::size_t row, double value) {
                       set((changed.*table).rows[row], value);
                     },
                     [table, k](const Circuit& whole) { return Excerpt(whole).of(table, k); }});
  }
}

template <class Row>
void add_column(Parameters& parameters, const Circuit& circuit, Table<Row> Circuit::*table,
                double Row::*number, const std::string& suffix = "") {
  add_column(
      parameters, circuit, table, suffix, [number](const Row& row) { return row.*number; },
      [number](Row& row, double value) { row.*number = value; });
}

void add_sources(Parameters& parameters, const Circuit& circuit,
                 Table<IndependentSource> Circuit::*table) {
  add_column(
      parameters, circuit, table, "",
      [](const IndependentSource& source) { return source.function.dc; },
      [](IndependentSource& source, double value) {
        source.function = {.dc = value, .shape = {}};
      });
  add_column(parameters, circuit, table, &IndependentSource::ac_magnitude, "_acmag");
}

}  // namespace

std::vector<SensitivityParameter> element_parameters(const Circuit& circuit) {
  Parameters parameters;
  add_column(parameters, circuit, &Circuit::resistors, &Resistor::ohms);
  add_column(parameters, circuit, &Circuit::capacitors, &Capacitor::farads);
  add_column(parameters, circuit, &Circuit::inductors, &Inductor::henries);
  add_column(parameters, circuit, &Circuit::mutuals, &MutualInductance::coupling);
  add_sources(parameters, circuit, &Circuit::voltage_sources);
  add_sources(parameters, circuit, &Circuit::current_sources);
  add_column(parameters, circuit, &Circuit::vcvs, &VoltageControlled::gain);
  add_column(parameters, circuit, &Circuit::vccs, &VoltageControlled::gain);
  add_column(parameters, circuit, &Circuit::ccvs, &CurrentControlled::gain);
  add_column(parameters, circuit, &Circuit::cccs, &CurrentControlled::gain);
  add_column(parameters, circuit, &Circuit::diodes, &DiodeInstance::area, "_area");
  add_column(parameters, circuit, &Circuit::memristors, &MemristorElement::state, "_x");
  add_column(parameters, circuit, &Circuit::memristors, &MemristorElement::conductance, "_g");
  add_column(parameters, circuit, &Circuit::mosfets, &MosfetInstance::width, "_w");
  add_column(parameters, circuit, &Circuit::mosfets, &MosfetInstance::length, "_l");
  return parameters;
}

std::vector<SensitivityParameter> model_parameters(const Circuit& circuit) {
  Parameters parameters;
  for (std::size_t m = 0; m < circuit.models.size(); ++m) {
    const ModelCard& card = circuit.models[m];
    const std::size_t named = std::min(card.values.size(), card.type->parameters.size());
    for (std::size_t p = 0; p < named; ++p) {
      add(parameters, {card.name + ':' + std::string(card.type->parameters[p].name), card.values[p],
                       m, [p](Circuit& changed, std::size_t model, double value) {
                         changed.models[model].values[p] = value;
                       }});
    }
  }
  return parameters;
}

}  // namespace wordline
