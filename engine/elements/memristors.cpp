// Memristors: one batch a model card, evaluated by its bank.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "wordline/base/units.hpp"
#include "wordline/engine/elements/current_noise.hpp"
#include "wordline/engine/elements/cycles.hpp"
#include "wordline/engine/elements/elements.hpp"
#include "wordline/engine/elements/state_noise.hpp"
#include "wordline/engine/noise_source.hpp"
#include "wordline/netlist/memristor_setup.hpp"

namespace wordline {

namespace {

constexpr std::array<Quantity, 6> kQuantities = {{{"i", "current", "A"},
                                                  {"v", "voltage", "V"},
                                                  {"p", "power", "W"},
                                                  {"x", "notype", ""},
                                                  {"g", "admittance", "S"},
                                                  {"t", "notype", "K"}}};

struct Batch {
  std::size_t size() const { return element.size(); }
  // The states, and the temperatures where they are states too.
  std::size_t sites() const { return bank->has_thermal_states() ? 2 * size() : size(); }

  std::unique_ptr<MemristorBank> bank;
  std::vector<std::size_t> element;  // row in the table, per device
  std::vector<Unknown> p, n;
  std::vector<double> initial_state;
  std::size_t first_site = 0;
  std::vector<Bounds> bounds;
  // The smallest of all devices: V, state unit.
  double voltage_scale = std::numeric_limits<double>::infinity();
  double range = std::numeric_limits<double>::infinity();
  std::vector<CurrentNoise> noise;  // per device, or none
  std::vector<Cycles> cycles;       // per device, or none
  std::vector<StateNoise> chance;   // per device, or none
  // Per device: the voltage at which it was last evaluated, its current and conductance there.
  std::vector<double> v, i, g;
  std::vector<double> formula;  // of the states, their chance included
};

class Memristors final : public TableGroup<MemristorElement> {
 public:
  explicit Memristors(const Circuit& circuit) : TableGroup(circuit.memristors) {
    std::map<std::int32_t, std::size_t> batch_of_model;
    location_.reserve(size());
    for (std::size_t k = 0; k < size(); ++k) {
      const auto [at, is_new] = batch_of_model.emplace(row(k).model, batches_.size());
      const ModelCard& card = circuit.models[static_cast<std::size_t>(row(k).model)];
      if (is_new) batches_.emplace_back().bank = card.type->make_bank();
      Batch& batch = batches_[at->second];
      batch.initial_state.push_back(add(card, circuit.options.seed, k, batch));
      location_.push_back({at->second, batch.size()});
      batch.element.push_back(k);
      if (card.noise.any()) {
        batch.noise.emplace_back(card.noise, circuit.options.seed, row(k).stream);
      }
      if (card.variations.has_cycles()) {
        const double part = part_of_range(batch.bounds.back(), batch.initial_state.back());
        batch.cycles.emplace_back(card, circuit.options.seed, row(k).stream, part);
      }
      if (batch.bank->draw_interval(batch.size() - 1) > 0) {
        batch.chance.emplace_back(batch.bank->draw_interval(batch.size() - 1), circuit.options.seed,
                                  row(k).stream);
      }
      batch.p.push_back(row(k).p);
      batch.n.push_back(row(k).n);
    }
    for (Batch& batch : batches_) {
      for (std::vector<double>* column : {&batch.v, &batch.i, &batch.g}) {
        column->resize(batch.size());
      }
    }
  }

  void declare(Layout& layout) override {
    for (Batch& batch : batches_) {
      batch.first_site = layout.add_sites(batch.size(), {.range = batch.range});
      if (batch.bank->has_thermal_states()) {
        layout.add_sites(batch.size(), {.range = batch.bank->ambient(0)});
      }
    }
    for (const MemristorElement& m : rows()) layout.add_conductance(m.p, m.n);
  }

  void reset(Dynamics& dynamics) override {
    for (Batch& batch : batches_) {
      for (CurrentNoise& noise : batch.noise) noise.restart();
      for (StateNoise& chance : batch.chance) chance.restart();
      for (std::size_t d = 0; d < batch.cycles.size(); ++d) {
        set_parameters(batch, d, batch.cycles[d].own());
        batch.cycles[d].restart(part_of_range(batch.bounds[d], batch.initial_state[d]));
      }
      const std::span<double> x = dynamics.values(batch.first_site, batch.sites());
      std::copy(batch.initial_state.begin(), batch.initial_state.end(), x.begin());
      for (std::size_t d = batch.size(); d < x.size(); ++d) {
        x[d] = batch.bank->ambient(d - batch.size());
      }
    }
  }

