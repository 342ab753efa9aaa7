// Instances of compiled Verilog-A modules, one group a module.
//
// Their code works in vectors of its own, an entry a node of the module and one more for ground:
// collapsed nodes share the entry of the one that stands for them. From there residuals and
// Jacobian entries are added to the circuit's. Reactive residuals are sites of Dynamics.

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <complex>
#include <deque>
#include <limits>
#include <set>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/devices/osdi/device.hpp"
#include "wordline/engine/elements/elements.hpp"
#include "wordline/engine/noise_source.hpp"
#include "wordline/engine/small_signal.hpp"
#include "wordline/netlist/compiled_model.hpp"

namespace wordline {

namespace {

constexpr std::uint32_t kResistive =
    OSDI_CALC_RESISTIVE_RESIDUAL | OSDI_CALC_RESISTIVE_JACOBIAN | OSDI_CALC_RESISTIVE_LIMIT;
constexpr std::uint32_t kReactive =
    OSDI_CALC_REACTIVE_RESIDUAL | OSDI_CALC_REACTIVE_JACOBIAN | OSDI_CALC_REACTIVE_LIMIT;

// What is asked of a point, and in which analysis it lies.
std::uint32_t flags_of(const Evaluation& e) {
  if (e.small_signal) return kResistive | kReactive | OSDI_ANALYSIS_AC;
  if (e.dynamics->a0() != 0) return kResistive | kReactive | OSDI_ANALYSIS_TRANSIENT;
  const std::uint32_t analysis =
      e.transient ? OSDI_ANALYSIS_TRANSIENT | OSDI_ANALYSIS_INITIAL : OSDI_ANALYSIS_DC;
  return kResistive | OSDI_ANALYSIS_STATIC | analysis;
}

struct Device {
  const CompiledDevice* row;
  std::string name;
  osdi::Instance instance;

  std::vector<std::uint32_t> stands;        // for every node of the module, as Instance::collapse()
  std::vector<Unknown> unknown = {};        // of the nodes that stand for themselves
  std::vector<std::uint32_t> charged = {};  // nodes that have a site, in the order of the sites
  std::size_t first_entry = 0, first_site = 0;

  std::vector<double> x = {}, resistive = {}, reactive = {};
  std::vector<double> total = {};             // the currents out of the nodes, at the last load
  std::vector<double> jacobian = {};          // per entry of the module
  std::vector<double> state = {}, next = {};  // limited voltages
  bool is_fresh = true;                       // never evaluated

  std::uint32_t place(std::uint32_t node) const {
    return stands[node] == OSDI_NONE ? static_cast<std::uint32_t>(stands.size()) : stands[node];
  }
};

class CompiledDevices final : public ElementGroup {
 public:
  CompiledDevices(const Circuit& circuit, const osdi::Module& module)
      : circuit_(circuit), module_(module), models_(circuit.compiled_models.size()) {
    add_quantities();
    for (const OsdiNode& node : module.nodes()) {
      const char* const unit = node.residual_units;
      is_current_.push_back(unit != nullptr && std::string_view(unit) == "A");
    }
    const auto& table = circuit.compiled_devices;
    for (std::size_t k = 0; k < table.size(); ++k) {
      const CompiledDevice& row = table.rows[k];
      const auto m = static_cast<std::size_t>(row.model);
      const CompiledModel& card = circuit.compiled_models[m];
      if (card.module.get() != &module) continue;
      std::string name = table.names[static_cast<NodeId>(k)];
      if (models_[m] == nullptr) {
        models_[m] = std::make_unique<osdi::Model>(card.module, card.settings, listen(card.name));
      }
      names_.add(name);
      devices_.push_back(std::make_unique<Device>(
          Device{.row = &row,
                 .name = name,
                 .instance = {*models_[m], row.settings,
                              static_cast<std::uint32_t>(row.nodes.size()), listen(name)},
                 .stands = {}}));
    }
  }

  const NameTable& names() const override { return names_; }

