// From a row of the circuit's table to a device in a bank.
#pragma once

#include <cstdint>

#include "wordline/devices/memristor/memristor_bank.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline {

// The memristor of a cell of an array, between nodes that are not yet known.
MemristorElement cell_memristor(const Crossbar& xb, std::size_t cell);

// Adds a memristor with the parameters of its card, or what it draws of them, and returns its
// initial state: the integrated one. Throws Error where its bounds do not hold that; a device whose
// parameters vary is as near to it as it can be.
double add_memristor(MemristorBank& bank, const ModelCard& card, const MemristorElement& memristor,
                     std::uint64_t seed);

}  // namespace wordline
