// The list of all device models: what the netlist accepts after `.model`, `wordline models` prints
// and the documentation shows. A new memristor is one line in registry.cpp.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wordline/devices/memristor/memristor_bank.hpp"
#include "wordline/devices/parameter.hpp"

namespace wordline {

struct ModelType {
  std::string_view kind;  // the word after the model's name: "memristor", "d", "nmos", "pmos"
  std::string_view name;  // "vteam"; for memristors also accepted as type=vteam
  int level = 1;
  std::string_view title;
  std::string_view reference;
  std::string_view equations;  // lines of plain text
  std::vector<ParameterInfo> parameters;
  // Empty if the values (in table order) fit together, else what is wrong with them. Null where any
  // values within the ranges do.
  std::string (*check)(std::span<const double> values) = nullptr;

  // Memristors only. States are those that users give and see.
  std::string_view state_unit = {};
  std::unique_ptr<MemristorBank> (*make_bank)() = nullptr;
  SpiceEquations (*spice_equations)(std::span<const double> values) = nullptr;
  Bounds (*bounds)(std::span<const double> values) = nullptr;
  double (*initial_state)(std::span<const double> values) = nullptr;

  std::vector<double> defaults() const;
  // The index of a parameter by its lower-case name or alias, or -1.
  int find(std::string_view parameter) const;
};

std::span<const ModelType> model_types();

// The model of a kind with a level or a name; null if there is none.
const ModelType* find_model_type(std::string_view kind, int level);
const ModelType* find_model_type(std::string_view kind, std::string_view name);

}  // namespace wordline
