// Elements whose voltage or current is any function of node voltages, source currents, time and
// temperature, and of the rates (ddt) and integrals (idt) of such functions: B, and what the
// netlist makes of E, F, G, H with polynomials and tables, and of R, C, L given by expressions.
//
// A rate is that of a site of Dynamics. An integral y of x is a site too, whose formula
// a0 y + b = x is solved for y in place; neither is an unknown of the circuit.

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "wordline/engine/elements/elements.hpp"
#include "wordline/engine/small_signal.hpp"

namespace wordline {

namespace {

using Complex = std::complex<double>;
using InputKind = ExpressionInput::Kind;

// An input that is an unknown or the difference of two, and a column of the Jacobian.
struct Column {
  std::size_t input;
  Unknown plus, minus;
  double scale;
};

// ddt() or idt() of an operand.
struct MemoryPoint {
  std::size_t input;  // that it is; the count of inputs where none is
  std::size_t site;
  double gross = 0;  // of the rate: the largest number that it is the difference of
};

// Slopes by the columns.
template <class Number>
using Slopes = std::vector<Number>;

struct Source {
  std::vector<Column> columns;
  std::vector<MemoryPoint> memory;
  std::vector<Slopes<double>> memory_slopes;
  std::vector<double> arguments, gradient;  // by input
  Slopes<double> slopes;                    // of the value
  std::size_t first_entry = 0;
  Unknown branch = 0;  // of a voltage source
  double value = 0;
};

bool has_frequency(const BoundExpression& expression) {
  const auto inputs = expression.inputs();
  return std::any_of(inputs.begin(), inputs.end(), [](const ExpressionInput& input) {
    return input.kind == InputKind::kFrequency;
  });
}

class BehaviouralSources final : public TableGroup<BehaviouralSource> {
 public:
  BehaviouralSources(const Circuit& circuit, const ElementGroup& sources)
      : TableGroup(circuit.behavioural),
        controls_(sources),
        options_(circuit.options),
        temperature_(circuit.options.temperature) {}

  void declare(Layout& layout) override {
    std::size_t entries = 0;
    sources_.resize(size());
    for (std::size_t k = 0; k < size(); ++k) {
      Source& source = sources_[k];
      source.first_entry = entries;
      if (row(k).is_voltage) {
        source.branch = layout.add_unknown("i(" + names()[static_cast<Unknown>(k)] + ")");
      }
      find_inputs(k, layout);
      entries += declare_entries(k, layout);
    }
  }

  void load_linear(double /*a0*/, double* jacobian) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      if (!row(k).is_voltage) continue;
      const std::int32_t* slot = slots(sources_[k].first_entry);
      jacobian[slot[0]] += 1;
      jacobian[slot[1]] -= 1;
      jacobian[slot[2]] += 1;
      jacobian[slot[3]] -= 1;
    }
  }

