// The circuit description: plain data, made by the netlist reader or in code, read by the engine
// and by the exporters. Names are lower case. Node 0 is ground.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wordline/base/error.hpp"
#include "wordline/base/matrix.hpp"
#include "wordline/devices/osdi/module.hpp"
#include "wordline/devices/registry.hpp"
#include "wordline/devices/variation.hpp"
#include "wordline/netlist/crossbar.hpp"
#include "wordline/netlist/expression.hpp"
#include "wordline/netlist/fourier.hpp"
#include "wordline/netlist/frequency_analyses.hpp"
#include "wordline/netlist/measure.hpp"
#include "wordline/netlist/monte_carlo.hpp"
#include "wordline/netlist/names.hpp"
#include "wordline/netlist/output_request.hpp"
#include "wordline/netlist/semiconductors.hpp"
#include "wordline/netlist/source.hpp"
#include "wordline/netlist/step.hpp"
#include "wordline/netlist/temperature_law.hpp"

namespace wordline {

// A contiguous table of elements of one kind; element k is called names[k].
template <class Row>
struct Table {
  NameTable names;
  std::vector<Row> rows;

  // False if the name is taken.
  bool add(std::string_view name, Row row) {
    if (!names.add(name)) return false;
    rows.push_back(std::move(row));
    return true;
  }
  std::size_t size() const { return rows.size(); }
};

struct Resistor {
  NodeId p, n;
  double
      ohms;  // not 0; a zero-ohm resistor is written as a 0 V source by whoever makes the circuit
};

struct Capacitor {
  NodeId p, n;
  double farads;
  double initial;  // V, used with uic; NaN: not given
};

struct Inductor {
  NodeId p, n;
  double henries;
  double initial;  // A, used with uic; NaN: not given
};

struct MutualInductance {
  std::int32_t first, second;  // indices into Circuit::inductors
  double coupling;             // -1 <= k <= 1
};

struct IndependentSource {
  NodeId p, n;  // a current source drives its current from p through itself to n
  SourceFunction function;
  double ac_magnitude = 0;   // V or A, in a small-signal analysis
  double ac_phase = 0;       // degrees
  std::uint64_t stream = 0;  // of the random numbers of a noisy source; see stream_of()
};

// E (voltage gain) and G (transconductance): controlled by v(cp) - v(cn).
struct VoltageControlled {
  NodeId p, n, cp, cn;
  double gain;
};

// H (transresistance) and F (current gain): controlled by the current through a voltage source.
struct CurrentControlled {
  NodeId p, n;
  std::int32_t control;  // index into Circuit::voltage_sources
  double gain;
};

// ddt(x) or idt(x) in an expression: its value is an input of the expression, of kind kRate or
// kIntegral.
struct Memory {
  enum class Kind { kRate, kIntegral };
  Kind kind = Kind::kRate;
  BoundExpression operand;  // with the inputs of the whole; of those with memory only earlier ones
  double initial = 0;       // of an integral
};

struct BehaviouralSource {
  NodeId p, n;
  bool is_voltage;
  BoundExpression value;
  std::vector<Memory> memory = {};
};

// S and W: a resistance that a voltage, or the current of a voltage source, switches.
struct Switch {
  NodeId p, n;
  NodeId cp = 0, cn = 0;      // S: the controlling nodes
  std::int32_t control = -1;  // W: index into Circuit::voltage_sources
  double control_scale = 1;   // the control is this times the voltage or current
  std::int32_t model = 0;
  bool on = false;  // where the control lies within the hysteresis at the start
  double multiplicity = 1;
};

// T: a lossless line between the ports (p1, n1) and (p2, n2).
struct TransmissionLine {
  NodeId p1, n1, p2, n2;
  double impedance;                       // ohm
  double delay;                           // s
  double v1 = 0, i1 = 0, v2 = 0, i2 = 0;  // V and A into the ports, used with uic
};

// Noise of a memristor's current in a transient analysis: white noise, sampled every `interval` and
// straight between the samples, and two levels between which the current jumps at random.
struct ReadNoise {
  enum class White {
    kNone,
    kThermal,  // 4 k T I/V, A^2/Hz
    kShot,     // 2 q I coth(q V/(2 k T)), which is the same at 0 V
  };
  White white = White::kNone;
  double interval = 0;   // s
  double telegraph = 0;  // the difference of the two levels, as a part of their mean
  double dwell = 0;      // s, the mean time in a level

