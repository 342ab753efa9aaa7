#include "wordline/engine/element_group.hpp"

#include <limits>
#include <utility>

namespace wordline {

Unknown Layout::add_branches(const NameTable& names, std::size_t count) {
  const Unknown first = unknowns_;
  if (count > 0) extras_.push_back({first, count, &names, {}, true});
  unknowns_ += static_cast<Unknown>(count);
  return first;
}

Unknown Layout::add_unknown(std::string label) {
  const bool is_current = label.starts_with("i(");
  extras_.push_back({unknowns_, 1, nullptr, std::move(label), is_current});
  return unknowns_++;
}

void Layout::add_conductance(Unknown p, Unknown n) {
  add_entry(p, p);
  add_entry(p, n);
  add_entry(n, p);
  add_entry(n, n);
}

double ElementGroup::next_corner(double /*time*/) const {
  return std::numeric_limits<double>::infinity();
}

double ElementGroup::longest_step() const { return std::numeric_limits<double>::infinity(); }

double ElementGroup::first_event(const Evaluation& /*evaluation*/) const {
  return std::numeric_limits<double>::infinity();
}

double two_terminal_quantity(std::size_t quantity, double current, double voltage) {
  return std::array{current, voltage, current * voltage}.at(quantity);
}

}  // namespace wordline
