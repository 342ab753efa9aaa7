#include "wordline/devices/osdi/limit_functions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "wordline/devices/limiting.hpp"

namespace wordline::osdi {

namespace {

// Every function is told whether the iteration begins, which has no last value, and tells whether
// it changed the new one.
double report(double limited_value, double v, bool* limited) {
  if (limited_value != v) *limited = true;
  return limited_value;
}

double begin(double v, bool* limited) {
  *limited = true;
  return v;
}

double limit_junction(bool init, bool* limited, double v, double v_old, double vt, double v_crit) {
  if (init) return begin(v_crit, limited);
  return report(pnjlim(v, v_old, vt, v_crit), v, limited);
}

double limit_gate(bool init, bool* limited, double v, double v_old, double threshold) {
  if (init) return begin(threshold + 0.1, limited);
  return report(fetlim(v, v_old, threshold), v, limited);
}

double limit_drain(bool init, bool* limited, double v, double v_old) {
  if (init) return begin(0.1, limited);
  return report(limvds(v, v_old), v, limited);
}

// Beyond `tolerance` a step grows with its logarithm.
double limit_logarithmically(bool init, bool* limited, double v, double v_old, double tolerance) {
  if (init) return begin(0, limited);
  const double step = std::abs(v - v_old);
  if (!(step > tolerance)) return v;
  const double shorter = tolerance + std::log10(step / tolerance);
  return report(v_old + std::copysign(std::min(step, shorter), v - v_old), v, limited);
}

double limit_nothing(bool /*init*/, bool* /*limited*/, double v, double /*v_old*/) { return v; }

struct Known {
  std::string_view name;
  std::uint32_t arguments;
  void* function;
};

}  // namespace

bool install_limit_function(OsdiLimitFunction& entry) {
  const std::array<Known, 4> known = {
      {{"pnjlim", 2, reinterpret_cast<void*>(limit_junction)},
       {"fetlim", 1, reinterpret_cast<void*>(limit_gate)},
       {"limvds", 0, reinterpret_cast<void*>(limit_drain)},
       {"limitlog", 1, reinterpret_cast<void*>(limit_logarithmically)}}};
  const auto* const found = std::find_if(known.begin(), known.end(), [&entry](const Known& k) {
    return entry.name != nullptr && k.name == entry.name && k.arguments == entry.num_args;
  });
  // Further arguments are not read, which the calling convention of C allows.
  entry.function = found == known.end() ? reinterpret_cast<void*>(limit_nothing) : found->function;
  return found != known.end();
}

}  // namespace wordline::osdi
