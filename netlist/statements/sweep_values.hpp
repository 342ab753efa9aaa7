// What is swept, and through which values: shared by .dc and .step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wordline/netlist/line.hpp"
#include "wordline/netlist/scope.hpp"

namespace wordline {

enum class Spacing { kLinear, kDecade, kOctave, kList, kCounted };

// `lin`, `dec`, `oct`, `list` or `poi`, if one of them comes next.
std::optional<Spacing> accept_spacing(Line& line);

// The numbers of a text file, in whatever lines, with comments as in a netlist. Throws Fault.
std::vector<double> read_values_in_file(const Token& file, const Scope& scope);

// start stop step, start stop points, or numbers to the end of the line, of `poi` their count
// before them. Throws Fault.
std::vector<double> read_sweep_values(Line& line, const Scope& scope, Spacing spacing);

// points start stop, in HSPICE's order: in all, or in a decade or octave. Throws Fault.
std::vector<double> read_points_first(Line& line, const Scope& scope, Spacing spacing);

// Throws Fault (at `where`) where a sweep has more points than one would wait for.
void check_points(const Token& where, double points);

// A parameter, a parameter of a model, the main value of an element, or the temperature:
//   [param] name, name:parameter, [kind] model(parameter), temp
// Throws Fault where there is none, with those of `others` among its suggestions.
StepTarget read_step_target(Line& line, const Scope& scope, std::vector<std::string> others = {});

// The sweep of a whole analysis, as HSPICE writes it at the end of its line: `sweep target start
// stop step`, `sweep target lin|dec|oct points start stop`, `sweep target poi count value ...` or
// `sweep data=table`. It is a `.step`, and holds for all analyses. Nothing if no `sweep` follows;
// what is left over is a fault.
void accept_sweep(Line& line, Scope& scope);

// Adds a step to the circuit; throws Fault at `where` if it cannot stand beside the others.
void add_step(const Token& where, Step step, Scope& scope);

// The columns and rows of a `.data`, after `data=`.
Step read_step_table(const Token& name, const Scope& scope);

}  // namespace wordline
