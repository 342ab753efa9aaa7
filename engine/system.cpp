#include "wordline/engine/system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "wordline/engine/elements/elements.hpp"

namespace wordline {

System::System(const Circuit& circuit) : circuit_(circuit) {
  Layout layout(circuit.nodes.size(), dynamics_);
  // Voltage sources come first: their currents control other elements.
  voltage_sources_ = &add(make_voltage_sources(circuit), layout);
  current_sources_ = &add(make_current_sources(circuit), layout);
  resistors_ = &add(make_resistors(circuit), layout);
  add(make_capacitors(circuit), layout);
  add(make_inductors(circuit), layout);
  add(make_vcvs(circuit), layout);
  add(make_vccs(circuit), layout);
  add(make_ccvs(circuit, *voltage_sources_), layout);
  add(make_cccs(circuit, *voltage_sources_), layout);
  add(make_behavioural_sources(circuit, *voltage_sources_), layout);
  add(make_switches(circuit, *voltage_sources_), layout);
  add(make_transmission_lines(circuit), layout);
  add(make_diodes(circuit), layout);
  add(make_bipolars(circuit), layout);
  add(make_jfets(circuit), layout);
  add(make_mosfets(circuit), layout);
  add(make_memristors(circuit), layout);
  for (auto& group : make_compiled_devices(circuit)) add(std::move(group), layout);
  build_pattern(layout);
  set_temperature(options().temperature);
  reset();
}

ElementGroup& System::add(std::unique_ptr<ElementGroup> group, Layout& layout) {
  first_entry_.push_back(layout.entries().size());
  group->declare(layout);
  groups_.push_back(std::move(group));
  return *groups_.back();
}

void System::build_pattern(const Layout& layout) {
  unknowns_ = layout.unknowns();
  extras_.assign(layout.extras().begin(), layout.extras().end());
  is_node_.assign(unknowns(), 1);
  for (const Layout::Extra& extra : extras_) {
    if (!extra.is_current) continue;
    std::fill_n(is_node_.begin() + extra.first, extra.count, char{0});
  }

  PatternBuilder builder(unknowns_ - 1);
  for (const auto& [row, column] : layout.entries()) {
    if (row > 0 && column > 0) builder.add(row - 1, column - 1);
  }
  for (Unknown k = 1; k < unknowns_; ++k) {
    if (is_node(static_cast<std::size_t>(k))) builder.add(k - 1, k - 1);
  }
  pattern_ = builder.build();

  const auto slot = [&](Unknown row, Unknown column) {
    return row > 0 && column > 0 ? pattern_.slot(row - 1, column - 1) + 1 : 0;
  };
  slots_.reserve(layout.entries().size());
  // What ground ignores goes to one place after the other: no addition waits for another.
  constexpr std::size_t kIgnored = 32;
  const std::size_t first_ignored = pattern_.nonzeros() + 1;
  std::size_t ignored = 0;
  for (const auto& [row, column] : layout.entries()) {
    const bool is_ground = row == 0 || column == 0;
    slots_.push_back(is_ground ? static_cast<std::int32_t>(first_ignored + ignored++ % kIgnored)
                               : slot(row, column));
  }
  diagonal_.assign(unknowns(), 0);
  for (Unknown k = 1; k < unknowns_; ++k) diagonal_[static_cast<std::size_t>(k)] = slot(k, k);
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    groups_[g]->bind(std::span(slots_).subspan(first_entry_[g]));
  }
  linear_.resize(first_ignored + kIgnored);
  jacobian_.resize(first_ignored + kIgnored);
  residual_.resize(unknowns());
  scale_.resize(unknowns());
  gross_.resize(unknowns());
}

std::string System::name_of(std::size_t unknown) const {
  const auto id = static_cast<Unknown>(unknown);
  if (id < circuit_.nodes.size()) return fmt::format("v({})", circuit_.nodes[id]);
  const auto after =
      std::upper_bound(extras_.begin(), extras_.end(), id,
                       [](Unknown u, const Layout::Extra& extra) { return u < extra.first; });
  const Layout::Extra& extra = *std::prev(after);
  if (extra.names == nullptr) return extra.label;
  return fmt::format("i({})", (*extra.names)[id - extra.first]);
}