  bool any() const { return white != White::kNone || telegraph > 0; }
};

// `.model`: a model type with all its parameter values in table order, NaN: derived; then the
// points of its curves.
struct ModelCard {
  std::string name;
  const ModelType* type = nullptr;
  std::vector<double> values;
  Variations variations = {};  // of memristors: what each draws for itself, instead of its value
  ReadNoise noise = {};
  SourceLocation where = {};  // of a card with variations: what is drawn may not fit together
  std::optional<double> channel_length = {}, channel_width = {};  // m, of MOS without their own
};

struct MemristorElement {
  NodeId p, n;
  std::int32_t model;
  double state;            // initial state; NaN: the model's own, or from `conductance`
  double conductance = 0;  // S, where given (> 0): the state is found from it at v_read
  double v_read = 0;
  double multiplicity = 1;
  bool flip = false;
  std::uint64_t stream = 0;  // of the random numbers that are its own; see stream_of()
};

// `.model` of a compiled Verilog-A module.
struct CompiledModel {
  std::string name;
  std::shared_ptr<const osdi::Module> module;
  std::vector<osdi::Setting> settings;
};

struct CompiledDevice {
  std::vector<NodeId> nodes;  // of the module's first terminals; further ones are not connected
  std::int32_t model;         // index into Circuit::compiled_models
  std::vector<osdi::Setting> settings;
  std::optional<double> temperature = {};  // Celsius; without it the circuit's
  double warmer_by = 0;                    // K
};

enum class Method { kTrapezoidal, kGear, kBackwardEuler };

// The solver of linear systems. kAuto takes what suits the circuit.
enum class SolverKind { kAuto, kKlu, kKrylov, kMultifrontal, kCuda };

// `.options`, with SPICE's names and defaults.
struct Options {
  double reltol = 1e-3;
  double abstol = 1e-12;  // A
  double vntol = 1e-6;    // V
  double chgtol = 1e-14;  // C
  double trtol = 7;
  double gmin = 1e-12;  // S, across every junction
  double gshunt = 0;    // S, from every node to ground
  double cshunt = 0;    // F, from every node to ground
  int itl1 = 100;       // Newton iterations: operating point
  int itl2 = 50;        // DC sweep point
  int itl4 = 10;        // time point
  // The operating point: Newton's method at once, and how many steps (0: none, 1: as needed) to it.
  bool skip_direct = false;  // noopiter
  int gmin_steps = 1;
  int source_steps = 1;
  Method method = Method::kTrapezoidal;
  int max_order = 2;     // of the integration formula
  double xmu = 0.5;      // of the trapezoidal rule: the weight of the rate at the step's begin
  double min_break = 0;  // s, the least distance of corners; 0: what can be told apart
  double pivrel = 1e-3;  // pivots on the diagonal need be no larger than this part of the column
  SolverKind solver = SolverKind::kAuto;
  double temperature = 27;          // Celsius
  double nominal_temperature = 27;  // Celsius, of model parameters
  double max_state_change = 0.05;   // of a memristor's range, in one time step
  double channel_length = 100e-6;   // m, of transistors that have none: defl; the next three, too
  double channel_width = 100e-6;    // m, defw
  double drain_area = 0;            // m^2, defad
  double source_area = 0;           // m^2, defas
  double scale = 1;            // of lengths and widths on the lines of elements; areas: squared
  bool save_currents = false;  // those of all devices, where no outputs are asked for
  int harmonics = 10;          // that .four finds, the mean among them
  std::uint64_t seed = 1;      // of all random numbers
  bool ascii_results = false;  // rawfiles as text
  int digits = 6;              // after the point, of numbers that `.control` prints
  int threads = 0;             // of samples and products of arrays; 0: one a processor
};

struct OpAnalysis {};

// One level of a `.dc` sweep, innermost first in DcAnalysis: a source, `temp`, a resistor, or
// whatever has a value in the netlist, for which the circuit is read anew.
struct Sweep {
  enum class Target { kVoltageSource, kCurrentSource, kResistor, kTemperature, kNetlist };
  Target target = Target::kVoltageSource;
  std::int32_t index = 0;
  std::string name;  // for the result's first column
  std::vector<double> values;
  Step netlist = {};  // of kNetlist, in place of `name` and `values`

