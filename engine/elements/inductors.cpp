// Inductors and their couplings: v(p) - v(n) = d(phi)/dt with phi_k = sum over m of M_km i_m, where
// M_kk = L_k and M_km = k sqrt(L_k L_m).

#include <cmath>

#include "wordline/engine/elements/elements.hpp"

namespace wordline {

namespace {

class Inductors final : public TableGroup<Inductor> {
 public:
  explicit Inductors(const Circuit& circuit)
      : TableGroup(circuit.inductors), options_(circuit.options), laws_(circuit.inductor_laws) {
    henries_.reserve(size());
    for (const Inductor& l : rows()) henries_.push_back(l.henries);
    for (const MutualInductance& m : circuit.mutuals.rows) {
      couplings_.push_back(
          {static_cast<std::size_t>(m.first), static_cast<std::size_t>(m.second), m.coupling, 0});
    }
    find_mutuals();
    flux_.resize(size());
  }

  void declare(Layout& layout) override {
    first_branch_ = layout.add_branches(names(), size());
    first_site_ =
        layout.add_sites(size(), {.floor = options_.chgtol, .rate_floor = options_.vntol});
    for (std::size_t k = 0; k < size(); ++k) {
      const Unknown branch = current(k);
      layout.add_entry(row(k).p, branch);
      layout.add_entry(row(k).n, branch);
      layout.add_entry(branch, row(k).p);
      layout.add_entry(branch, row(k).n);
      layout.add_entry(branch, branch);
    }
    for (const Coupling& c : couplings_) {
      layout.add_entry(current(c.first), current(c.second));
      layout.add_entry(current(c.second), current(c.first));
    }
  }

  void load_linear(double a0, double* jacobian) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      const std::int32_t* slot = slots(5 * k);
      jacobian[slot[0]] += 1;
      jacobian[slot[1]] -= 1;
      jacobian[slot[2]] += 1;
      jacobian[slot[3]] -= 1;
      jacobian[slot[4]] -= a0 * henries_[k];
    }
    for (std::size_t c = 0; c < couplings_.size(); ++c) {
      const std::int32_t* slot = slots(5 * size() + 2 * c);
      jacobian[slot[0]] -= a0 * couplings_[c].mutual;
      jacobian[slot[1]] -= a0 * couplings_[c].mutual;
    }
  }

  void load(Evaluation& e) override {
    find_fluxes([&](std::size_t k) { return e.x[static_cast<std::size_t>(current(k))]; });
    for (std::size_t k = 0; k < size(); ++k) {
      const double i = e.x[static_cast<std::size_t>(current(k))];
      e.add_current(row(k).p, row(k).n, i);
      e.add(current(k), e.voltage(row(k).p, row(k).n));
      e.add(current(k), -e.dynamics->derivative(first_site_ + k, flux_[k]),
            e.dynamics->a0() * flux_[k]);
    }
  }

  void set_temperature(double celsius) override {
    if (laws_.empty()) return;
    for (const auto& [element, law] : laws_) {
      const auto k = static_cast<std::size_t>(element);
      henries_[k] = row(k).henries * law.factor(celsius);
    }
    find_mutuals();
  }

  void initialise(Evaluation& e) override {
    find_fluxes([&](std::size_t k) { return std::isnan(row(k).initial) ? 0.0 : row(k).initial; });
    for (std::size_t k = 0; k < size(); ++k) e.dynamics->derivative(first_site_ + k, flux_[k]);
  }

  std::span<const Quantity> quantities() const override { return kTwoTerminalQuantities; }
  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    return two_terminal_quantity(quantity, e.x[static_cast<std::size_t>(current(k))],
                                 e.voltage(row(k).p, row(k).n));
  }
  std::optional<Unknown> branch(std::size_t k) const override { return current(k); }

 private:
  struct Coupling {
    std::size_t first, second;
    double coefficient;
    double mutual;  // H
  };

  void find_mutuals() {
    for (Coupling& c : couplings_) {
      c.mutual = c.coefficient * std::sqrt(henries_[c.first] * henries_[c.second]);
    }
  }

  Unknown current(std::size_t k) const { return first_branch_ + static_cast<Unknown>(k); }

  template <class CurrentOf>
  void find_fluxes(CurrentOf current_of) {
    for (std::size_t k = 0; k < size(); ++k) flux_[k] = henries_[k] * current_of(k);
    for (const Coupling& c : couplings_) {
      flux_[c.first] += c.mutual * current_of(c.second);
      flux_[c.second] += c.mutual * current_of(c.first);
    }
  }

  const Options& options_;
  const std::map<std::int32_t, TemperatureLaw>& laws_;
  std::vector<double> henries_;
  std::vector<Coupling> couplings_;
  std::vector<double> flux_;
  Unknown first_branch_ = 0;
  std::size_t first_site_ = 0;
};

}  // namespace

std::unique_ptr<ElementGroup> make_inductors(const Circuit& circuit) {
  return std::make_unique<Inductors>(circuit);
}

}  // namespace wordline
