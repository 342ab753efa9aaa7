#include "wordline/netlist/export_ngspice.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <string_view>

#include "wordline/netlist/ngspice_elements.hpp"
#include "wordline/netlist/ngspice_memristors.hpp"
#include "wordline/netlist/ngspice_names.hpp"
#include "wordline/netlist/ngspice_semiconductors.hpp"

namespace wordline {

namespace {

// One line of text without line ends: a title or a comment.
std::string one_line(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return line;
}

class DeckWriter {
 public:
  DeckWriter(const Circuit& circuit, std::ostream& out)
      : circuit_(circuit), out_(out), names_(circuit) {}

  void write() {
    if (!circuit_.steps.empty()) throw Error("ngspice has no .step: export one circuit at a time");
    print("{}\n", circuit_.title.empty() ? "circuit" : one_line(circuit_.title));
    print(
        "* Written by Wordline as a flat deck for ngspice. Arrays are compiled to plain elements;\n"
        "* memristors are behavioural sub-circuits of their models' equations.\n");
    write_ngspice_models(circuit_, names_, out_);
    const NgspiceElements elements(circuit_, names_, out_);
    elements.write_passives();
    write_couplings();
    write_sources();
    write_controlled_sources();
    elements.write_behavioural();
    elements.write_switches();
    elements.write_lines();
    write_ngspice_semiconductors(circuit_, names_, out_);
    NgspiceMemristors(circuit_, names_).write(out_);
    write_conditions(".ic", circuit_.initial_conditions);
    write_conditions(".nodeset", circuit_.node_sets);
    write_options();
    for (const Analysis& analysis : circuit_.analyses) {
      std::visit([this](const auto& what) { write_analysis(what); }, analysis.what);
    }
    for (const Fourier& fourier : circuit_.fouriers) write_fourier(fourier);
    write_outputs();
    print(".end\n");
  }

 private:
  template <class... Args>
  void print(fmt::format_string<Args...> format, Args&&... args) {
    fmt::print(out_, format, std::forward<Args>(args)...);
  }
  const std::string& node(NodeId id) const { return names_.node(id); }
  // "r1 a b": how every element begins.
  template <class Row>
  std::string head(const Table<Row>& table, std::size_t k) const {
    const Row& row = table.rows[k];
    return fmt::format("{} {} {}", names_.element(table.names, k), node(row.p), node(row.n));
  }
  const std::string& voltage_source(std::int32_t k) const {
    return names_.element(circuit_.voltage_sources.names, static_cast<std::size_t>(k));
  }

  void write_couplings() {
    const auto& inductors = circuit_.inductors;
    for (std::size_t k = 0; k < circuit_.mutuals.size(); ++k) {
      const MutualInductance& m = circuit_.mutuals.rows[k];
      print("{} {} {} {}\n", names_.element(circuit_.mutuals.names, k),
            names_.element(inductors.names, static_cast<std::size_t>(m.first)),
            names_.element(inductors.names, static_cast<std::size_t>(m.second)), m.coupling);
    }
  }

  void write_sources() {
    const auto write_table = [this](const Table<IndependentSource>& table, bool is_voltage) {
      for (std::size_t k = 0; k < table.size(); ++k) {
        const SourceFunction& function = table.rows[k].function;
        print("{} dc {}", head(table, k), function.dc);
        if (table.rows[k].ac_magnitude != 0) {
          print(" ac {} {}", table.rows[k].ac_magnitude, table.rows[k].ac_phase);
        }
        std::visit([&](const auto& shape) { write_shape(shape, is_voltage); }, function.shape);
        print("\n");
      }
    };
    write_table(circuit_.voltage_sources, true);
    write_table(circuit_.current_sources, false);
  }

  void write_shape(std::monostate /*constant*/, bool /*is_voltage*/) {}

  void write_shape(const Pulse& p, bool /*is_voltage*/) {
    // A width or period beyond every transient stands for none.
    const double never = 2 * longest_transient();
    const double width = std::isfinite(p.width) ? p.width : never;
    const double period = std::isfinite(p.period) && p.period > 0 ? p.period : width + never;
    print(" pulse({} {} {} {} {} {} {}", p.v1, p.v2, p.delay, p.rise, p.fall, width, period);
    if (std::isfinite(p.repeats)) print(" {}", p.repeats);
    print(")");
  }

  void write_shape(const Sine& s, bool /*is_voltage*/) {
    print(" sin({} {} {} {} {} {})", s.offset, s.amplitude, s.frequency, s.delay, s.damping,
          s.phase);
  }

  void write_shape(const Exponential& e, bool /*is_voltage*/) {
    print(" exp({} {} {} {} {} {})", e.v1, e.v2, e.rise_delay, e.rise_tau, e.fall_delay,
          e.fall_tau);
  }

  void write_shape(const FrequencyModulated& s, bool /*is_voltage*/) {
    print(" sffm({} {} {} {} {} {} {})", s.offset, s.amplitude, s.carrier, s.index, s.signal,
          s.carrier_phase, s.signal_phase);
  }