  void load(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      Source& source = sources_[k];
      read_inputs(e, source);
      for (std::size_t m = 0; m < source.memory.size(); ++m) load_memory(e, k, m);
      source.value = evaluate(e, row(k).value, source);
      chain(source, source.memory_slopes, source.memory.size(), source.slopes);
      add(e, row(k), source);
    }
  }

  // What load() has at a0 = 0 and another is right where there is one rate after the other, no
  // integral and no frequency.
  void add_small_signal(const Evaluation& e, Complex s, Complex* jacobian) const override {
    for (std::size_t k = 0; k < size(); ++k) {
      if (row(k).memory.empty() && !has_frequency(row(k).value)) continue;
      Slopes<Complex> slopes = small_slopes(e, k, s);
      const Slopes<Complex> at_rest = small_slopes(e, k, 0, 0, 0);
      const Slopes<Complex> at_rate = small_slopes(e, k, kSmallSignalRate, 0, 0);
      for (std::size_t c = 0; c < slopes.size(); ++c) {
        slopes[c] -= at_rest[c] + s / kSmallSignalRate * (at_rate[c] - at_rest[c]);
      }
      add_slopes(row(k), sources_[k], slopes, jacobian);
    }
  }

  std::optional<Complex> current_phasor(const SmallSignalPoint& point, std::size_t k,
                                        std::string_view /*name*/) const override {
    const Source& source = sources_[k];
    if (row(k).is_voltage) return std::nullopt;
    const Slopes<Complex> slopes = small_slopes(point.evaluation, k, point.s);
    Complex current = 0;
    for (std::size_t c = 0; c < slopes.size(); ++c) {
      current += slopes[c] * point.voltage(source.columns[c].plus, source.columns[c].minus);
    }
    return current;
  }

  void set_temperature(double celsius) override { temperature_ = celsius; }

  void initialise(Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      read_inputs(e, sources_[k]);
      for (std::size_t m = 0; m < row(k).memory.size(); ++m) load_memory(e, k, m);
    }
  }

  void start_rates(const Evaluation& e) override {
    for (std::size_t k = 0; k < size(); ++k) {
      Source& source = sources_[k];
      read_inputs(e, source);
      for (std::size_t m = 0; m < source.memory.size(); ++m) {
        const MemoryPoint& point = source.memory[m];
        const Memory& memory = row(k).memory[m];
        const bool is_rate = memory.kind == Memory::Kind::kRate;
        const double operand = evaluate(e, memory.operand, source);
        if (!is_rate) e.dynamics->set_rate(point.site, operand);
        set_argument(source, point.input, is_rate ? 0 : memory.initial);
      }
    }
  }

  std::span<const Quantity> quantities() const override { return kTwoTerminalQuantities; }
  double quantity(const Evaluation& e, std::size_t k, std::size_t quantity) const override {
    const Source& source = sources_[k];
    const double i =
        row(k).is_voltage ? e.x[static_cast<std::size_t>(source.branch)] : source.value;
    return two_terminal_quantity(quantity, i, e.voltage(row(k).p, row(k).n));
  }
  std::optional<Unknown> branch(std::size_t k) const override {
    return row(k).is_voltage ? std::optional(sources_[k].branch) : std::nullopt;
  }

 private:
  void find_inputs(std::size_t k, Layout& layout) {
    Source& source = sources_[k];
    const auto inputs = row(k).value.inputs();
    source.arguments.resize(inputs.size());
    source.gradient.resize(inputs.size());
    source.memory.assign(row(k).memory.size(), {inputs.size(), 0, 0});
    for (std::size_t j = 0; j < inputs.size(); ++j) {
      const auto& [kind, p, n, scale] = inputs[j];
      if (kind == InputKind::kVoltage) {
        source.columns.push_back({j, p, n, scale});
      } else if (kind == InputKind::kCurrent) {
        source.columns.push_back({j, *controls_.branch(static_cast<std::size_t>(p)), 0, scale});
      } else if (kind == InputKind::kOwnCurrent) {
        source.columns.push_back({j, source.branch, 0, scale});
      } else if (kind == InputKind::kRate || kind == InputKind::kIntegral) {
        source.memory[static_cast<std::size_t>(p)].input = j;
      }
    }
    source.slopes.resize(source.columns.size());
    source.memory_slopes.assign(source.memory.size(), Slopes<double>(source.columns.size()));
    for (MemoryPoint& point : source.memory) {
      point.site = layout.add_sites(1, {.floor = options_.chgtol, .rate_floor = options_.abstol});
    }
  }

  std::size_t declare_entries(std::size_t k, Layout& layout) const {
    const std::vector<Column>& columns = sources_[k].columns;
    const Unknown branch = sources_[k].branch;
    const NodeId p = row(k).p;
    const NodeId n = row(k).n;
    if (row(k).is_voltage) {
      layout.add_entry(p, branch);
      layout.add_entry(n, branch);
      layout.add_entry(branch, p);
      layout.add_entry(branch, n);
      for (const Column& column : columns) {
        layout.add_entry(branch, column.plus);
        layout.add_entry(branch, column.minus);
      }
      return 4 + 2 * columns.size();
    }
    for (const Column& column : columns) {
      layout.add_entry(p, column.plus);
      layout.add_entry(p, column.minus);
      layout.add_entry(n, column.plus);
      layout.add_entry(n, column.minus);
    }
    return 4 * columns.size();
  }

  // Those that are unknowns; there is no frequency but in small signals.
  static void read_inputs(const Evaluation& e, Source& source) {
    for (const Column& column : source.columns) {
      source.arguments[column.input] = column.scale * e.voltage(column.plus, column.minus);
    }
  }

  static void set_argument(Source& source, std::size_t input, double value) {
    if (input < source.arguments.size()) source.arguments[input] = value;
  }

  // The value of an expression; its slopes by the inputs go into source.gradient.
  double evaluate(const Evaluation& e, const BoundExpression& expression, Source& source) const {
    return expression.evaluate(source.arguments, e.time, temperature_, source.gradient);
  }

  // From slopes by the inputs to those by the columns, through the first `known` points with
  // memory.
  template <class Number>
  static void chain(const Source& source, const std::vector<Slopes<Number>>& memory,
                    std::size_t known, Slopes<Number>& slopes) {
    for (std::size_t c = 0; c < slopes.size(); ++c) {
      const Column& column = source.columns[c];
      slopes[c] = column.scale * source.gradient[column.input];
      for (std::size_t m = 0; m < known; ++m) {
        const std::size_t input = source.memory[m].input;
        if (input < source.gradient.size()) slopes[c] += source.gradient[input] * memory[m][c];
      }
    }
  }

  void load_memory(const Evaluation& e, std::size_t k, std::size_t m) {
    Source& source = sources_[k];
    MemoryPoint& point = source.memory[m];
    const Memory& memory = row(k).memory[m];
    const double operand = evaluate(e, memory.operand, source);
    Dynamics& dynamics = *e.dynamics;
    const double a0 = dynamics.a0();
    double value = 0;
    double slope = 0;
    if (memory.kind == Memory::Kind::kRate) {
      value = dynamics.derivative(point.site, operand);
      slope = a0;
      point.gross = a0 * operand;
    } else {
      const bool moves = a0 > 0 && !e.small_signal;
      slope = moves ? 1 / a0 : 0;
      value = moves ? (operand - dynamics.history(point.site, 1)[0]) * slope : memory.initial;
      dynamics.values(point.site, 1)[0] = value;
    }
    chain(source, source.memory_slopes, m, source.memory_slopes[m]);
    for (double& s : source.memory_slopes[m]) s *= slope;
    set_argument(source, point.input, value);
  }

  Slopes<Complex> small_slopes(const Evaluation& e, std::size_t k, Complex s) const {
    const Complex inverse = s == 0.0 ? 0 : 1.0 / s;  // at rest integrals stay where they are
    return small_slopes(e, k, s, inverse, s.imag() / (2 * std::numbers::pi));
  }

  // Slopes of the value about an operating point, where rates are `rate` and integrals `integral`
  // times their operands.
  Slopes<Complex> small_slopes(const Evaluation& e, std::size_t k, Complex rate, Complex integral,
                               double hertz) const {
    Source source = sources_[k];  // to work on
    read_inputs(e, source);
    const auto inputs = row(k).value.inputs();
    for (std::size_t j = 0; j < inputs.size(); ++j) {
      if (inputs[j].kind == InputKind::kFrequency) source.arguments[j] = hertz;
    }
    std::vector<Slopes<Complex>> memory(source.memory.size(),
                                        Slopes<Complex>(source.columns.size()));
    for (std::size_t m = 0; m < memory.size(); ++m) {
      const bool is_rate = row(k).memory[m].kind == Memory::Kind::kRate;
      evaluate(e, row(k).memory[m].operand, source);
      chain(source, memory, m, memory[m]);
      for (Complex& slope : memory[m]) slope *= is_rate ? rate : integral;
      set_argument(source, source.memory[m].input, is_rate ? 0 : row(k).memory[m].initial);
    }
    Slopes<Complex> slopes(source.columns.size());
    evaluate(e, row(k).value, source);
    chain(source, memory, memory.size(), slopes);
    return slopes;
  }

  // The largest number that the value is the difference of.
  static double gross(const Source& source) {
    double largest = source.value;
    for (const MemoryPoint& point : source.memory) {
      if (point.input == source.gradient.size()) continue;
      largest = std::max(std::abs(largest), std::abs(source.gradient[point.input] * point.gross));
    }
    return largest;
  }

  void add(Evaluation& e, const BehaviouralSource& row, const Source& source) const {
    if (row.is_voltage) {
      e.add_current(row.p, row.n, e.x[static_cast<std::size_t>(source.branch)]);
      e.add(source.branch, e.voltage(row.p, row.n));
      e.add(source.branch, -source.value, gross(source));
    } else {
      e.add_current(row.p, row.n, source.value, gross(source));
    }
    if (e.jacobian != nullptr) add_slopes(row, source, source.slopes, e.jacobian);
  }

  template <class Number>
  void add_slopes(const BehaviouralSource& row, const Source& source, const Slopes<Number>& slopes,
                  Number* jacobian) const {
    const std::int32_t* slot = slots(source.first_entry);
    for (std::size_t c = 0; c < slopes.size(); ++c) {
      if (row.is_voltage) {
        jacobian[slot[4 + 2 * c]] -= slopes[c];
        jacobian[slot[5 + 2 * c]] += slopes[c];
      } else {
        add_conductance(jacobian, slot + 4 * c, slopes[c]);
      }
    }
  }

  const ElementGroup& controls_;
  const Options& options_;
  std::vector<Source> sources_;
  double temperature_;
};

}  // namespace

std::unique_ptr<ElementGroup> make_behavioural_sources(const Circuit& circuit,
                                                       const ElementGroup& sources) {
  return std::make_unique<BehaviouralSources>(circuit, sources);
}

}  // namespace wordline