  void declare(Layout& layout) override {
    set_temperature(circuit_.options.temperature);
    std::size_t entries = 0;
    std::size_t sites = 0;
    for (const auto& d : devices_) {
      d->first_entry = entries;
      d->first_site = sites;
      declare_device(layout, *d);
      entries += module_.jacobian_entries().size();
      sites += d->charged.size();
    }
    const std::size_t first = layout.add_sites(
        sites, {.floor = circuit_.options.chgtol, .rate_floor = circuit_.options.abstol});
    for (const auto& d : devices_) d->first_site += first;
  }

  void set_temperature(double celsius) override {
    const osdi::Surroundings options = surroundings(circuit_.options);
    for (std::size_t m = 0; m < models_.size(); ++m) {
      if (models_[m] == nullptr) continue;
      refuse(models_[m]->setup(options), circuit_.compiled_models[m].name, celsius);
    }
    for (const auto& d : devices_) {
      const double own = d->row->temperature.value_or(celsius) + d->row->warmer_by;
      refuse(d->instance.setup(own + kZeroCelsius, options), d->name, celsius);
      std::vector<std::uint32_t> stands = d->instance.collapse();
      if (!d->stands.empty() && d->stands != stands) {
        throw Error(fmt::format("'{}' at {} C has not the nodes that it had before", d->name, own));
      }
      d->stands = std::move(stands);
    }
  }

  void reset(Dynamics& /*dynamics*/) override {
    for (const auto& d : devices_) d->is_fresh = true;
  }

  void load(Evaluation& e) override {
    is_running_ = true;
    osdi::SimParameters parameters(surroundings_at(e));
    for (const auto& d : devices_) {
      const std::uint32_t limiting = prepare_limiting(e, *d, parameters);
      gather(*d, e.x);
      const std::uint32_t returned =
          evaluate(e, *d, parameters, flags_of(e) | limiting, d->state, d->next);
      if ((returned & OSDI_LIMITED) != 0) e.limited = true;
      std::swap(d->state, d->next);
      load_results(*d, e.dynamics->a0());
      stamp(e, *d);
      if (e.transient && e.dynamics->a0() == 0) remember_charges(e, *d, parameters);
    }
    is_running_ = false;
  }

  void initialise(Evaluation& e) override {
    osdi::SimParameters parameters(surroundings_at(e));
    for (const auto& d : devices_) {
      gather(*d, e.x);
      settle_inner_nodes(e, *d, parameters);
      remember_charges(e, *d, parameters);
    }
  }

  // At the frequency of `e`: what a module's noise does with it only the module knows.
  void noise_sources(const Evaluation& e, std::vector<NoiseSource>& sources) const override {
    osdi::SimParameters parameters(surroundings_at(e));
    for (const auto& d : devices_) {
      gather(*d, e.x);
      evaluate(e, *d, parameters, kResistive | OSDI_ANALYSIS_NOISE | OSDI_CALC_NOISE, d->state,
               d->next);
      const std::vector<double> densities = d->instance.noise_densities(e.frequency);
      for (std::size_t k = 0; k < densities.size(); ++k) {
        const OsdiNoiseSource& source = module_.noise_sources()[k];
        const Unknown n =
            source.nodes.second == OSDI_NONE ? 0 : d->unknown[d->place(source.nodes.second)];
        sources.push_back({d->unknown[d->place(source.nodes.first)], n, name_of_noise(*d, k),
                           densities[k], 0, 1});
      }
    }
  }

  double longest_step() const override {
    double longest = std::numeric_limits<double>::infinity();
    for (const auto& d : devices_) longest = std::min(longest, d->instance.longest_step());
    return longest;
  }

  std::span<const Quantity> quantities() const override { return quantities_; }

  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    Device& d = *devices_[k];
    if (quantity >= outputs_.size()) {
      // "i" is that of the first terminal.
      const std::size_t i = quantity - outputs_.size();
      return d.total[d.place(static_cast<std::uint32_t>(i == 0 ? 0 : i - 1))];
    }
    osdi::SimParameters parameters(surroundings_at(e));
    gather(d, e.x);
    evaluate(e, d, parameters, flags_of(e) | OSDI_CALC_OUTPUTS, d.state, d.next);
    return d.instance.output(*outputs_[quantity]);
  }

