#include "wordline/devices/memristor/memristor_bank.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "wordline/base/error.hpp"

namespace wordline {

double checked_state(const MemristorBank& bank, std::size_t device, double g, double v_read) {
  const double x = bank.state_for_conductance(device, g, v_read);
  const Bounds bounds = bank.bounds(device);
  if (x >= bounds.low && x <= bounds.high) return x;
  const auto reached = [&](double state) {
    if (v_read == 0) return bank.current(device, 0, state).dv;
    return bank.current(device, v_read, state).value / v_read;
  };
  const auto [low, high] = std::minmax({reached(bounds.low), reached(bounds.high)});
  throw Error(fmt::format("a conductance of {:g} S is out of reach; its states give {:g} to {:g} S",
                          g, low, high));
}

double nearest_state(const MemristorBank& bank, std::size_t device, double g, double v_read) {
  const Bounds bounds = bank.bounds(device);
  const double x = bank.state_for_conductance(device, g, v_read);
  if (x >= bounds.low && x <= bounds.high) return x;
  const auto distance = [&](double state) {
    const double reached = v_read == 0 ? bank.current(device, 0, state).dv
                                       : bank.current(device, v_read, state).value / v_read;
    return std::abs(std::log(reached / g));
  };
  return distance(bounds.low) < distance(bounds.high) ? bounds.low : bounds.high;
}

}  // namespace wordline
