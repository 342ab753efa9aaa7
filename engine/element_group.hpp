// All elements of one kind, as the engine sees them: they name the entries of the Jacobian they
// touch once, then add their currents and derivatives into fixed slots at every evaluation.
//
// Unknowns are numbered as nodes are: 0 is ground, then the node voltages, then branch currents.
// The vectors below have an entry for ground, which elements may read (it is 0) and write (it is
// ignored), so that no element asks whether a terminal is grounded.
//
// The equations are residuals: for a node, the sum of currents that leave it through elements; for
// a branch, what its element states (v(p) - v(n) - V = 0 for a voltage source).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wordline/base/error.hpp"
#include "wordline/engine/dynamics.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline {

using Unknown = std::int32_t;  // node ids first, then branches
struct NoiseSource;

// The Jacobian entries of a group, in the order in which it will write them, and the branch
// unknowns and dynamic sites it needs.
class Layout {
 public:
  Layout(std::int32_t nodes, Dynamics& dynamics) : unknowns_(nodes), dynamics_(&dynamics) {}

  // The current of every element of a table is an unknown; returns the first.
  Unknown add_branches(const NameTable& names, std::size_t count);
  // One more unknown: a branch current "i(b1)" or an inner node "v(d1.a)".
  Unknown add_unknown(std::string label);
  std::size_t add_sites(std::size_t count, const Dynamics::Kind& kind) {
    return dynamics_->add(count, kind);
  }
  void add_entry(Unknown row, Unknown column) { entries_.push_back({row, column}); }
  // The four entries of a conductance between p and n, in the order pp pn np nn.
  void add_conductance(Unknown p, Unknown n);

  struct Entry {
    Unknown row, column;
  };
  std::span<const Entry> entries() const { return entries_; }
  std::int32_t unknowns() const { return unknowns_; }

  // For messages: what the unknowns beyond the circuit's own nodes are.
  struct Extra {
    Unknown first;
    std::size_t count;
    const NameTable* names;  // null: one unknown called `label`
    std::string label;
    bool is_current;
  };
  std::span<const Extra> extras() const { return extras_; }

 private:
  std::int32_t unknowns_;
  Dynamics* dynamics_;
  std::vector<Entry> entries_;
  std::vector<Extra> extras_;
};

// Thrown by an element that has no values at a point. The iteration that went there has failed.
class ElementFailure : public Error {
 public:
  using Error::Error;
};

// Where and how an evaluation happens, and where its results go.
struct Evaluation {
  double time = 0;
  double source_scale = 1;             // of independent sources, for source stepping
  double gmin = 1e-12;                 // S, across junctions
  double temperature = 27;             // Celsius
  bool corner = false;                 // the accepted point is a corner of a source or an event
  bool transient = false;              // or the operating point that one starts from
  double frequency = 0;                // Hz, at which sources of noise are asked for
  bool small_signal = false;           // a0 counts for charges and fluxes alone: states stay
  bool first_iteration = true;         // limiting starts afresh from x_accepted
  bool hold_off = false;               // devices that are given as `off` stay at no voltage
  std::span<const double> x;           // unknowns
  std::span<const double> x_accepted;  // the last accepted solution
  Dynamics* dynamics = nullptr;

  double* residual = nullptr;
  double* scale = nullptr;     // per equation: the largest term that was added
  double* gross = nullptr;     // per equation: the largest number that a term is the difference of
  double* jacobian = nullptr;  // slots; null: derivatives are not wanted
  bool limited = false;        // set by elements that were evaluated elsewhere than at x

  void add(Unknown equation, double term) {
    const auto k = static_cast<std::size_t>(equation);
    residual[k] += term;
    scale[k] = std::max(scale[k], std::fabs(term));
  }
  void add_two(Unknown equation, double term, double other) {
    const auto k = static_cast<std::size_t>(equation);
    residual[k] += term + other;
    scale[k] = std::max(scale[k], std::max(std::fabs(term), std::fabs(other)));
  }
  // A term that is the difference of numbers as large as `from`, and carries their rounding.
  void add(Unknown equation, double term, double from) {
    add(equation, term);
    const auto k = static_cast<std::size_t>(equation);
    gross[k] = std::max(gross[k], std::fabs(from));
  }
  // A current from p through an element to n.
  void add_current(Unknown p, Unknown n, double current) {
    add(p, current);
    add(n, -current);
  }
  void add_current(Unknown p, Unknown n, double current, double from) {
    add(p, current, from);
    add(n, -current, from);
  }
  double voltage(Unknown p, Unknown n) const {
    return x[static_cast<std::size_t>(p)] - x[static_cast<std::size_t>(n)];
  }
  double accepted_voltage(Unknown p, Unknown n) const {
    return x_accepted[static_cast<std::size_t>(p)] - x_accepted[static_cast<std::size_t>(n)];
  }
};

// Small signals about the operating point of `evaluation`: the phasors of the unknowns at s = j
// omega [1/s].
struct SmallSignalPoint {
  const Evaluation& evaluation;
  std::complex<double> s;
  std::span<const std::complex<double>> x;

