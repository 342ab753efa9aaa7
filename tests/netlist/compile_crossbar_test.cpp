// An array written out as plain elements.
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <map>
#include <random>

#include "crossbar_circuits.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline {
namespace {

using testing::add_models;
using testing::make_array;

std::string at(const std::string& prefix, int i, int j) {
  return prefix + "[" + std::to_string(i) + "," + std::to_string(j) + "]";
}

double random_number(std::mt19937& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

bool coin(std::mt19937& random) { return random() % 2 == 0; }

ArrayLine random_line(std::mt19937& random, ArrayLine line) {
  line.segment = coin(random) ? random_number(random, 0.5, 50.0) : 0.0;
  line.driver = coin(random) ? random_number(random, 5.0, 100.0) : 0.0;
  line.capacitance = coin(random) ? 1e-15 : 0.0;
  line.driven = std::array{DrivenEnds::kFirst, DrivenEnds::kLast, DrivenEnds::kBoth}[random() % 3];
  return line;
}

// Voltages of a circuit of conductances with given node voltages, by nodal analysis of the compiled
// elements: resistors, memristors of given conductance, transistors that conduct 1 mS.
constexpr double kTransistorConductance = 1e-3;

Eigen::VectorXd solve_compiled(const Circuit& circuit, const std::map<NodeId, double>& given) {
  const int n = circuit.nodes.size();
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(n, n);
  Eigen::VectorXd b = Eigen::VectorXd::Zero(n);
  const auto add = [&a](NodeId p, NodeId q, double g) {
    a(p, p) += g;
    a(q, q) += g;
    a(p, q) -= g;
    a(q, p) -= g;
  };
  for (const Resistor& r : circuit.resistors.rows) add(r.p, r.n, 1 / r.ohms);
  for (const MemristorElement& m : circuit.memristors.rows) add(m.p, m.n, m.conductance);
  for (const MosfetInstance& t : circuit.mosfets.rows) {
    add(t.drain, t.source, kTransistorConductance);
  }
  for (const auto& [node, voltage] : given) {
    a.row(node).setZero();
    a(node, node) = 1;
    b(node) = voltage;
  }
  return a.colPivHouseholderQr().solve(b);
}

// The same array by a formulation of its own: every line has a node at every cell, and every
// segment and driver a current that obeys v(p) - v(n) = R i, also for R = 0. Nodes are numbered
// (family, row, col); the voltages come from a least-squares solve, since loops of zero resistances
// leave currents undetermined.
class Tableau {
 public:
  Tableau(const Crossbar& xb, std::vector<double> conductances)
      : xb_(xb), conductances_(std::move(conductances)) {}

  // Voltage of family 0 word, 1 bit, 2 source, 3 inner node, at every cell.
  std::vector<Eigen::MatrixXd> solve(const std::map<NodeId, double>& given) {
    add_line(0, xb_.word, true, given);
    add_line(1, xb_.bit, false, given);
    if (xb_.cell == CellKind::k1T1R) add_line(2, xb_.source, !xb_.source_along_columns, given);
    const int nodes = families() * xb_.rows * xb_.cols;
    const int unknowns = nodes + static_cast<int>(branches_.size());
    Eigen::MatrixXd a = Eigen::MatrixXd::Zero(unknowns, unknowns);
    Eigen::VectorXd b = Eigen::VectorXd::Zero(unknowns);
    add_cells(a);
    for (std::size_t k = 0; k < branches_.size(); ++k) {
      const Branch& branch = branches_[k];
      const int i = nodes + static_cast<int>(k);
      a(branch.p, i) += 1;
      a(i, branch.p) += 1;
      a(i, i) -= branch.resistance;
      if (branch.n < 0) {
        b(i) = branch.bus_voltage;
      } else {
        a(branch.n, i) -= 1;
        a(i, branch.n) -= 1;
      }
    }
    const Eigen::VectorXd x = a.completeOrthogonalDecomposition().solve(b);
    EXPECT_LT((a * x - b).norm(), 1e-9);
    std::vector<Eigen::MatrixXd> voltages;
    for (int family = 0; family < families(); ++family) {
      Eigen::MatrixXd v(xb_.rows, xb_.cols);
      for (int i = 0; i < xb_.rows; ++i) {
        for (int j = 0; j < xb_.cols; ++j) v(i, j) = x(node(family, i, j));
      }
      voltages.push_back(v);
    }
    return voltages;
  }

 private:
  struct Branch {
    int p, n;  // n < 0: the bus
    double bus_voltage, resistance;
  };

  int families() const { return xb_.cell == CellKind::k1R ? 2 : 4; }
  int node(int family, int i, int j) const { return (family * xb_.rows + i) * xb_.cols + j; }

  void add_line(int family, const ArrayLine& line, bool along_rows,
                const std::map<NodeId, double>& given) {
    const int lines = along_rows ? xb_.rows : xb_.cols;
    const int cells = along_rows ? xb_.cols : xb_.rows;
    for (int l = 0; l < lines; ++l) {
      const auto cell = [&](int c) { return along_rows ? node(family, l, c) : node(family, c, l); };
      const double bus = given.at(line.bus[static_cast<std::size_t>(l)]);
      if (line.driven != DrivenEnds::kLast) branches_.push_back({cell(0), -1, bus, line.driver});
      if (line.driven != DrivenEnds::kFirst) {
        branches_.push_back({cell(cells - 1), -1, bus, line.driver});
      }
      for (int c = 0; c + 1 < cells; ++c) {
        branches_.push_back({cell(c), cell(c + 1), 0, line.segment});
      }
    }
  }

  void add_cells(Eigen::MatrixXd& a) const {
    const auto add = [&a](int p, int q, double g) {
      a(p, p) += g;
      a(q, q) += g;
      a(p, q) -= g;
      a(q, p) -= g;
    };
    std::size_t cell = 0;
    for (int i = 0; i < xb_.rows; ++i) {
      for (int j = 0; j < xb_.cols; ++j) {
        const double g = conductances_[cell++];
        if (xb_.cell == CellKind::k1R) {
          add(node(0, i, j), node(1, i, j), g);
        } else {
          add(node(1, i, j), node(3, i, j), g);
          add(node(3, i, j), node(2, i, j), kTransistorConductance);
        }
      }
    }
  }

  const Crossbar& xb_;
  std::vector<double> conductances_;
  std::vector<Branch> branches_;
};

// Both are direct solves with condition numbers below 1e5, so 1e-9 V is far above their rounding.
TEST(CompileCrossbar, VoltagesOfRandomLinearArraysMeetAnIndependentFormulation) {
  std::mt19937 random(7);
  for (int trial = 0; trial < 120; ++trial) {
    SCOPED_TRACE(trial);
    Circuit circuit;
    add_models(circuit);
    Crossbar xb = make_array(circuit, coin(random) ? CellKind::k1R : CellKind::k1T1R,
                             1 + static_cast<int>(random() % 4), 1 + static_cast<int>(random() % 4),
                             coin(random));
    xb.word = random_line(random, xb.word);
    xb.bit = random_line(random, xb.bit);
    xb.source = random_line(random, xb.source);
    for (int k = 0; k < xb.rows * xb.cols; ++k) {
      xb.values.push_back(random_number(random, 1e-5, 1e-3));
    }
    xb.values_are_conductances = true;
    std::map<NodeId, double> given = {{0, 0.0}};
    for (const ArrayLine* line : {&xb.word, &xb.bit, &xb.source}) {
      for (const NodeId bus : line->bus) given[bus] = random_number(random, -1, 1);
    }
    circuit.crossbars.push_back(xb);
    const Circuit compiled = compile_crossbars(circuit);
    const Eigen::VectorXd v = solve_compiled(compiled, given);
    const auto expected = Tableau(xb, xb.values).solve(given);
    const std::array<std::string, 4> families = {"xb.wl", "xb.bl", "xb.sl", "xb.n"};
    for (std::size_t family = 0; family < expected.size(); ++family) {
      for (int i = 0; i < xb.rows; ++i) {
        for (int j = 0; j < xb.cols; ++j) {
          const auto node = compiled.nodes.find(at(families[family], i, j));
          ASSERT_TRUE(node.has_value()) << at(families[family], i, j);
          EXPECT_NEAR(v(*node), expected[family](i, j), 1e-9) << at(families[family], i, j);
        }
      }
    }
  }
}

// One cell between two drivers is a series circuit: I = V / (Rw + 1/g + Rb). Two driven ends of a
// line of one cell are two drivers in parallel.
TEST(CompileCrossbar, OneCellIsASeriesCircuit) {
  Circuit circuit;
  add_models(circuit);
  Crossbar xb = make_array(circuit, CellKind::k1R, 1, 1);
  xb.word.driver = 100;
  xb.word.driven = DrivenEnds::kBoth;
  xb.bit.driver = 30;
  xb.values = {1e-3};
  xb.values_are_conductances = true;
  circuit.crossbars.push_back(xb);
  const Circuit compiled = compile_crossbars(circuit);
  const Eigen::VectorXd v =
      solve_compiled(compiled, {{0, 0.0}, {xb.word.bus[0], 1.0}, {xb.bit.bus[0], 0.0}});
  const double current = 1.0 / (50.0 + 1000.0 + 30.0);
  EXPECT_NEAR(v(*compiled.nodes.find("xb.wl[0,0]")), 1 - 50 * current, 1e-12);
  EXPECT_NEAR(v(*compiled.nodes.find("xb.bl[0,0]")), 30 * current, 1e-12);
}

TEST(CompileCrossbar, CountsOf1T1R) {
  Circuit circuit;
  add_models(circuit);
  Crossbar xb = make_array(circuit, CellKind::k1T1R, 3, 5);
  for (ArrayLine* line : {&xb.word, &xb.bit, &xb.source}) {
    line->driver = 20;
    line->capacitance = 1e-15;
  }
  xb.bit.driven = DrivenEnds::kBoth;
  circuit.crossbars.push_back(xb);
  const Circuit compiled = compile_crossbars(circuit);
  EXPECT_EQ(compiled.memristors.size(), 15u);
  EXPECT_EQ(compiled.mosfets.size(), 15u);
  EXPECT_EQ(compiled.capacitors.size(), 3 * 15u);
  // Segments: 3*4 word, 2*5 bit, 3*4 source; drivers: 3 word, 2*5 bit, 3 source.
  EXPECT_EQ(compiled.resistors.size(), 12u + 10u + 12u + 3u + 10u + 3u);
  // Ground, buses 3 + 5 + 3, and four nodes a cell.
  EXPECT_EQ(compiled.nodes.size(), 1 + 11 + 4 * 15);
  EXPECT_EQ(static_cast<std::size_t>(compiled.resistors.names.size()), compiled.resistors.size());
  EXPECT_TRUE(compiled.crossbars.empty());
}

TEST(CompileCrossbar, TerminalsOfTheCellStandAsDocumented) {
  Circuit circuit;
  add_models(circuit);
  Crossbar xb = make_array(circuit, CellKind::k1T1R, 2, 3, true);
  xb.bulk = circuit.nodes.intern("well");
  xb.width = 2e-6;
  xb.length = 0.2e-6;
  xb.flip = true;
  xb.v_read = 0.2;
  xb.values = {0, 1, 2, 3, 4, 5};
  circuit.crossbars.push_back(xb);
  const Circuit c = compile_crossbars(circuit);
  const auto cell = static_cast<std::size_t>(*c.memristors.names.find("xb.m[1,2]"));
  const MemristorElement& m = c.memristors.rows[cell];
  EXPECT_EQ(m.p, c.nodes.find("xb.bl[1,2]"));
  EXPECT_EQ(m.n, c.nodes.find("xb.n[1,2]"));
  EXPECT_EQ(m.state, 5);
  EXPECT_EQ(m.conductance, 0);
  EXPECT_EQ(m.v_read, 0.2);
  EXPECT_TRUE(m.flip);
  const MosfetInstance& t =
      c.mosfets.rows[static_cast<std::size_t>(*c.mosfets.names.find("xb.t[1,2]"))];
  EXPECT_EQ(t.drain, m.n);
  EXPECT_EQ(t.gate, c.nodes.find("xb.wl[1,2]"));
  EXPECT_EQ(t.source, c.nodes.find("xb.sl[1,2]"));
  EXPECT_EQ(t.bulk, xb.bulk);
  EXPECT_EQ(t.width, 2e-6);
  EXPECT_EQ(t.length, 0.2e-6);
}

TEST(CompileCrossbar, SegmentsJoinNeighboursOfTheirLine) {
  Circuit circuit;
  add_models(circuit);
  Crossbar xb = make_array(circuit, CellKind::k1R, 3, 4);
  xb.bit.segment = 7;
  circuit.crossbars.push_back(xb);
  const Circuit c = compile_crossbars(circuit);
  const Resistor& word =
      c.resistors.rows[static_cast<std::size_t>(*c.resistors.names.find("xb.rwl[2,1]"))];
  EXPECT_EQ(word.p, c.nodes.find("xb.wl[2,1]"));
  EXPECT_EQ(word.n, c.nodes.find("xb.wl[2,2]"));
  EXPECT_EQ(word.ohms, 1);
  const Resistor& bit =
      c.resistors.rows[static_cast<std::size_t>(*c.resistors.names.find("xb.rbl[1,3]"))];
  EXPECT_EQ(bit.p, c.nodes.find("xb.bl[1,3]"));
  EXPECT_EQ(bit.n, c.nodes.find("xb.bl[2,3]"));
  EXPECT_EQ(bit.ohms, 7);
}

TEST(CompileCrossbar, MergedNodesKeepAllTheirNames) {
  Circuit circuit;
  add_models(circuit);
  Crossbar xb = make_array(circuit, CellKind::k1R, 2, 3);
  xb.word.segment = 0;  // the whole line is its bus node
  xb.bit.segment = 0;   // the line is one node behind its driver
  xb.bit.driver = 10;
  circuit.crossbars.push_back(xb);
  const Circuit c = compile_crossbars(circuit);
  EXPECT_EQ(c.nodes.size(), 1 + 2 + 3 + 3);
  for (int j = 0; j < 3; ++j) EXPECT_EQ(c.nodes.find(at("xb.wl", 1, j)), xb.word.bus[1]);
  EXPECT_EQ(c.nodes.find("xb.bl[0,2]"), c.nodes.find("xb.bl[1,2]"));
  EXPECT_NE(c.nodes.find("xb.bl[0,2]"), c.nodes.find("xb.bl[0,1]"));
  for (NodeId id = 0; id < c.nodes.size(); ++id) EXPECT_EQ(c.nodes.find(c.nodes[id]), id);
}

TEST(CompileCrossbar, ReservedNodesAreThoseOfTheCompiledArray) {
  Circuit circuit;
  add_models(circuit);
  circuit.crossbars.push_back(make_array(circuit, CellKind::k1T1R, 4, 4));
  reserve_nodes(circuit.crossbars.front(), circuit);
  const auto probe = circuit.nodes.find("xb.n[2,3]");
  ASSERT_TRUE(probe.has_value());
  circuit.resistors.add("rleak", {*probe, 0, 1e6});
  const Circuit c = compile_crossbars(circuit);
  EXPECT_EQ(c.nodes.size(), circuit.nodes.size());
  EXPECT_EQ(c.mosfets.rows[2 * 4 + 3].drain, *probe);
}

TEST(CompileCrossbar, OneValueServesAllCells) {
  Circuit circuit;
  add_models(circuit);
  Crossbar xb = make_array(circuit, CellKind::k1R, 2, 2);
  xb.values = {0.25};
  circuit.crossbars.push_back(xb);
  for (const MemristorElement& m : compile_crossbars(circuit).memristors.rows) {
    EXPECT_EQ(m.state, 0.25);
  }
}

TEST(CompileCrossbar, FaultyArraysAreErrorsThatNameTheArray) {
  const auto fault = [](auto&& damage) {
    Circuit circuit;
    add_models(circuit);
    Crossbar xb = make_array(circuit, CellKind::k1T1R, 2, 3);
    damage(xb);
    circuit.crossbars.push_back(xb);
    try {
      compile_crossbars(circuit);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(fault([](Crossbar& xb) { xb.bit.bus.pop_back(); }),
            "array xb: xb.bl: the bus has 2 nodes for 3 lines");
  EXPECT_EQ(fault([](Crossbar& xb) { xb.rows = 0; }),
            "array xb: an array needs at least one row and one column, not 0 x 3");
  EXPECT_EQ(fault([](Crossbar& xb) { xb.word.bus[0] = 999; }),
            "array xb: xb.wl: bus node 999 does not exist");
  EXPECT_EQ(fault([](Crossbar& xb) { xb.values.assign(5, 0.0); }),
            "array xb: 5 values for 6 cells");
  EXPECT_EQ(fault([](Crossbar& xb) { xb.memristor = 1; }),
            "array xb: the cells need a memristor model");
  EXPECT_EQ(fault([](Crossbar& xb) { xb.transistor = -1; }),
            "array xb: 1t1r cells need a transistor model");
  EXPECT_EQ(fault([](Crossbar& xb) { xb.width = 0; }),
            "array xb: the transistor's w and l must be positive");
  EXPECT_NE(fault([](Crossbar& xb) { xb.source.segment = -1; }), "");
  EXPECT_NE(fault([](Crossbar& xb) { xb.rows = xb.cols = 1 << 20; }), "");
}

TEST(CompileCrossbar, TwoArraysOfOneNameAreAnError) {
  Circuit circuit;
  add_models(circuit);
  circuit.crossbars.push_back(make_array(circuit, CellKind::k1R, 2, 2));
  circuit.crossbars.push_back(circuit.crossbars.front());
  EXPECT_THROW(compile_crossbars(circuit), Error);
}

TEST(CompileCrossbar, ANodeThatTakesAnArrayNameIsAnError) {
  Circuit circuit;
  add_models(circuit);
  circuit.nodes.intern("xb.wl[0,1]");
  circuit.crossbars.push_back(make_array(circuit, CellKind::k1R, 2, 2));
  EXPECT_THROW(compile_crossbars(circuit), Error);
}

}  // namespace
}  // namespace wordline