  // Of the terminals; what the module itself calls a current is that of the operating point.
  std::optional<std::complex<double>> current_phasor(const SmallSignalPoint& point, std::size_t k,
                                                     std::string_view name) const override {
    const auto terminal = std::find(quantity_names_.begin(), quantity_names_.end(), name);
    if (name != "i" && terminal == quantity_names_.end()) return std::nullopt;
    const auto node = static_cast<std::uint32_t>(
        name == "i" ? 0 : std::distance(quantity_names_.begin(), terminal));
    Device& d = *devices_[k];
    const std::vector<double> conductances = jacobian_at(d, 0);
    const std::vector<double> both = jacobian_at(d, kSmallSignalRate);
    std::complex<double> current = 0;
    for (std::size_t j = 0; j < both.size(); ++j) {
      const OsdiNodePair& at = module_.jacobian_entries()[j].at;
      if (d.place(at.first) != d.place(node)) continue;
      const double capacitance = (both[j] - conductances[j]) / kSmallSignalRate;
      current += (conductances[j] + point.s * capacitance) *
                 point.voltage(d.unknown[d.place(at.second)], 0);
    }
    return current;
  }

 private:
  static std::vector<double> jacobian_at(Device& d, double a0) {
    std::fill(d.jacobian.begin(), d.jacobian.end(), 0.0);
    d.instance.add_jacobian(a0);
    return d.jacobian;
  }

  void add_quantities() {
    for (const osdi::Parameter& output : module_.outputs()) {
      if (output.is_array || output.type == osdi::Type::kString) continue;
      outputs_.push_back(&output);
      const bool is_voltage = output.unit == "V";
      quantities_.push_back({output.names.front(),
                             is_voltage           ? "voltage"
                             : output.unit == "A" ? "current"
                                                  : "notype",
                             output.unit});
    }
    quantities_.push_back({"i", "current", "A"});
    for (std::uint32_t k = 0; k < module_.descriptor().num_terminals; ++k) {
      quantity_names_.push_back("i_" + to_lower(module_.nodes()[k].name));
      quantities_.push_back({quantity_names_.back(), "current", "A"});
    }
  }

  // Messages of a running model, each text once.
  osdi::Log listen(const std::string& name) {
    return {.write =
                [this, name](osdi::LogLevel level, const std::string& text) {
                  // The last words of a $fatal are those of the failure.
                  const bool is_news = is_running_ && level != osdi::LogLevel::kFatal;
                  if (!is_news || !said_.insert(name + text).second) return;
                  const auto severity = level == osdi::LogLevel::kInfo      ? spdlog::level::info
                                        : level == osdi::LogLevel::kWarning ? spdlog::level::warn
                                                                            : spdlog::level::err;
                  spdlog::log(severity, "{}: {}", name, text);
                },
            .last_error = {}};
  }

  static void refuse(const std::vector<osdi::SetupFault>& faults, const std::string& name,
                     double celsius) {
    if (faults.empty()) return;
    throw Error(fmt::format("'{}' at {} C: {}", name, celsius, faults.front().message));
  }

  void declare_device(Layout& layout, Device& d) const {
    const std::size_t count = module_.nodes().size();
    d.unknown.assign(count + 1, 0);
    std::vector<char> has_charge(count + 1);
    for (std::uint32_t k = 0; k < count; ++k) {
      const OsdiNode& node = module_.nodes()[k];
      if (k < d.row->nodes.size()) {
        d.unknown[k] = d.row->nodes[k];
      } else if (d.stands[k] == k) {
        d.unknown[k] = layout.add_unknown(
            fmt::format("{}({}.{})", node.is_flow ? 'i' : 'v', d.name, node.name));
      }
      d.instance.node_mapping()[k] = d.place(k);
      if (node.reactive_residual_offset != OSDI_NONE) has_charge[d.place(k)] = 1;
    }
    for (std::uint32_t k = 0; k < count; ++k) {
      if (has_charge[k] != 0) d.charged.push_back(k);
    }
    d.jacobian.resize(module_.jacobian_entries().size());
    for (std::size_t k = 0; k < d.jacobian.size(); ++k) {
      const OsdiNodePair& at = module_.jacobian_entries()[k].at;
      layout.add_entry(d.unknown[d.place(at.first)], d.unknown[d.place(at.second)]);
      d.instance.jacobian()[k] = &d.jacobian[k];
    }
    const auto states = d.instance.state_indices();
    for (std::uint32_t k = 0; k < states.size(); ++k) states[k] = k;
    for (auto* states_of : {&d.state, &d.next}) states_of->resize(states.size());
    for (auto* values : {&d.x, &d.resistive, &d.reactive, &d.total}) values->resize(count + 1);
  }