  void write_shape(const AmplitudeModulated& s, bool /*is_voltage*/) {
    if (s.carrier_phase != 0 || s.signal_phase != 0) {
      throw Error("ngspice has no phases of amplitude modulation");
    }
    print(" am({} {} {} {} {})", s.amplitude, s.offset, s.signal, s.carrier, s.delay);
  }

  void write_shape(const TransientNoise& s, bool /*is_voltage*/) {
    print(" trnoise({} {} {} {} {} {} {})", s.white, s.interval, s.exponent, s.flicker, s.telegraph,
          s.capture, s.emission);
  }

  void write_shape(const RandomSteps& s, bool /*is_voltage*/) {
    if (s.scale != 1) throw Error("ngspice multiplies no random current");
    print(" trrandom({} {} {} {} {})", static_cast<int>(s.distribution), s.interval, s.delay,
          s.spread, s.offset);
  }

  void write_shape(const PiecewiseLinear& p, bool is_voltage) {
    if (p.time.empty()) return;
    const bool repeats = p.repeat_from >= 0;
    if (repeats && !is_voltage) {
      throw Error("ngspice cannot repeat a piecewise linear current");
    }
    SourceFunction once{.dc = 0, .shape = p};
    auto& shape = std::get<PiecewiseLinear>(once.shape);
    shape.repeat_from = -1;
    shape.delay = 0;
    std::set<double> times(p.time.begin(), p.time.end());
    // ngspice repeats from a given point only.
    if (repeats) times.insert(p.repeat_from);
    print(" pwl(");
    int count = 0;
    for (const double time : times) {
      constexpr int kPairsPerLine = 8;
      if (count > 0) print("{}", count % kPairsPerLine == 0 ? "\n+ " : " ");
      print("{} {}", time + (repeats ? 0 : p.delay), once.value(time));
      ++count;
    }
    print(")");
    if (repeats) print(" r={} td={}", p.repeat_from, p.delay);
  }

  double longest_transient() const {
    double longest = 1;
    for (const Analysis& analysis : circuit_.analyses) {
      const auto* const transient = std::get_if<TranAnalysis>(&analysis.what);
      if (transient != nullptr) longest = std::max(longest, transient->stop);
    }
    return longest;
  }

  void write_controlled_sources() {
    for (const auto* table : {&circuit_.vcvs, &circuit_.vccs}) {
      for (std::size_t k = 0; k < table->size(); ++k) {
        const VoltageControlled& row = table->rows[k];
        print("{} {} {} {}\n", head(*table, k), node(row.cp), node(row.cn), row.gain);
      }
    }
    for (const auto* table : {&circuit_.ccvs, &circuit_.cccs}) {
      for (std::size_t k = 0; k < table->size(); ++k) {
        const CurrentControlled& row = table->rows[k];
        print("{} {} {}\n", head(*table, k), voltage_source(row.control), row.gain);
      }
    }
  }

  void write_conditions(std::string_view statement, const std::map<NodeId, double>& conditions) {
    for (const auto& [id, voltage] : conditions) {
      if (id != 0) print("{} v({})={}\n", statement, node(id), voltage);
    }
  }

  void write_options() {
    const Options& o = circuit_.options;
    print(".options reltol={} abstol={} vntol={} chgtol={} trtol={} gmin={}\n", o.reltol, o.abstol,
          o.vntol, o.chgtol, o.trtol, o.gmin);
    print("+ itl1={} itl2={} itl4={} tnom={}", o.itl1, o.itl2, o.itl4, o.nominal_temperature);
    if (o.gshunt > 0) print(" rshunt={}", 1 / o.gshunt);
    if (o.cshunt > 0) print(" cshunt={}", o.cshunt);
    if (o.method == Method::kGear) print(" method=gear");
    if (o.method == Method::kBackwardEuler) print(" method=gear maxord=1");
    print("\n.temp {}\n", o.temperature);
  }

  std::string text_of(const FrequencySweep& sweep) const {
    constexpr std::array<const char*, 3> kSpacings = {"dec", "oct", "lin"};
    return fmt::format("{} {} {} {}", kSpacings.at(static_cast<std::size_t>(sweep.spacing)),
                       sweep.points, sweep.start, sweep.stop);
  }
  std::string text_of(const SmallSignalOutput& output) const {
    if (output.current_of) return fmt::format("i({})", voltage_source(*output.current_of));
    return output.n == 0 ? fmt::format("v({})", node(output.p))
                         : fmt::format("v({},{})", node(output.p), node(output.n));
  }
  const std::string& name_of(const SmallSignalInput& input) const {
    const auto& table = input.is_voltage ? circuit_.voltage_sources : circuit_.current_sources;
    return names_.element(table.names, static_cast<std::size_t>(input.index));
  }