  std::size_t count() const { return target == Target::kNetlist ? netlist.count() : values.size(); }
};

struct DcAnalysis {
  std::vector<Sweep> sweeps;
};

struct TranAnalysis {
  double step = 0;  // s; a hint for the first step and for the spacing of results
  double stop = 0;
  double start = 0;     // results are kept from here on
  double max_step = 0;  // 0: chosen from the interval
  bool use_initial_conditions = false;
};

// Products of input voltages with one array, which is solved on its own: its buses are ideal
// sources, and nothing else of the circuit takes part.
struct MatmulAnalysis {
  std::int32_t crossbar = 0;  // index into Circuit::crossbars
  LineKind driven = LineKind::kWord;
  LineKind sensed = LineKind::kBit;  // the currents into their buses are the results
  double word_bias = 0;              // V, on the buses of lines that are not driven
  double bit_bias = 0;
  double source_bias = 0;
  std::string method = "auto";  // or "krylov", "multifrontal", "klu"
  double tolerance = 1e-10;     // of the residual, as a part of the currents of the drivers
  Matrix inputs;                // V, a row an input
  std::string output;  // a file for the bare matrix of currents; empty: they go with other results
};

struct Analysis {
  std::variant<OpAnalysis, DcAnalysis, TranAnalysis, MatmulAnalysis, AcAnalysis, NoiseAnalysis,
               TransferAnalysis, SensitivityAnalysis>
      what;
  SourceLocation where;
};

// A command between `.control` and `.endc`, as it stands. The reader looks at none of them.
struct ControlLine {
  std::string text;
  SourceLocation where;
};

class CircuitSource;  // read.hpp

struct Circuit {
  std::string title;
  NameTable nodes;

  Table<Resistor> resistors;
  Table<Capacitor> capacitors;
  Table<Inductor> inductors;
  Table<MutualInductance> mutuals;
  Table<IndependentSource> voltage_sources;
  Table<IndependentSource> current_sources;
  Table<VoltageControlled> vcvs;  // E
  Table<VoltageControlled> vccs;  // G
  Table<CurrentControlled> ccvs;  // H
  Table<CurrentControlled> cccs;  // F
  Table<BehaviouralSource> behavioural;
  Table<Switch> switches;
  Table<TransmissionLine> lines;
  // Of the resistors, capacitors and inductors that depend on temperature, by row.
  std::map<std::int32_t, TemperatureLaw> resistor_laws, capacitor_laws, inductor_laws;
  std::map<std::int32_t, double> ac_resistances;  // ohm in a small-signal analysis, by resistor
  // Values in the tables, over those on the lines of the elements, where `m=` and `scale=` make
  // them another; by the element's name.
  std::map<std::string, double, std::less<>> factors;
  std::vector<ModelCard> models;
  Table<DiodeInstance> diodes;
  Table<BipolarInstance> bipolars;  // Q
  Table<JfetInstance> jfets;        // J
  Table<MosfetInstance> mosfets;
  Table<MemristorElement> memristors;
  std::vector<std::shared_ptr<const osdi::Module>> modules;  // of the loaded libraries
  std::vector<CompiledModel> compiled_models;
  Table<CompiledDevice> compiled_devices;
  std::vector<Crossbar> crossbars;

  std::map<NodeId, double> initial_conditions;  // .ic, V
  std::map<NodeId, double> node_sets;           // .nodeset, V
  Options options;
  std::vector<Analysis> analyses;
  std::vector<Step> steps;                // all analyses are for all combinations; innermost first
  std::optional<MonteCarlo> monte_carlo;  // of all analyses, in every step
  // Makes the circuit again with other values; null unless steps, sweeps or samples ask for it.
  std::shared_ptr<const CircuitSource> source;
  Variant variant;  // that was read
  std::vector<OutputRequest> outputs;
  std::vector<Measure> measures;
  std::vector<Fourier> fouriers;  // of all transients
  std::vector<Spectrum> spectra;  // likewise
  std::vector<ControlLine> control;
  std::vector<Diagnostic> warnings;
  std::vector<std::filesystem::path> files;  // that it was read from

  // In circuit.cpp, since every source that holds a circuit would compile them anew.
  Circuit();
  Circuit(const Circuit&);
  Circuit(Circuit&&) noexcept;
  Circuit& operator=(const Circuit&);
  Circuit& operator=(Circuit&&) noexcept;
  ~Circuit();

  double factor_of(std::string_view element) const;
};

}  // namespace wordline
