// The equations of a circuit: its unknowns, its element groups, the Jacobian in its fixed pattern.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "wordline/engine/dynamics.hpp"
#include "wordline/engine/element_group.hpp"
#include "wordline/netlist/circuit.hpp"
#include "wordline/solvers/linear_solver.hpp"

namespace wordline {

class System {
 public:
  // `circuit` has no crossbars (they are compiled) and outlives the system.
  explicit System(const Circuit& circuit);

  const Circuit& circuit() const { return circuit_; }
  const Options& options() const { return circuit_.options; }
  Dynamics& dynamics() { return dynamics_; }
  std::span<const std::unique_ptr<ElementGroup>> groups() const { return groups_; }
  // The group of a kind of element that sweeps may change.
  ElementGroup& resistors() { return *resistors_; }
  ElementGroup& voltage_sources() { return *voltage_sources_; }
  ElementGroup& current_sources() { return *current_sources_; }

  // Unknowns with ground at 0; the linear system leaves ground out and is one smaller.
  std::size_t unknowns() const { return static_cast<std::size_t>(unknowns_); }
  bool is_node(std::size_t unknown) const { return is_node_[unknown] != 0; }
  std::string name_of(std::size_t unknown) const;  // "v(out)", "i(v1)"

  const SparsePattern& pattern() const { return pattern_; }
  std::span<const double> jacobian() const {
    return std::span(jacobian_).subspan(1, pattern_.nonzeros());
  }
  // How many numbers an array has that groups write derivatives into: those of the pattern from 1
  // on, then what is ignored.
  std::size_t slots() const { return jacobian_.size(); }
  std::span<const double> residual() const { return residual_; }
  // The largest term of each equation, and the largest number whose rounding is in it.
  std::span<const double> scale() const { return scale_; }
  std::span<const double> gross() const { return gross_; }

  // Constrained nodes hold a voltage whatever current that takes (.ic and .nodeset).
  void constrain(const std::map<NodeId, double>& voltages);
  void release() { constraints_.clear(); }

  // Residual, scale and, if wanted, the Jacobian at e.x. `shunt` [S] ties every node to ground.
  // `injected`: currents [A] into all unknowns that are nodes; empty: none.
  void load(Evaluation& evaluation, double shunt, bool with_jacobian,
            std::span<const double> injected = {});

  // Of the elements with an entry in an equation the one with the largest current, after load().
  struct Contribution {
    std::string element;
    double current = 0;  // A
  };
  Contribution largest_contribution(const Evaluation& evaluation, std::size_t unknown) const;

  // A value that load_linear() uses has changed.
  void invalidate() { linear_a0_ = -1; }

  void reset();  // initial states
  void set_temperature(double celsius);
  double next_corner(double time) const;
  double longest_step() const;
  // The part of the step that was last loaded, from e.x_accepted to e.x, after which something
  // switches; above 1 where nothing does.
  double first_event(const Evaluation& e) const;

 private:
  struct Constraint {
    Unknown node;
    double voltage;
    std::vector<std::int32_t> row_slots;
  };

  ElementGroup& add(std::unique_ptr<ElementGroup> group, Layout& layout);
  void build_pattern(const Layout& layout);
  void apply_constraints(const Evaluation& evaluation);

  const Circuit& circuit_;
  Dynamics dynamics_;
  std::vector<std::unique_ptr<ElementGroup>> groups_;
  std::vector<std::size_t> first_entry_;  // of each group, in the layout
  ElementGroup* resistors_ = nullptr;
  ElementGroup* voltage_sources_ = nullptr;
  ElementGroup* current_sources_ = nullptr;
  std::int32_t unknowns_ = 0;
  std::vector<char> is_node_;
  std::vector<Layout::Extra> extras_;

  SparsePattern pattern_;
  std::vector<std::int32_t> slots_;  // per entry of the layout; ground's are beyond the pattern's
  std::vector<std::int32_t> diagonal_;  // slot of (k, k), per unknown
  std::vector<double> linear_, jacobian_;
  double linear_a0_ = -1;  // the a0 and shunt that linear_ was loaded for; -1: none
  double linear_shunt_ = -1;
  std::vector<double> residual_, scale_, gross_;
  std::vector<Constraint> constraints_;
};

}  // namespace wordline
