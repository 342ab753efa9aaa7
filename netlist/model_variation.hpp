// What of a memristor's `.model` is random: distributions instead of values, and noise.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/line.hpp"
#include "wordline/netlist/scope.hpp"

namespace wordline {

// The distribution that a value is, `gauss(50, 5, min=40, max=60)`, inside the parameter's range;
// nothing if it is none. All faults are thrown with their place.
std::optional<Distribution> read_distribution(const ParameterInfo& parameter, const Token& token,
                                              const Scope& scope);

// Whether a key of a memristor's card, in lower case, is one of what all models have: noise, and
// the rule for ron and roff. Sets it if so.
bool read_common_parameter(std::string_view key, const Token& token, const Scope& scope,
                           ModelCard& card);
// The names of these.
std::vector<std::string> common_parameters();
// What does not fit together among them; empty if all does.
std::string find_fault(const ReadNoise& noise);
// Warns of times that were given for noise that there is not.
void warn_of_idle_noise(const Token& model, const std::set<std::string>& given, const Scope& scope,
                        const ReadNoise& noise);
void warn_twice(const Token& parameter, const Scope& scope);

}  // namespace wordline
