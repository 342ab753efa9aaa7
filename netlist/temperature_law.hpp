// How the value of a resistor, capacitor or inductor depends on temperature.
#pragma once

#include <cmath>
#include <optional>

namespace wordline {

struct TemperatureLaw {
  double tc1 = 0;          // 1/K
  double tc2 = 0;          // 1/K^2
  double exponential = 0;  // percent/K; where given, it holds in place of tc1 and tc2
  double nominal = 27;     // Celsius, where the value is as written
  std::optional<double> temperature = {};  // Celsius, of the element; without it the circuit's
  double warmer_by = 0;                    // K

  // Of the element in a circuit at `celsius`.
  double own_temperature(double celsius) const { return temperature.value_or(celsius + warmer_by); }

  // What the value is multiplied by there.
  double factor(double celsius) const {
    const double dt = own_temperature(celsius) - nominal;
    if (exponential != 0) return std::pow(1.01, exponential * dt);
    return 1 + (tc1 + tc2 * dt) * dt;
  }
};

}  // namespace wordline
