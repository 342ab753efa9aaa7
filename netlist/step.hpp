// Values that take the place of those in a netlist, and lists of them: `.step`, `.data`, and sweeps
// of what is neither a source nor a resistor.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace wordline {

// Something in a netlist that has a value.
struct StepTarget {
  enum class Kind {
    kParameter,    // of the top level
    kElement,      // its main value: resistance, gain, DC value
    kModel,        // a parameter of a `.model` of the top level
    kTemperature,  // Celsius
  };
  Kind kind = Kind::kParameter;
  std::string name;            // lower case, in full: "rload", "x1.r1", "n1"; of kTemperature none
  std::string parameter = {};  // of a model

  std::string label() const;  // "rload", "n1(vto)", "temp"
  bool operator==(const StepTarget&) const = default;
};

struct Override {
  StepTarget target;
  double value;
};

// One way in which a netlist is read.
struct Variant {
  std::vector<Override> overrides = {};
  // The random functions of the language draw anew in every run; 0: as the netlist is by itself.
  std::uint64_t run = 0;
  std::optional<std::uint64_t> seed = {};  // in place of that of `.options`
};

// One level of steps: what changes together, and its values, row after row.
struct Step {
  std::vector<StepTarget> targets;
  std::vector<double> values;

  std::size_t count() const { return values.size() / targets.size(); }
  std::span<const double> row(std::size_t k) const {
    return std::span(values).subspan(k * targets.size(), targets.size());
  }
};

}  // namespace wordline
