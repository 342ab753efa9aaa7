// Independent sources. A positive current flows from p through the source to n.

#include <algorithm>
#include <memory>

#include "wordline/engine/elements/elements.hpp"
#include "wordline/engine/elements/source_noise.hpp"
#include "wordline/engine/small_signal.hpp"

namespace wordline {

namespace {

class Sources : public TableGroup<IndependentSource> {
 public:
  Sources(const Table<IndependentSource>& table, std::uint64_t seed) : TableGroup(table) {
    functions_.reserve(size());
    for (std::size_t k = 0; k < size(); ++k) {
      const IndependentSource& source = row(k);
      functions_.push_back(source.function);
      if (!source.function.is_random()) continue;
      noise_.resize(size());
      noise_[k] = std::make_unique<SourceNoise>(source.function, seed, source.stream);
    }
  }

  // Replaces the whole function: a swept source is a DC source.
  void set_value(std::size_t k, double value) override {
    functions_[k] = {.dc = value, .shape = {}};
    if (!noise_.empty()) noise_[k] = nullptr;
  }

  double next_corner(double time) const override {
    double corner = std::numeric_limits<double>::infinity();
    for (const SourceFunction& f : functions_) corner = std::min(corner, f.next_corner(time));
    for (const auto& noise : noise_) {
      if (noise != nullptr) corner = std::min(corner, noise->next_corner(time));
    }
    return corner;
  }

  std::span<const Quantity> quantities() const override { return kTwoTerminalQuantities; }

 protected:
  double value(const Evaluation& e, std::size_t k) const {
    if (!e.transient) return e.source_scale * functions_[k].dc;
    const double random = noise_.empty() || noise_[k] == nullptr ? 0.0 : noise_[k]->value(e.time);
    return e.source_scale * (functions_[k].value(e.time) + random);
  }

 private:
  std::vector<SourceFunction> functions_;
  std::vector<std::unique_ptr<SourceNoise>> noise_;  // of the random ones; empty if none is
};

class VoltageSources final : public Sources {
 public:
  explicit VoltageSources(const Circuit& circuit)
      : Sources(circuit.voltage_sources, circuit.options.seed) {}

  void declare(Layout& layout) override {
    first_branch_ = layout.add_branches(names(), size());
    for (std::size_t k = 0; k < size(); ++k) {
      const Unknown branch = current(k);
      layout.add_entry(row(k).p, branch);
      layout.add_entry(row(k).n, branch);
      layout.add_entry(branch, row(k).p);
      layout.add_entry(branch, row(k).n);
    }
  }

  void load_linear(double /*a0*/, double* jacobian) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      const std::int32_t* slot = slots(4 * k);
      jacobian[slot[0]] += 1;
      jacobian[slot[1]] -= 1;
      jacobian[slot[2]] += 1;
      jacobian[slot[3]] -= 1;
    }
  }

  void load(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      e.add_current(row(k).p, row(k).n, e.x[static_cast<std::size_t>(current(k))]);
      e.add(current(k), e.voltage(row(k).p, row(k).n));
      e.add(current(k), -value(e, k));
    }
  }

  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    return two_terminal_quantity(quantity, e.x[static_cast<std::size_t>(current(k))],
                                 e.voltage(row(k).p, row(k).n));
  }
  std::optional<Unknown> branch(std::size_t k) const override { return current(k); }

 private:
  Unknown current(std::size_t k) const { return first_branch_ + static_cast<Unknown>(k); }

  Unknown first_branch_ = 0;
};

class CurrentSources final : public Sources {
 public:
  explicit CurrentSources(const Circuit& circuit)
      : Sources(circuit.current_sources, circuit.options.seed) {}

  void declare(Layout& /*layout*/) override {}

  void load(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) e.add_current(row(k).p, row(k).n, value(e, k));
  }

  std::optional<std::complex<double>> current_phasor(const SmallSignalPoint& /*point*/,
                                                     std::size_t k,
                                                     std::string_view /*name*/) const override {
    return ac_phasor(row(k));
  }

  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    return two_terminal_quantity(quantity, value(e, k), e.voltage(row(k).p, row(k).n));
  }
};

}  // namespace

std::unique_ptr<ElementGroup> make_voltage_sources(const Circuit& circuit) {
  return std::make_unique<VoltageSources>(circuit);
}

std::unique_ptr<ElementGroup> make_current_sources(const Circuit& circuit) {
  return std::make_unique<CurrentSources>(circuit);
}

}  // namespace wordline