  void load(Evaluation& e) override {
    for (Batch& batch : batches_) load(e, batch);
  }

  void add_small_signal(const Evaluation& e, std::complex<double> s,
                        std::complex<double>* jacobian) const override {
    for (const Batch& batch : batches_) {
      const std::vector<std::complex<double>> by_state = admittances_by_state(e, batch, s);
      for (std::size_t d = 0; d < batch.size(); ++d) {
        add_conductance(jacobian, slots(4 * batch.element[d]), by_state[d]);
      }
    }
  }

  std::optional<std::complex<double>> current_phasor(const SmallSignalPoint& point, std::size_t k,
                                                     std::string_view /*name*/) const override {
    const Batch& batch = batches_[location_[k].batch];
    const std::size_t d = location_[k].device;
    const std::complex<double> y =
        batch.g[d] + admittances_by_state(point.evaluation, batch, point.s)[d];
    return y * point.voltage(row(k).p, row(k).n);
  }

  void accept(const Evaluation& e) override {
    for (Batch& batch : batches_) {
      for (std::size_t d = 0; d < batch.noise.size(); ++d) {
        const double quiet = batch.i[d] - batch.noise[d].white(e.time);
        batch.noise[d].accept(e.time, batch.v[d], quiet, batch.g[d], e.temperature);
      }
      const std::span<const double> x = e.dynamics->values(batch.first_site, batch.size());
      draw_chances(e, batch, x);
      for (std::size_t d = 0; d < batch.cycles.size(); ++d) {
        if (batch.cycles[d].has_switched(part_of_range(batch.bounds[d], x[d]))) {
          set_parameters(batch, d, batch.cycles[d].parameters());
        }
      }
    }
  }

  double next_corner(double time) const override {
    double corner = std::numeric_limits<double>::infinity();
    for (const Batch& batch : batches_) {
      for (const CurrentNoise& noise : batch.noise) {
        corner = std::min(corner, noise.next_corner(time));
      }
      for (const StateNoise& chance : batch.chance) corner = std::min(corner, chance.next());
    }
    return corner;
  }

  void start_rates(const Evaluation& e) override {
    for (const Batch& batch : batches_) {
      const std::size_t count = batch.sites();
      std::vector<double> rate(count);
      batch.bank->rates(batch.v, e.dynamics->values(batch.first_site, count), rate);
      for (std::size_t d = 0; d < batch.chance.size(); ++d) rate[d] += batch.chance[d].rate();
      for (std::size_t d = 0; d < count; ++d) e.dynamics->set_rate(batch.first_site + d, rate[d]);
    }
  }

  std::span<const Quantity> quantities() const override { return kQuantities; }

  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    const Batch& batch = batches_[location_[k].batch];
    const std::size_t d = location_[k].device;
    const double v = e.voltage(row(k).p, row(k).n);
    if (quantity < 3) return two_terminal_quantity(quantity, batch.i[d], v);
    const double x = e.dynamics->values(batch.first_site + d, 1)[0];
    if (quantity == 3) return batch.bank->shown_state(x).value;
    return quantity == 4 ? batch.bank->current(d, 0, x).dv : temperature(e, batch, d, v);
  }