  void write_fourier(const Fourier& fourier) {
    print(".four {}", fourier.fundamental);
    for (const std::string& signal : fourier.signals) {
      const auto request = std::find_if(
          circuit_.outputs.begin(), circuit_.outputs.end(),
          [&](const OutputRequest& r) { return r.analysis == "four" && r.label == signal; });
      const std::vector<std::string> vectors = names_.vectors(*request);
      if (vectors.size() != 1) {
        throw Error(fmt::format("ngspice finds no harmonics of {}", signal));
      }
      print(" {}", vectors.front());
    }
    print("\n");
  }

  void write_analysis(const AcAnalysis& ac) { print(".ac {}\n", text_of(ac.frequencies)); }
  void write_analysis(const NoiseAnalysis& noise) {
    print(".noise {} {} {}", text_of(noise.output), name_of(noise.input),
          text_of(noise.frequencies));
    if (noise.points_per_summary > 0) print(" {}", noise.points_per_summary);
    print("\n");
  }
  void write_analysis(const TransferAnalysis& tf) {
    print(".tf {} {}\n", text_of(tf.output), name_of(tf.input));
  }
  void write_analysis(const SensitivityAnalysis& sens) {
    print(".sens {}", text_of(sens.output));
    if (sens.frequencies) print(" ac {}", text_of(*sens.frequencies));
    print("\n");
  }

  void write_analysis(const OpAnalysis& /*op*/) { print(".op\n"); }

  void write_analysis(const DcAnalysis& dc) {
    if (dc.sweeps.size() > 2) throw Error("ngspice sweeps at most two quantities");
    print(".dc");
    for (const Sweep& sweep : dc.sweeps) {
      const std::string target = sweep_target(sweep);
      std::vector<double> values = sweep.values;
      for (double& value : values) value *= factor_of(sweep);
      const double step = values.size() > 1 ? values[1] - values[0] : 1;
      for (std::size_t k = 1; k < values.size(); ++k) {
        const double even = values[0] + static_cast<double>(k) * step;
        if (std::abs(values[k] - even) > 1e-6 * std::abs(step)) {
          throw Error(
              fmt::format("ngspice sweeps evenly spaced values only, not those of {}", sweep.name));
        }
      }
      // Rounding must not cost the last value.
      print(" {} {} {} {}", target, values.front(), values.back() + 1e-3 * step, step);
    }
    print("\n");
  }

  // What `m=` and `scale=` make of a swept value: elements are written out without these.
  double factor_of(const Sweep& sweep) const {
    switch (sweep.target) {
      case Sweep::Target::kCurrentSource:
        return circuit_.factor_of(circuit_.current_sources.names[sweep.index]);
      case Sweep::Target::kResistor:
        return circuit_.factor_of(circuit_.resistors.names[sweep.index]);
      default:
        return 1;
    }
  }

  std::string sweep_target(const Sweep& sweep) const {
    const auto k = static_cast<std::size_t>(sweep.index);
    switch (sweep.target) {
      case Sweep::Target::kVoltageSource:
        return names_.element(circuit_.voltage_sources.names, k);
      case Sweep::Target::kCurrentSource:
        return names_.element(circuit_.current_sources.names, k);
      case Sweep::Target::kResistor:
        return names_.element(circuit_.resistors.names, k);
      case Sweep::Target::kNetlist:
        if (sweep.netlist.targets.front().kind == StepTarget::Kind::kTemperature) {
          throw Error("parameters follow the swept temperature, which those of a flat deck do not");
        }
        throw Error(fmt::format("ngspice sweeps sources, resistors and temp, not {}",
                                sweep.netlist.targets.front().label()));
      case Sweep::Target::kTemperature:
        break;
    }
    return "temp";
  }

  void write_analysis(const TranAnalysis& tran) {
    print(".tran {} {} {}", tran.step, tran.stop, tran.start);
    if (tran.max_step > 0) print(" {}", tran.max_step);
    print("{}\n", tran.use_initial_conditions ? " uic" : "");
  }

  void write_analysis(const MatmulAnalysis& /*matmul*/) { print("* ngspice has no .matmul\n"); }

  void write_outputs() {
    std::set<std::string> saved;
    for (const OutputRequest& request : circuit_.outputs) {
      const std::vector<std::string> vectors = names_.vectors(request);
      if (vectors.empty()) print("* ngspice has no {}\n", one_line(request.label));
      for (const std::string& vector : vectors) {
        if (saved.insert(vector).second) print(".save {}\n", vector);
      }
    }
    for (const Measure& measure : circuit_.measures) {
      print("* the measure {} is left out\n", measure.name);
    }
  }

  const Circuit& circuit_;
  std::ostream& out_;
  NgspiceNames names_;
};

}  // namespace

void export_ngspice(const Circuit& circuit, std::ostream& out) {
  if (circuit.compiled_devices.size() > 0) {
    // ngspice loads libraries by a command before it reads the deck, not by a line of the deck.
    throw Error(fmt::format("'{}' is a compiled model, which a deck for ngspice cannot hold",
                            circuit.compiled_devices.names[0]));
  }
  const Circuit compiled = compile_crossbars(circuit);
  DeckWriter(compiled, out).write();
  if (!out) throw Error("the deck could not be written");
}

}  // namespace wordline
