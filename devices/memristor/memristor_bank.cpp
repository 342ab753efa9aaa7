#include "wordline/devices/memristor/memristor_bank.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "wordline/base/error.hpp"

namespace wordline {

double conductance(const MemristorBank& bank, std::size_t device, double x, double v_read) {
  const Partials current = bank.current(device, v_read, x);
  return v_read == 0 ? current.dv : current.value / v_read;
}

double checked_state(const MemristorBank& bank, std::size_t device, double g, double v_read) {
  const double x = bank.state_for_conductance(device, g, v_read);
  const Bounds bounds = bank.bounds(device);
  if (x >= bounds.low && x <= bounds.high) return x;
  const auto [low, high] = std::minmax({conductance(bank, device, bounds.low, v_read),
                                        conductance(bank, device, bounds.high, v_read)});
  throw Error(fmt::format("a conductance of {:g} S is out of reach; its states give {:g} to {:g} S",
                          g, low, high));
}

double nearest_state(const MemristorBank& bank, std::size_t device, double g, double v_read) {
  const Bounds bounds = bank.bounds(device);
  const double x = bank.state_for_conductance(device, g, v_read);
  if (x >= bounds.low && x <= bounds.high) return x;
  const auto distance = [&](double state) {
    return std::abs(std::log(conductance(bank, device, state, v_read) / g));
  };
  return distance(bounds.low) < distance(bounds.high) ? bounds.low : bounds.high;
}

}  // namespace wordline
