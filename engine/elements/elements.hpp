// The element groups of the engine, one file each.
#pragma once

#include <memory>
#include <vector>

#include "wordline/engine/element_group.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline {

std::unique_ptr<ElementGroup> make_resistors(const Circuit& circuit);
std::unique_ptr<ElementGroup> make_capacitors(const Circuit& circuit);
std::unique_ptr<ElementGroup> make_inductors(const Circuit& circuit);
std::unique_ptr<ElementGroup> make_voltage_sources(const Circuit& circuit);
std::unique_ptr<ElementGroup> make_current_sources(const Circuit& circuit);
std::unique_ptr<ElementGroup> make_vcvs(const Circuit& circuit);
std::unique_ptr<ElementGroup> make_vccs(const Circuit& circuit);
std::unique_ptr<ElementGroup> make_ccvs(const Circuit& circuit, const ElementGroup& sources);
std::unique_ptr<ElementGroup> make_cccs(const Circuit& circuit, const ElementGroup& sources);
std::unique_ptr<ElementGroup> make_behavioural_sources(const Circuit& circuit,
                                                       const ElementGroup& sources);
std::unique_ptr<ElementGroup> make_switches(const Circuit& circuit, const ElementGroup& sources);
std::unique_ptr<ElementGroup> make_transmission_lines(const Circuit& circuit);
std::unique_ptr<ElementGroup> make_diodes(const Circuit& circuit);
std::unique_ptr<ElementGroup> make_mosfets(const Circuit& circuit);
std::unique_ptr<ElementGroup> make_memristors(const Circuit& circuit);
// A group for each module.
std::vector<std::unique_ptr<ElementGroup>> make_compiled_devices(const Circuit& circuit);

}  // namespace wordline
