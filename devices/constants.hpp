// Physical constants, SI (2019 definition).
#pragma once

namespace wordline {

inline constexpr double kElementaryCharge = 1.602176634e-19;     // C
inline constexpr double kBoltzmann = 1.380649e-23;               // J/K
inline constexpr double kVacuumPermittivity = 8.8541878128e-12;  // F/m

// kT/q [V].
inline constexpr double thermal_voltage(double kelvin) {
  return kBoltzmann * kelvin / kElementaryCharge;
}

}  // namespace wordline
