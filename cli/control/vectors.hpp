// What the commands of a script work on: plots of named vectors, as ngspice has them. Every
// analysis makes a plot, called op1, tran1, tran2 ..., which is then the current one.
#pragma once

#include <complex>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "wordline/engine/waveforms.hpp"

namespace wordline::cli::control {

using Complex = std::complex<double>;

struct Vector {
  std::string name, type, unit;
  std::vector<Complex> values;
  bool complex = false;  // or all imaginary parts are 0
};

struct Plot {
  std::string id;        // "tran1"
  std::string plotname;  // "Transient Analysis"
  std::vector<Vector> vectors;

  // By its name as it stands there, or as ngspice allows: a node for its voltage, `v1#branch` for a
  // current, `v-sweep` and the like for the first of a sweep. Null if there is none.
  const Vector* find(std::string_view name) const;
  // All names that find() knows, in lower case.
  std::vector<std::string> names() const;
  Vector& set(Vector vector);  // in place of one of its name
};

// `define name(arguments) body`.
struct DefinedFunction {
  std::vector<std::string> arguments;  // lower case
  std::string body;
};

class Plots {
 public:
  Plots();

  std::map<std::string, DefinedFunction> functions = {};  // by their lower-case names

  // The results of an analysis, called `kind` ("tran") and its number, as the new current plot.
  void add(const std::string& kind, const Waveforms& waveforms);
  Plot& add_empty();  // `setplot new`

  Plot& current() { return *find(current_); }
  const Plot& current() const { return plots_.at(current_); }
  const Plot& constants() const { return plots_.at("const"); }
  // The plot in which a vector of this name is to be replaced: the constants have what was let
  // before the first analysis, and keep it.
  Plot& home_of(std::string_view vector);
  Plot* find(const std::string& id);
  // Throws Error if there is none.
  void make_current(const std::string& id);
  // The constants stay.
  void destroy(const std::string& id);
  void destroy_all();
  std::vector<std::string> ids() const;

 private:
  Plot& add_plot(const std::string& kind);

  std::map<std::string, Plot> plots_;
  std::vector<std::string> order_;
  int number_ = 1;  // of the next plot, unless one of its kind has it: then the next that is free
  std::string current_ = "const";
};

// A vector in a plot: the current one, one that is named before it (tran1.v(a)), or the constants.
// Throws Error where there is none.
const Vector& find_vector(Plots& plots, std::string_view name);

}  // namespace wordline::cli::control
