// Linear controlled sources: E (V = gain v), G (I = gain v), H (V = gain i), F (I = gain i), where
// v is the voltage between two nodes and i the current through a voltage source. What controls and
// what is driven are independent, so one template serves the four.

#include "wordline/engine/elements/elements.hpp"

namespace wordline {

namespace {

// A control is one unknown or the difference of two.
struct Control {
  Unknown plus, minus;  // ground (0) where there is no second
};

template <class Row>
class ControlledSources final : public TableGroup<Row> {
 public:
  ControlledSources(const Table<Row>& table, std::vector<Control> controls, bool drives_voltage)
      : TableGroup<Row>(table), controls_(std::move(controls)), drives_voltage_(drives_voltage) {}

  void declare(Layout& layout) override {
    if (drives_voltage_) first_branch_ = layout.add_branches(this->names(), this->size());
    for (std::size_t k = 0; k < this->size(); ++k) {
      const auto& [p, n] = terminals(k);
      const Control& c = controls_[k];
      if (drives_voltage_) {
        const Unknown branch = current(k);
        layout.add_entry(p, branch);
        layout.add_entry(n, branch);
        layout.add_entry(branch, p);
        layout.add_entry(branch, n);
        layout.add_entry(branch, c.plus);
        layout.add_entry(branch, c.minus);
      } else {
        layout.add_entry(p, c.plus);
        layout.add_entry(p, c.minus);
        layout.add_entry(n, c.plus);
        layout.add_entry(n, c.minus);
      }
    }
  }

  void load_linear(double /*a0*/, double* jacobian) const override {
    for (std::size_t k = 0; k < this->size(); ++k) {
      const double gain = this->row(k).gain;
      if (drives_voltage_) {
        const std::int32_t* slot = this->slots(6 * k);
        jacobian[slot[0]] += 1;
        jacobian[slot[1]] -= 1;
        jacobian[slot[2]] += 1;
        jacobian[slot[3]] -= 1;
        jacobian[slot[4]] -= gain;
        jacobian[slot[5]] += gain;
      } else {
        add_conductance(jacobian, this->slots(4 * k), gain);
      }
    }
  }

  void load(Evaluation& e) override {
    for (std::size_t k = 0; k < this->size(); ++k) {
      const auto& [p, n] = terminals(k);
      if (drives_voltage_) {
        e.add_current(p, n, e.x[static_cast<std::size_t>(current(k))]);
        e.add(current(k), e.voltage(p, n));
        e.add(current(k), -driven(e, k));
      } else {
        e.add_current(p, n, driven(e, k));
      }
    }
  }

  std::span<const Quantity> quantities() const override { return kTwoTerminalQuantities; }
  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    const auto& [p, n] = terminals(k);
    const double i = drives_voltage_ ? e.x[static_cast<std::size_t>(current(k))] : driven(e, k);
    return two_terminal_quantity(quantity, i, e.voltage(p, n));
  }
  std::optional<Unknown> branch(std::size_t k) const override {
    return drives_voltage_ ? std::optional(current(k)) : std::nullopt;
  }
  std::optional<std::complex<double>> current_phasor(const SmallSignalPoint& point, std::size_t k,
                                                     std::string_view /*name*/) const override {
    return this->row(k).gain * point.voltage(controls_[k].plus, controls_[k].minus);
  }

 private:
  std::pair<Unknown, Unknown> terminals(std::size_t k) const {
    return {this->row(k).p, this->row(k).n};
  }
  Unknown current(std::size_t k) const { return first_branch_ + static_cast<Unknown>(k); }
  double driven(const Evaluation& e, std::size_t k) const {
    return this->row(k).gain * e.voltage(controls_[k].plus, controls_[k].minus);
  }

  std::vector<Control> controls_;
  bool drives_voltage_;
  Unknown first_branch_ = 0;
};

std::unique_ptr<ElementGroup> voltage_controlled(const Table<VoltageControlled>& table,
                                                 bool drives_voltage) {
  std::vector<Control> controls;
  for (const VoltageControlled& s : table.rows) controls.push_back({s.cp, s.cn});
  return std::make_unique<ControlledSources<VoltageControlled>>(table, std::move(controls),
                                                                drives_voltage);
}

std::unique_ptr<ElementGroup> current_controlled(const Table<CurrentControlled>& table,
                                                 const ElementGroup& sources, bool drives_voltage) {
  std::vector<Control> controls;
  for (const CurrentControlled& s : table.rows) {
    controls.push_back({*sources.branch(static_cast<std::size_t>(s.control)), 0});
  }
  return std::make_unique<ControlledSources<CurrentControlled>>(table, std::move(controls),
                                                                drives_voltage);
}

}  // namespace

std::unique_ptr<ElementGroup> make_vcvs(const Circuit& circuit) {
  return voltage_controlled(circuit.vcvs, true);
}

std::unique_ptr<ElementGroup> make_vccs(const Circuit& circuit) {
  return voltage_controlled(circuit.vccs, false);
}

std::unique_ptr<ElementGroup> make_ccvs(const Circuit& circuit, const ElementGroup& sources) {
  return current_controlled(circuit.ccvs, sources, true);
}

std::unique_ptr<ElementGroup> make_cccs(const Circuit& circuit, const ElementGroup& sources) {
  return current_controlled(circuit.cccs, sources, false);
}

}  // namespace wordline
