// Arrays by the engine: the plain circuit, with a source on every bus, solved by KLU. Slow, and
// independent of the methods made for arrays.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "wordline/crossbar/bus_solver.hpp"
#include "wordline/engine/simulator.hpp"

namespace wordline::crossbar {

namespace {

constexpr double kSmallestConductance = 1e-30;  // S, of ohmic cells; stands for none

// An ohmic cell as a memristor that does not move.
ModelCard ohmic_model() {
  const ModelType* type = find_model_type("memristor", "static");
  ModelCard card{"ohmic", type, type->defaults()};
  const auto set = [&](std::string_view name, double value) {
    card.values[static_cast<std::size_t>(type->find(name))] = value;
  };
  set("gmin", kSmallestConductance);
  set("gmax", 1 / kSmallestConductance);
  return card;
}

ArrayLine line_of(const Wires& wires) {
  ArrayLine line;
  line.segment = wires.segment;
  line.driver = wires.driver;
  line.driven = wires.driven;
  return line;
}

class CircuitSolver final : public BusSolver {
 public:
  explicit CircuitSolver(const ArrayProblem& problem) : problem_(problem) {}

  SolveReport solve(const Buses& volts) override {
    volts_ = volts;
    Simulator simulator(circuit(volts));
    result_ = simulator.run_op();
    SolveReport report;
    report.ok = result_.report.ok();
    report.message = result_.report.message;
    report.method = result_.report.solver;
    report.newton = static_cast<int>(result_.report.iterations);
    // In units of the engine's own tolerance.
    report.residual = result_.report.residual * kRelativeTolerance;
    report_ = report;
    return report;
  }

  Buses currents() override {
    const auto of = [&](const char* name, std::size_t count) {
      std::vector<double> currents;
      for (std::size_t k = 0; k < count; ++k) {
        // A source's current flows from its bus through the source to ground.
        currents.push_back(-value(fmt::format("i(v{}[{}])", name, k)));
      }
      return currents;
    };
    return {of("wl", volts_.word.size()), of("bl", volts_.bit.size()),
            of("sl", volts_.source.size())};
  }

  Solution solution() override {
    Solution s;
    s.word = table("v(xb.wl[{},{}])");
    s.bit = table("v(xb.bl[{},{}])");
    if (problem_.has_transistors()) s.source = table("v(xb.sl[{},{}])");
    if (problem_.has_inner_nodes()) s.inner = table("v(xb.n[{},{}])");
    s.cell_current = table("i(xb.m[{},{}])");
    s.current = currents();
    const auto power = [](const std::vector<double>& v, const std::vector<double>& i) {
      return std::inner_product(v.begin(), v.end(), i.begin(), 0.0);
    };
    s.power = power(volts_.word, s.current.word) + power(volts_.bit, s.current.bit) +
              power(volts_.source, s.current.source);
    s.report = report_;
    return s;
  }

  Gradient gradient(std::span<const double> /*weights*/) override {
    throw Error("gradients need the methods made for arrays of crossing lines, not klu");
  }

  void restart() override {}
  void invalidate() override {}

 private:
  static constexpr double kRelativeTolerance = 1e-9;

  double value(const std::string& signal) const { return result_[signal].back(); }

  Matrix table(const char* pattern) const {
    Matrix m{problem_.rows(), problem_.cols(), {}};
    for (std::int32_t i = 0; i < problem_.rows(); ++i) {
      for (std::int32_t j = 0; j < problem_.cols(); ++j) {
        m.values.push_back(value(fmt::format(fmt::runtime(pattern), i, j)));
      }
    }
    return m;
  }

  std::vector<NodeId> drive(Circuit& circuit, const char* name,
                            const std::vector<double>& volts) const {
    std::vector<NodeId> bus;
    for (std::size_t k = 0; k < volts.size(); ++k) {
      bus.push_back(circuit.nodes.intern(fmt::format("{}[{}]", name, k)));
      const std::string source = fmt::format("v{}[{}]", name, k);
      circuit.voltage_sources.add(source, {bus.back(), 0, {.dc = volts[k]}});
      keep(circuit, OutputRequest::Kind::kCurrent, source, fmt::format("i({})", source));
    }
    return bus;
  }

  static void keep(Circuit& circuit, OutputRequest::Kind kind, const std::string& first,
                   const std::string& label) {
    circuit.outputs.push_back(
        {.kind = kind, .first = first, .second = "", .label = label, .analysis = "", .where = {}});
  }

  Circuit circuit(const Buses& volts) const {
    Circuit c;
    c.title = "array";
    c.models = problem_.circuit.models;
    c.options = problem_.circuit.options;
    c.options.reltol = kRelativeTolerance;
    c.options.abstol = 1e-18;
    c.options.vntol = 1e-12;
    Crossbar xb = problem_.is_linear() ? ohmic() : *problem_.crossbar;
    if (problem_.is_linear()) c.models = {ohmic_model()};
    xb.name = "xb";
    xb.word.bus = drive(c, "wl", volts.word);
    xb.bit.bus = drive(c, "bl", volts.bit);
    if (problem_.has_transistors()) xb.source.bus = drive(c, "sl", volts.source);
    std::vector<const char*> nodes = {"wl", "bl"};
    if (problem_.has_transistors()) nodes.push_back("sl");
    if (problem_.has_inner_nodes()) nodes.push_back("n");
    for (const char* node : nodes) keep_cells(c, OutputRequest::Kind::kNodeVoltage, node, "v");
    keep_cells(c, OutputRequest::Kind::kCurrent, "m", "i");
    c.crossbars.push_back(std::move(xb));
    return c;
  }

  void keep_cells(Circuit& c, OutputRequest::Kind kind, const char* what, const char* of) const {
    for (std::int32_t i = 0; i < problem_.rows(); ++i) {
      for (std::int32_t j = 0; j < problem_.cols(); ++j) {
        const std::string name = fmt::format("xb.{}[{},{}]", what, i, j);
        keep(c, kind, name, fmt::format("{}({})", of, name));
      }
    }
  }

  Crossbar ohmic() const {
    Crossbar xb;
    xb.rows = problem_.rows();
    xb.cols = problem_.cols();
    xb.memristor = 0;
    xb.word = line_of(problem_.word);
    xb.bit = line_of(problem_.bit);
    xb.values = problem_.conductances.values;
    for (double& g : xb.values) g = std::max(g, kSmallestConductance);
    return xb;
  }

  const ArrayProblem& problem_;
  Buses volts_;
  Result result_;
  SolveReport report_;
};

}  // namespace

std::unique_ptr<BusSolver> make_circuit_solver(const ArrayProblem& problem) {
  return std::make_unique<CircuitSolver>(problem);
}

}  // namespace wordline::crossbar