  // Thermal, as that of a resistor which conducts as much.
  void noise_sources(const Evaluation& e, std::vector<NoiseSource>& sources) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      const auto& [in, d] = location_[k];
      const Batch& batch = batches_[in];
      const double x = e.dynamics->values(batch.first_site + d, 1)[0];
      const double v = batch.v[d];
      const double siemens = v == 0 ? batch.bank->current(d, 0, x).dv : batch.i[d] / v;
      const double white = thermal_noise(temperature(e, batch, d, v), std::abs(siemens));
      sources.push_back({row(k).p, row(k).n, names()[static_cast<Unknown>(k)], white, 0, 1});
    }
  }

 private:
  struct Location {
    std::size_t batch, device;
  };

  // K; that of the circuit for devices that do not heat themselves.
  static double temperature(const Evaluation& e, const Batch& batch, std::size_t d, double v) {
    const std::size_t site = batch.first_site + d;
    if (batch.bank->has_thermal_states()) return e.dynamics->values(site + batch.size(), 1)[0];
    const double own = batch.bank->temperature(d, v, e.dynamics->values(site, 1)[0]);
    return std::isnan(own) ? e.temperature + kZeroCelsius : own;
  }

  static std::vector<std::complex<double>> admittances_by_state(const Evaluation& e,
                                                                const Batch& batch,
                                                                std::complex<double> s) {
    std::vector<std::complex<double>> y(batch.size());
    batch.bank->admittances_by_state(batch.v, e.dynamics->values(batch.first_site, batch.sites()),
                                     s, y);
    return y;
  }

  double add(const ModelCard& card, std::uint64_t seed, std::size_t k, Batch& batch) const {
    try {
      const double state = add_memristor(*batch.bank, card, row(k), seed);
      const Bounds bounds = batch.bank->bounds(batch.size());
      batch.range = std::min(batch.range, bounds.high - bounds.low);
      batch.voltage_scale = std::min(batch.voltage_scale, batch.bank->voltage_scale(batch.size()));
      batch.bounds.push_back(bounds);
      return state;
    } catch (const Error& error) {
      throw NetlistError(
          {Severity::kError, card.where,
           fmt::format("memristor '{}': {}", names()[static_cast<Unknown>(k)], error.what()), ""});
    }
  }

  void load(Evaluation& e, Batch& batch) {
    const std::size_t count = batch.size();
    for (std::size_t d = 0; d < count; ++d) {
      const Unknown p = batch.p[d];
      const Unknown n = batch.n[d];
      const double v = e.voltage(p, n);
      const double from = e.first_iteration ? e.accepted_voltage(p, n) : batch.v[d];
      batch.v[d] = limited(v, from, batch.voltage_scale);
      if (v != batch.v[d]) e.limited = true;
    }
    const std::span<double> x = e.dynamics->values(batch.first_site, batch.sites());
    const double a0 = e.small_signal ? 0 : e.dynamics->a0();
    batch.bank->set_time(e.transient ? e.time : 0);
    batch.bank->evaluate(batch.v, a0, formula(e, batch), x, batch.i, batch.g);
    // An operating point, or the step before any time has passed, has none.
    if (a0 > 0) add_noise(e.time, batch);
    for (std::size_t d = 0; d < count; ++d) {
      const Unknown p = batch.p[d];
      const Unknown n = batch.n[d];
      e.add_current(p, n, batch.i[d] + batch.g[d] * (e.voltage(p, n) - batch.v[d]));
      e.dynamics->pin(batch.first_site + d,
                      x[d] <= batch.bounds[d].low || x[d] >= batch.bounds[d].high);
    }
    if (e.jacobian == nullptr) return;
    for (std::size_t d = 0; d < count; ++d) {
      add_conductance(e.jacobian, slots(4 * batch.element[d]), batch.g[d]);
    }
  }

  static void draw_chances(const Evaluation& e, Batch& batch, std::span<const double> x) {
    for (std::size_t d = 0; d < batch.chance.size(); ++d) {
      StateNoise& chance = batch.chance[d];
      const std::size_t site = batch.first_site + d;
      const double before = chance.rate();
      chance.accept(e.time, batch.bank->draw_deviation(d, batch.v[d], x[d]));
      e.dynamics->set_rate(site, e.dynamics->last_rate(site) + chance.rate() - before);
    }
  }

  // The integration formula of the states; their chance is a rate that it is to give besides.
  static std::span<const double> formula(const Evaluation& e, Batch& batch) {
    const std::span<const double> b = e.dynamics->history(batch.first_site, batch.sites());
    if (batch.chance.empty()) return b;
    batch.formula.assign(b.begin(), b.end());
    for (std::size_t d = 0; d < batch.chance.size(); ++d) {
      batch.formula[d] -= batch.chance[d].rate();
    }
    return batch.formula;
  }

  static double part_of_range(const Bounds& bounds, double x) {
    return (x - bounds.low) / (bounds.high - bounds.low);
  }

  static void set_parameters(Batch& batch, std::size_t d, const std::vector<double>& parameters) {
    batch.bank->set_parameters(d, parameters);
    batch.bounds[d] = batch.bank->bounds(d);
  }

  static void add_noise(double time, Batch& batch) {
    for (std::size_t d = 0; d < batch.noise.size(); ++d) {
      const double factor = batch.noise[d].factor();
      batch.i[d] = factor * batch.i[d] + batch.noise[d].white(time);
      batch.g[d] *= factor;
    }
  }

  // A step of more than one e-fold of current is shortened to its logarithm.
  static double limited(double v, double from, double scale) {
    const double change = v - from;
    if (!(std::abs(change) > scale)) return v;
    return from + std::copysign(scale * (1 + std::log(std::abs(change) / scale)), change);
  }

  std::vector<Batch> batches_;
  std::vector<Location> location_;  // per row of the table
};

}  // namespace

std::unique_ptr<ElementGroup> make_memristors(const Circuit& circuit) {
  return std::make_unique<Memristors>(circuit);
}

}  // namespace wordline