  std::string name_of_noise(const Device& d, std::size_t k) const {
    const char* const name = module_.noise_sources()[k].name;
    return name == nullptr || *name == 0 ? fmt::format("{}_{}", d.name, k)
                                         : fmt::format("{}_{}", d.name, name);
  }

  osdi::Surroundings surroundings_at(const Evaluation& e) const {
    osdi::Surroundings at = surroundings(circuit_.options);
    at.gmin = e.gmin;
    at.source_scale = e.source_scale;
    at.transient = e.transient;
    return at;
  }

  static void gather(Device& d, std::span<const double> x) {
    for (std::size_t k = 0; k < d.unknown.size(); ++k) {
      d.x[k] = x[static_cast<std::size_t>(d.unknown[k])];
    }
  }

  static std::uint32_t evaluate(const Evaluation& e, Device& d, osdi::SimParameters& parameters,
                                std::uint32_t flags, std::vector<double>& last,
                                std::vector<double>& next) {
    OsdiSimInfo info{.parameters = parameters.view(),
                     .time = e.transient ? e.time : 0,
                     .solution = d.x.data(),
                     .last_state = last.data(),
                     .next_state = next.data(),
                     .flags = flags};
    const std::uint32_t returned = d.instance.evaluate(info);
    if ((returned & OSDI_FATAL) != 0) {
      throw ElementFailure(fmt::format("'{}' gives up: {}", d.name, d.instance.log().last_error));
    }
    return returned;
  }

  // Limiting starts afresh from the last accepted solution, at the very first from the model's own
  // guess. Returns the flags for it.
  static std::uint32_t prepare_limiting(const Evaluation& e, Device& d,
                                        osdi::SimParameters& parameters) {
    if (d.state.empty()) return 0;
    if (std::exchange(d.is_fresh, false)) return OSDI_ENABLE_LIMITING | OSDI_INITIALISE_LIMITING;
    if (e.first_iteration) {
      // Without limiting the states become the voltages as they are.
      gather(d, e.x_accepted);
      evaluate(e, d, parameters, flags_of(e), d.next, d.state);
    }
    return OSDI_ENABLE_LIMITING;
  }

  static void load_results(Device& d, double a0) {
    std::fill(d.resistive.begin(), d.resistive.end(), 0.0);
    d.instance.add_resistive_residual(d.resistive.data());
    jacobian_at(d, a0);
    std::fill(d.reactive.begin(), d.reactive.end(), 0.0);
    if (a0 != 0) d.instance.add_reactive_residual(d.reactive.data());
  }

  void stamp(Evaluation& e, Device& d) const {
    d.total = d.resistive;
    for (std::size_t s = 0; s < d.charged.size(); ++s) {
      const std::uint32_t node = d.charged[s];
      const double rate = e.dynamics->derivative(d.first_site + s, d.reactive[node]);
      d.total[node] += rate;
      e.add(d.unknown[node], rate, e.dynamics->a0() * d.reactive[node]);
    }
    double largest = 0;
    for (std::uint32_t k = 0; k < d.stands.size(); ++k) {
      if (d.stands[k] != k) continue;
      e.add(d.unknown[k], d.resistive[k]);
      if (is_current_[k]) largest = std::max(largest, std::abs(d.total[k]));
    }
    // What flows through the device flows through its inner nodes too, where terms add up to zero
    // before they can be seen.
    for (auto k = static_cast<std::uint32_t>(d.row->nodes.size()); k < d.stands.size(); ++k) {
      if (d.stands[k] != k || !is_current_[k]) continue;
      double& scale = e.scale[static_cast<std::size_t>(d.unknown[k])];
      scale = std::max(scale, largest);
    }
    const std::int32_t* slot = slots(d.first_entry);
    for (std::size_t k = 0; k < d.jacobian.size(); ++k) {
      const OsdiNodePair& at = module_.jacobian_entries()[k].at;
      double& gross = e.gross[static_cast<std::size_t>(d.unknown[d.place(at.first)])];
      gross = std::max(gross, std::abs(d.jacobian[k] * d.x[d.place(at.second)]));
      if (e.jacobian != nullptr) e.jacobian[slot[k]] += d.jacobian[k];
    }
  }

