// Physical constants (2019 SI, CODATA 2018) and the reference temperature of SPICE's models.
#pragma once

namespace wordline {

inline constexpr double kElementaryCharge = 1.602176634e-19;     // C
inline constexpr double kBoltzmann = 1.380649e-23;               // J/K
inline constexpr double kVacuumPermittivity = 8.8541878128e-12;  // F/m
inline constexpr double kOxidePermittivity = 3.9 * kVacuumPermittivity;
inline constexpr double kSiliconPermittivity = 11.7 * kVacuumPermittivity;
inline constexpr double kIntrinsicDensity = 1.45e16;     // of silicon at 27 C, 1/m^3
inline constexpr double kReferenceTemperature = 300.15;  // K

// kT/q [V].
constexpr double thermal_voltage(double kelvin) { return kBoltzmann / kElementaryCharge * kelvin; }

}  // namespace wordline
