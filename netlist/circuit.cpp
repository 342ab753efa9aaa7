#include "wordline/netlist/circuit.hpp"

namespace wordline {

Circuit::Circuit() { nodes.intern("0"); }
Circuit::Circuit(const Circuit&) = default;
Circuit::Circuit(Circuit&&) noexcept = default;
Circuit& Circuit::operator=(const Circuit&) = default;
Circuit& Circuit::operator=(Circuit&&) noexcept = default;
Circuit::~Circuit() = default;

double Circuit::factor_of(std::string_view element) const {
  const auto found = factors.find(element);
  return found == factors.end() ? 1 : found->second;
}

}  // namespace wordline