  // Inner nodes take the values that they have at rest with the terminals held where they are,
  // found by Newton's method; where it fails they stay where they were.
  void settle_inner_nodes(const Evaluation& e, Device& d, osdi::SimParameters& parameters) const {
    constexpr int kMostIterations = 50;
    constexpr double kEnough = 1e-9;
    std::vector<Eigen::Index> index(d.x.size(), -1);
    Eigen::Index count = 0;
    for (std::size_t k = d.row->nodes.size(); k < d.stands.size(); ++k) {
      if (d.stands[k] == k) index[k] = count++;
    }
    const std::vector<double> start = d.x;
    for (int iteration = 0; count > 0; ++iteration) {
      evaluate(e, d, parameters,
               kResistive | OSDI_ANALYSIS_STATIC | OSDI_ANALYSIS_TRANSIENT | OSDI_ANALYSIS_INITIAL,
               d.state, d.next);
      load_results(d, 0);
      Eigen::MatrixXd slopes = Eigen::MatrixXd::Zero(count, count);
      for (std::size_t k = 0; k < d.jacobian.size(); ++k) {
        const OsdiNodePair& at = module_.jacobian_entries()[k].at;
        const Eigen::Index row = index[d.place(at.first)];
        const Eigen::Index column = index[d.place(at.second)];
        if (row >= 0 && column >= 0) slopes(row, column) += d.jacobian[k];
      }
      Eigen::VectorXd residual(count);
      for (std::size_t k = 0; k < index.size(); ++k) {
        if (index[k] >= 0) residual[index[k]] = d.resistive[k];
      }
      const Eigen::VectorXd step = slopes.fullPivLu().solve(residual);
      double largest = 0;
      for (std::size_t k = 0; k < index.size(); ++k) {
        if (index[k] < 0) continue;
        d.x[k] -= step[index[k]];
        largest = std::max(largest, std::abs(step[index[k]]) / (1 + std::abs(d.x[k])));
      }
      if (largest <= kEnough) return;
      if (!std::isfinite(largest) || iteration == kMostIterations) {
        d.x = start;
        return;
      }
    }
  }

  // A transient starts from the charges that its own equations see: at rest models may hold their
  // states in another way.
  static void remember_charges(const Evaluation& e, Device& d, osdi::SimParameters& parameters) {
    evaluate(e, d, parameters, kResistive | kReactive | OSDI_ANALYSIS_TRANSIENT, d.state, d.next);
    std::fill(d.reactive.begin(), d.reactive.end(), 0.0);
    d.instance.add_reactive_residual(d.reactive.data());
    for (std::size_t s = 0; s < d.charged.size(); ++s) {
      e.dynamics->derivative(d.first_site + s, d.reactive[d.charged[s]]);
    }
  }

  const Circuit& circuit_;
  const osdi::Module& module_;
  std::vector<std::unique_ptr<osdi::Model>> models_;  // of the circuit's, those of this module
  std::vector<std::unique_ptr<Device>> devices_;
  NameTable names_;
  std::vector<bool> is_current_;  // of the module's nodes: whether their equation adds up currents
  std::vector<const osdi::Parameter*> outputs_;
  std::deque<std::string> quantity_names_;
  std::vector<Quantity> quantities_;  // outputs first
  std::set<std::string> said_;
  bool is_running_ = false;
};

}  // namespace

std::vector<std::unique_ptr<ElementGroup>> make_compiled_devices(const Circuit& circuit) {
  std::vector<std::unique_ptr<ElementGroup>> groups;
  std::set<const osdi::Module*> made;
  for (const CompiledDevice& device : circuit.compiled_devices.rows) {
    const auto& card = circuit.compiled_models[static_cast<std::size_t>(device.model)];
    if (!made.insert(card.module.get()).second) continue;
    groups.push_back(std::make_unique<CompiledDevices>(circuit, *card.module));
  }
  return groups;
}

}  // namespace wordline
