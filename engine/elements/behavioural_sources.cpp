// B sources: a voltage or a current that is any function of node voltages, source currents and
// time.

#include <algorithm>

#include "wordline/engine/elements/elements.hpp"

namespace wordline {

namespace {

class BehaviouralSources final : public TableGroup<BehaviouralSource> {
 public:
  BehaviouralSources(const Circuit& circuit, const ElementGroup& sources)
      : TableGroup(circuit.behavioural), temperature_(circuit.options.temperature) {
    inputs_.resize(size());
    branch_.assign(size(), 0);
    first_entry_.resize(size());
    value_.resize(size());
    for (std::size_t k = 0; k < size(); ++k) {
      for (const ExpressionInput& input : row(k).value.inputs()) {
        const bool voltage = input.kind == ExpressionInput::Kind::kVoltage;
        inputs_[k].push_back(voltage
                                 ? Input{input.p, input.n}
                                 : Input{*sources.branch(static_cast<std::size_t>(input.p)), 0});
      }
      longest_ = std::max(longest_, inputs_[k].size());
    }
    argument_.resize(longest_);
    gradient_.resize(longest_);
  }

  void declare(Layout& layout) override {
    std::size_t entries = 0;
    for (std::size_t k = 0; k < size(); ++k) {
      const BehaviouralSource& source = row(k);
      first_entry_[k] = entries;
      if (source.is_voltage) {
        const Unknown branch = layout.add_unknown("i(" + names()[static_cast<Unknown>(k)] + ")");
        branch_[k] = branch;
        layout.add_entry(source.p, branch);
        layout.add_entry(source.n, branch);
        layout.add_entry(branch, source.p);
        layout.add_entry(branch, source.n);
        for (const Input& input : inputs_[k]) {
          layout.add_entry(branch, input.plus);
          layout.add_entry(branch, input.minus);
        }
        entries += 4 + 2 * inputs_[k].size();
      } else {
        for (const Input& input : inputs_[k]) {
          layout.add_entry(source.p, input.plus);
          layout.add_entry(source.p, input.minus);
          layout.add_entry(source.n, input.plus);
          layout.add_entry(source.n, input.minus);
        }
        entries += 4 * inputs_[k].size();
      }
    }
  }

  void load_linear(double /*a0*/, double* jacobian) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      if (!row(k).is_voltage) continue;
      const std::int32_t* slot = slots(first_entry_[k]);
      jacobian[slot[0]] += 1;
      jacobian[slot[1]] -= 1;
      jacobian[slot[2]] += 1;
      jacobian[slot[3]] -= 1;
    }
  }

  void load(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      const BehaviouralSource& source = row(k);
      const std::size_t count = inputs_[k].size();
      for (std::size_t m = 0; m < count; ++m) {
        argument_[m] = e.voltage(inputs_[k][m].plus, inputs_[k][m].minus);
      }
      value_[k] = source.value.evaluate(std::span(argument_).first(count), e.time, temperature_,
                                        std::span(gradient_).first(count));
      const std::int32_t* slot = slots(first_entry_[k]);
      if (source.is_voltage) {
        e.add_current(source.p, source.n, e.x[static_cast<std::size_t>(branch_[k])]);
        e.add(branch_[k], e.voltage(source.p, source.n));
        e.add(branch_[k], -value_[k]);
        if (e.jacobian == nullptr) continue;
        for (std::size_t m = 0; m < count; ++m) {
          e.jacobian[slot[4 + 2 * m]] -= gradient_[m];
          e.jacobian[slot[5 + 2 * m]] += gradient_[m];
        }
      } else {
        e.add_current(source.p, source.n, value_[k]);
        if (e.jacobian == nullptr) continue;
        for (std::size_t m = 0; m < count; ++m) {
          add_conductance(e.jacobian, slot + 4 * m, gradient_[m]);
        }
      }
    }
  }

  void set_temperature(double celsius) override { temperature_ = celsius; }

  std::span<const Quantity> quantities() const override { return kTwoTerminalQuantities; }
  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    const double i = row(k).is_voltage ? e.x[static_cast<std::size_t>(branch_[k])] : value_[k];
    return two_terminal_quantity(quantity, i, e.voltage(row(k).p, row(k).n));
  }
  std::optional<Unknown> branch(std::size_t k) const override {
    return row(k).is_voltage ? std::optional(branch_[k]) : std::nullopt;
  }

 private:
  struct Input {
    Unknown plus, minus;
  };

  std::vector<std::vector<Input>> inputs_;
  std::vector<Unknown> branch_;  // of voltage sources
  std::vector<std::size_t> first_entry_;
  std::vector<double> value_;
  std::vector<double> argument_, gradient_;
  std::size_t longest_ = 0;
  double temperature_;
};

}  // namespace

std::unique_ptr<ElementGroup> make_behavioural_sources(const Circuit& circuit,
                                                       const ElementGroup& sources) {
  return std::make_unique<BehaviouralSources>(circuit, sources);
}

}  // namespace wordline
