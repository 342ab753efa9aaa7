#include "wordline/netlist/memristor_setup.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace wordline {

MemristorElement cell_memristor(const Crossbar& xb, std::size_t cell) {
  MemristorElement element{.p = 0,
                           .n = 0,
                           .model = xb.memristor,
                           .state = std::numeric_limits<double>::quiet_NaN(),
                           .v_read = xb.v_read,
                           .flip = xb.flip,
                           .stream = stream_of(xb.name, cell)};
  if (!xb.values.empty()) {
    const double value = xb.values[xb.values.size() == 1 ? 0 : cell];
    (xb.values_are_conductances ? element.conductance : element.state) = value;
  }
  return element;
}

double add_memristor(MemristorBank& bank, const ModelCard& card, const MemristorElement& memristor,
                     std::uint64_t seed) {
  const bool varies = !card.variations.rows.empty();
  std::vector<double> drawn;
  if (varies) {
    drawn = draw_parameters(*card.type, card.values, card.variations, seed, memristor.stream);
  }
  bank.add({varies ? drawn : card.values, memristor.multiplicity, memristor.flip,
            card.variations.has_cycles()});
  const std::size_t device = bank.size() - 1;
  if (memristor.conductance > 0) {
    return (varies ? nearest_state : checked_state)(bank, device, memristor.conductance,
                                                    memristor.v_read);
  }
  const double state = std::isnan(memristor.state) ? bank.initial_state(device)
                                                   : bank.integrated_state(memristor.state);
  if (!varies) return state;
  const Bounds bounds = bank.bounds(device);
  return std::clamp(state, bounds.low, bounds.high);
}

}  // namespace wordline