void System::constrain(const std::map<NodeId, double>& voltages) {
  constraints_.clear();
  for (const auto& [node, voltage] : voltages) constraints_.push_back({node, voltage, {}});
  if (constraints_.empty()) return;
  std::map<std::int32_t, Constraint*> by_row;
  for (Constraint& c : constraints_) by_row.emplace(c.node - 1, &c);
  for (std::size_t k = 0; k < pattern_.row.size(); ++k) {
    const auto found = by_row.find(pattern_.row[k]);
    if (found != by_row.end()) {
      found->second->row_slots.push_back(static_cast<std::int32_t>(k) + 1);
    }
  }
}

void System::load(Evaluation& e, double shunt, bool with_jacobian,
                  std::span<const double> injected) {
  std::fill(residual_.begin(), residual_.end(), 0.0);
  std::fill(scale_.begin(), scale_.end(), 0.0);
  std::fill(gross_.begin(), gross_.end(), 0.0);
  e.dynamics = &dynamics_;
  e.residual = residual_.data();
  e.scale = scale_.data();
  e.gross = gross_.data();
  e.jacobian = with_jacobian ? jacobian_.data() : nullptr;
  e.limited = false;
  if (with_jacobian) {
    const double a0 = dynamics_.a0();
    if (linear_a0_ != a0 || linear_shunt_ != shunt) {
      std::fill(linear_.begin(), linear_.end(), 0.0);
      for (const auto& group : groups_) group->load_linear(a0, linear_.data());
      for (std::size_t k = 1; k < unknowns(); ++k) {
        if (is_node(k)) linear_[static_cast<std::size_t>(diagonal_[k])] += shunt;
      }
      linear_a0_ = a0;
      linear_shunt_ = shunt;
    }
    jacobian_ = linear_;
  }
  for (const auto& group : groups_) group->load(e);
  if (shunt > 0) {
    for (std::size_t k = 1; k < unknowns(); ++k) {
      if (is_node(k)) e.add(static_cast<Unknown>(k), shunt * e.x[k]);
    }
  }
  for (std::size_t k = 1; k < injected.size(); ++k) {
    if (is_node(k)) e.add(static_cast<Unknown>(k), -injected[k]);
  }
  apply_constraints(e);
}

// A group's entries are those of its elements, as many of each; where they are not, its elements
// are not told apart.
System::Contribution System::largest_contribution(const Evaluation& e, std::size_t unknown) const {
  Contribution largest;
  const auto row = static_cast<std::int32_t>(unknown) - 1;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const ElementGroup& group = *groups_[g];
    const auto elements = static_cast<std::size_t>(group.names().size());
    const std::size_t end = g + 1 < groups_.size() ? first_entry_[g + 1] : slots_.size();
    const std::size_t entries = end - first_entry_[g];
    if (elements == 0 || entries == 0 || entries % elements != 0) continue;
    if (group.quantities().empty() || group.quantities()[0].type != "current") continue;
    for (std::size_t k = 0; k < entries; ++k) {
      const auto slot = static_cast<std::size_t>(slots_[first_entry_[g] + k]);
      if (slot > pattern_.nonzeros() || pattern_.row[slot - 1] != row) continue;
      const std::size_t element = k / (entries / elements);
      const double current = group.quantity(e, element, 0);
      if (std::abs(current) > std::abs(largest.current)) {
        largest = {group.names()[static_cast<NameTable::Id>(element)], current};
      }
    }
  }
  return largest;
}

void System::apply_constraints(const Evaluation& e) {
  for (const Constraint& c : constraints_) {
    const auto node = static_cast<std::size_t>(c.node);
    residual_[node] = e.x[node] - c.voltage;
    scale_[node] = std::max(std::abs(c.voltage), 1.0);
    if (e.jacobian == nullptr) continue;
    for (const std::int32_t slot : c.row_slots) jacobian_[static_cast<std::size_t>(slot)] = 0;
    jacobian_[static_cast<std::size_t>(diagonal_[node])] = 1;
  }
}

void System::reset() {
  for (const auto& group : groups_) group->reset(dynamics_);
}

void System::set_temperature(double celsius) {
  for (const auto& group : groups_) group->set_temperature(celsius);
  invalidate();
}

double System::next_corner(double time) const {
  double corner = std::numeric_limits<double>::infinity();
  for (const auto& group : groups_) corner = std::min(corner, group->next_corner(time));
  return corner;
}

double System::first_event(const Evaluation& e) const {
  double first = std::numeric_limits<double>::infinity();
  for (const auto& group : groups_) first = std::min(first, group->first_event(e));
  return first;
}

double System::longest_step() const {
  double longest = std::numeric_limits<double>::infinity();
  for (const auto& group : groups_) longest = std::min(longest, group->longest_step());
  return longest;
}

}  // namespace wordline