  std::complex<double> voltage(Unknown p, Unknown n) const {
    return x[static_cast<std::size_t>(p)] - x[static_cast<std::size_t>(n)];
  }
};

// A quantity that an element reports besides the unknowns: @m1[x].
struct Quantity {
  std::string_view name;
  std::string_view type;  // the rawfile's word
  std::string_view unit;
};

class ElementGroup {
 public:
  ElementGroup() = default;
  ElementGroup(const ElementGroup&) = delete;
  ElementGroup& operator=(const ElementGroup&) = delete;
  virtual ~ElementGroup() = default;

  virtual const NameTable& names() const = 0;

  // Announces unknowns, sites and Jacobian entries.
  virtual void declare(Layout& layout) = 0;
  // The slots of the declared entries, in their order.
  void bind(std::span<const std::int32_t> slots) { slots_ = slots; }
  // Adds the part of the Jacobian that depends on a0 alone.
  virtual void load_linear(double /*a0*/, double* /*jacobian*/) const {}
  // Adds residuals and the rest of the Jacobian.
  virtual void load(Evaluation& evaluation) = 0;

  // The Jacobian of small signals at s [1/s] is what load() gives with small_signal at a0 = 0, plus
  // s times what a0 = 1 adds to it. Groups that are not of this form, as those with states, add the
  // difference to the slots. Called after a load() at the operating point.
  virtual void add_small_signal(const Evaluation& /*evaluation*/, std::complex<double> /*s*/,
                                std::complex<double>* /*jacobian*/) const {}
  // The phasor of one of an element's currents, called as among quantities(), where it is no
  // unknown. Nothing of what is no current into a terminal.
  virtual std::optional<std::complex<double>> current_phasor(const SmallSignalPoint& /*point*/,
                                                             std::size_t /*element*/,
                                                             std::string_view /*name*/) const {
    return std::nullopt;
  }

  // Puts the states at their initial values, before an analysis.
  virtual void reset(Dynamics& /*dynamics*/) {}
  // Temperature of the circuit [C].
  virtual void set_temperature(double /*celsius*/) {}
  // Sets the charges, fluxes and states of a transient that starts from given initial conditions.
  virtual void initialise(Evaluation& /*evaluation*/) {}
  // Gives the sites their rates at the start of a transient; charges at rest have none.
  virtual void start_rates(const Evaluation& /*evaluation*/) {}
  // The step was accepted.
  virtual void accept(const Evaluation& /*evaluation*/) {}
  // The first corner of a source after `time`.
  virtual double next_corner(double /*time*/) const;
  // The longest step [s] that may follow the last load().
  virtual double longest_step() const;
  // The part of the step from e.x_accepted to e.x after which an element changes abruptly, such as
  // a switch whose control crosses its threshold; above 1 where none does.
  virtual double first_event(const Evaluation& /*evaluation*/) const;
  // The value that a sweep changes: ohms of a resistor, DC value of a source.
  virtual void set_value(std::size_t /*element*/, double /*value*/) {}

  virtual std::span<const Quantity> quantities() const = 0;
  // After load(): the value of quantities()[quantity] of one element.
  virtual double quantity(const Evaluation& evaluation, std::size_t element,
                          std::size_t quantity) const = 0;
  // Appends the sources of noise of all elements at the point of the last load().
  virtual void noise_sources(const Evaluation& /*evaluation*/,
                             std::vector<NoiseSource>& /*sources*/) const {}
  // Whether an element is given as `off`.
  virtual bool has_off() const { return false; }
  // The branch unknown of the element, where its current is one.
  virtual std::optional<Unknown> branch(std::size_t /*element*/) const { return std::nullopt; }

 protected:
  const std::int32_t* slots(std::size_t first_entry) const { return slots_.data() + first_entry; }

 private:
  std::span<const std::int32_t> slots_;
};

// A group over a table of the circuit, which must outlive it.
template <class Row>
class TableGroup : public ElementGroup {
 public:
  explicit TableGroup(const Table<Row>& table) : table_(table) {}
  const NameTable& names() const override { return table_.names; }

 protected:
  std::span<const Row> rows() const { return table_.rows; }
  const Row& row(std::size_t k) const { return table_.rows[k]; }
  std::size_t size() const { return table_.rows.size(); }

 private:
  const Table<Row>& table_;
};

// Current, voltage and power, which every two-terminal element reports, in this order.
inline constexpr std::array<Quantity, 3> kTwoTerminalQuantities = {
    {{"i", "current", "A"}, {"v", "voltage", "V"}, {"p", "power", "W"}}};
double two_terminal_quantity(std::size_t quantity, double current, double voltage);

// Adds g to the four slots of a conductance.
template <class Number>
void add_conductance(Number* jacobian, const std::int32_t* slot, Number g) {
  jacobian[slot[0]] += g;
  jacobian[slot[1]] -= g;
  jacobian[slot[2]] -= g;
  jacobian[slot[3]] += g;
}

}  // namespace wordline
