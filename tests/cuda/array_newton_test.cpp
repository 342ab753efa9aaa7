// Newton's method for arrays as a GPU does it, run by its twin on the processor: against the
// processor's own solver and against KLU on the plain circuit, for both kinds of cells and of
// drivers; inputs side by side against one by one; steps in which states move; what becomes of it
// where memory is used up or there is no solution.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "array_decks.hpp"
#include "wordline/crossbar/batch_products.hpp"
#include "wordline/crossbar/cells.hpp"
#include "wordline/crossbar/moving_circuit.hpp"
#include "wordline/crossbar/node_solver.hpp"
#include "wordline/crossbar/problem.hpp"
#include "wordline/crossbar/pulsed_array.hpp"
#include "wordline/crossbar/state_integrator.hpp"
#include "wordline/cuda/batch_newton.hpp"
#include "wordline/cuda/host_queue.hpp"
#include "wordline/solvers/gpu.hpp"

namespace wordline::crossbar {
namespace {

using gpu::HostQueue;
using testing::array_circuit;
using testing::largest_of;
using testing::random_states;
using testing::random_volts;
using Twin = gpu::BatchNewton<HostQueue>;

struct Case {
  std::string name;
  std::string arguments;  // of .crossbar
  double low, high;       // states
  double most;            // V, of the bit lines
};

constexpr double kTolerance = 1e-12;

// An array of a case, its lines and cells on their own, and voltages for its buses.
class ArrayOf {
 public:
  explicit ArrayOf(const Case& c)
      : circuit_(array_circuit(c.arguments)),
        problem_(make_problem(with_states(c), circuit_, {.tolerance = kTolerance})),
        network_(problem_.network()),
        cells_(make_cells(*problem_.crossbar, problem_.circuit)) {
    volts_ = buses(c.most, 1);
    set_gates(volts_);
  }

  // The bit lines between 0 V and `most`; the other lines about 0 V, gates well above.
  Buses buses(double most, unsigned seed) const {
    const auto lines = [&](Lines kind) { return static_cast<std::size_t>(problem_.lines(kind)); };
    const bool gated = problem_.has_transistors();
    Buses volts;
    volts.word = gated ? random_volts(lines(Lines::kWord), 1.5, 2.5, seed)
                       : random_volts(lines(Lines::kWord), -0.1, 0.1, seed);
    volts.bit = random_volts(lines(Lines::kBit), 0, most, seed + 1);
    if (gated) volts.source = random_volts(lines(Lines::kSource), -0.05, 0.1, seed + 2);
    return volts;
  }
  BusValues planes(const Buses& volts) const { return problem_.planes(volts); }
  std::vector<double> gates(const Buses& volts) const { return problem_.gates(volts); }
  void set_gates(const Buses& volts) { cells_->set_gates(gates(volts)); }

  std::unique_ptr<ArrayNewton> twin(std::int32_t members = 1,
                                    std::unique_ptr<HostQueue> queue = nullptr) const {
    if (queue == nullptr) queue = std::make_unique<HostQueue>();
    return Twin::make(std::move(queue), network_.lines(), *cells_->parts(), members);
  }
  NodeSolver nodes(Method method = Method::kAuto) const {
    return {network_, *cells_, {.tolerance = kTolerance, .method = method}, 1};
  }
  Solution by_klu() const {
    Settings settings = problem_.settings;
    settings.method = Method::kKlu;
    return Array(*problem_.crossbar, circuit_, settings).solve(volts_);
  }

  const ArrayProblem& problem() const { return problem_; }
  const Circuit& circuit() const { return circuit_; }
  bool has_transistors() const { return problem_.has_transistors(); }
  const Network& network() const { return network_; }
  Cells& cells() { return *cells_; }
  const Buses& volts() const { return volts_; }
  double largest() const {
    return std::max({largest_of(volts_.bit), largest_of(planes(volts_).row)});
  }

 private:
  const Crossbar& with_states(const Case& c) {
    Crossbar& xb = circuit_.crossbars[0];
    const auto cells = static_cast<std::size_t>(xb.rows) * static_cast<std::size_t>(xb.cols);
    xb.values = random_states(cells, c.low, c.high, 4);
    return xb;
  }

  Circuit circuit_;
  ArrayProblem problem_;
  Network network_;
  std::unique_ptr<Cells> cells_;
  Buses volts_;
};

void expect_near(std::span<const double> ours, std::span<const double> theirs, double allowed,
                 const char* what) {
  ASSERT_EQ(ours.size(), theirs.size()) << what;
  for (std::size_t k = 0; k < ours.size(); ++k) {
    ASSERT_NEAR(ours[k], theirs[k], allowed) << what << ' ' << k;
  }
}

class ArrayNewtonTwin : public ::testing::TestWithParam<Case> {};

// Of the largest voltage. Residuals of 1e-12 of what is driven make voltages of that accuracy times
// the condition, some 1e3; the engine's tolerance is 1e-9 of every node's currents, and its last
// step makes that better.
constexpr double kAllowed = 1e-9;

TEST_P(ArrayNewtonTwin, FindsTheSolutionOfTheProcessorAndOfKlu) {
  ArrayOf array(GetParam());
  const BusValues planes = array.planes(array.volts());
  NodeSolver ours = array.nodes();
  ours.use(array.twin());
  const SolveReport report = ours.solve(planes);
  ASSERT_TRUE(report.ok) << report.message;
  EXPECT_EQ(report.method, "newton on the GPU");
  EXPECT_LE(report.residual, kTolerance);
  EXPECT_GE(report.newton, 1);
  EXPECT_GE(report.inner, report.newton);
  const double volt = kAllowed * array.largest();

  const Solution klu = array.by_klu();
  expect_near(ours.voltages().row, (array.has_transistors() ? klu.source : klu.word).values, volt,
              "row line");
  expect_near(ours.voltages().col, klu.bit.values, volt, "column line");
  const BusValues currents = ours.bus_currents(planes);
  const double ampere = kAllowed * largest_of(klu.current.bit);
  expect_near(currents.col, klu.current.bit, ampere, "bit bus");
  expect_near(currents.row, array.has_transistors() ? klu.current.source : klu.current.word, ampere,
              "row bus");

  // Cells that are evaluated at the solution draw what the GPU says they do.
  const std::vector<double> drawn(ours.currents().col.begin(), ours.currents().col.end());
  ours.settle();
  expect_near(drawn, array.cells().currents().col, ampere, "cell");

  NodeSolver theirs = array.nodes(Method::kKrylov);
  const SolveReport processor = theirs.solve(planes);
  ASSERT_TRUE(processor.ok);
  expect_near(ours.voltages().row, theirs.voltages().row, volt, "row line");
  expect_near(ours.voltages().col, theirs.voltages().col, volt, "column line");
  // The same method from the same beginning; single precision nowhere.
  EXPECT_NEAR(report.newton, processor.newton, 1);
}

// Whatever depends on the order of threads is a race.
TEST_P(ArrayNewtonTwin, DoesNotDependOnTheOrderOfThreads) {
  std::vector<std::vector<double>> found;
  for (const gpu::Order order : {gpu::Order::kForwards, gpu::Order::kBackwards}) {
    ArrayOf array(GetParam());
    NodeSolver nodes = array.nodes();
    nodes.use(array.twin(
        1, std::make_unique<HostQueue>(12288, std::numeric_limits<std::size_t>::max(), order)));
    ASSERT_TRUE(nodes.solve(array.planes(array.volts())).ok);
    found.emplace_back(nodes.voltages().col.begin(), nodes.voltages().col.end());
  }
  EXPECT_EQ(found[0], found[1]);
}

// Inputs of one array side by side, of which one is nothing and ends at once.
TEST_P(ArrayNewtonTwin, SolvesInputsSideBySide) {
  constexpr std::int32_t kMembers = 5;
  ArrayOf array(GetParam());
  const std::size_t cells = array.network().cells();
  std::vector<double> f_row, f_col, x_row, x_col, gates, goals;
  std::vector<Buses> inputs;
  for (std::int32_t b = 0; b < kMembers; ++b) {
    Buses volts = array.buses(b == 2 ? 0 : GetParam().most, 10U * static_cast<unsigned>(b));
    if (b == 2 && array.has_transistors()) volts.source.assign(volts.source.size(), 0.0);
    if (b == 2 && !array.has_transistors()) volts.word.assign(volts.word.size(), 0.0);
    Network::Drive drive;
    std::vector<double> row(cells), col(cells);
    array.network().drive(array.planes(volts), drive, row, col);
    const auto append = [](std::vector<double>& to, const std::vector<double>& more) {
      to.insert(to.end(), more.begin(), more.end());
    };
    append(f_row, drive.f_row);
    append(f_col, drive.f_col);
    append(x_row, row);
    append(x_col, col);
    append(gates, array.gates(volts));
    goals.push_back(kTolerance * drive.scale);
    inputs.push_back(volts);
  }
  const auto twin = array.twin(kMembers);
  CellSettings settings = array.cells().settings();
  settings.gates = gates;
  twin->set(settings);
  const auto outcomes = twin->solve({f_row, f_col}, x_row, x_col, goals);
  std::vector<double> i_row(x_row.size()), i_col(x_col.size());
  twin->currents(i_row, i_col);
  for (std::size_t b = 0; b < inputs.size(); ++b) {
    SCOPED_TRACE(b);
    ASSERT_TRUE(outcomes[b].ok) << outcomes[b].failure;
    EXPECT_EQ(outcomes[b].newton == 0, b == 2);
    array.set_gates(inputs[b]);
    NodeSolver one = array.nodes(Method::kKrylov);
    ASSERT_TRUE(one.solve(array.planes(inputs[b])).ok);
    const auto part = [&](const std::vector<double>& all) {
      return std::span(all).subspan(b * cells, cells);
    };
    expect_near(part(x_row), one.voltages().row, kAllowed, "row line");
    expect_near(part(x_col), one.voltages().col, kAllowed, "column line");
    expect_near(part(i_col), one.currents().col, kAllowed * 1e-2, "cell");
  }
}

const std::string kOhms = " r_wl=2 r_bl=3 rs_wl=50 rs_bl=80";
const std::string kNmos = " w=2u l=0.2u r_sl=2 rs_sl=30";
INSTANTIATE_TEST_SUITE_P(
    Arrays, ArrayNewtonTwin,
    ::testing::Values(
        Case{"Sinh", "rows=20 cols=17 cell=1r memristor=tunnel" + kOhms, 1e-5, 1e-3, 1.5},
        Case{"SinhBothEnds",
             "rows=12 cols=30 cell=1r memristor=tunnel flip=1 ends_wl=both ends_bl=both" + kOhms,
             1e-5, 1e-3, 1.5},
        Case{"SinhHeldEnds", "rows=9 cols=13 cell=1r memristor=tunnel ends_bl=last r_wl=4 r_bl=1",
             1e-6, 1e-3, 1.5},
        // More cells than a second level is for.
        Case{"SinhLarge", "rows=90 cols=70 cell=1r memristor=tunnel" + kOhms, 1e-4, 1e-2, 1.2},
        Case{"Vteam", "rows=14 cols=9 cell=1r memristor=ionic" + kOhms, 0.1e-9, 2.9e-9, 0.5},
        Case{"YakopcicHeld", "rows=7 cols=11 cell=1r memristor=silver r_wl=1 r_bl=1", 0.01, 1, 0.5},
        Case{"Oxide", "rows=5 cols=6 cell=1r memristor=oxide" + kOhms, 0.01, 10, 0.5},
        Case{"Nmos", "rows=20 cols=17 cell=1t1r memristor=tunnel transistor=nfet" + kNmos + kOhms,
             1e-5, 1e-3, 0.8},
        Case{"NmosVteamBothEnds",
             "rows=9 cols=15 cell=1t1r memristor=ionic transistor=nfet ends_sl=both ends_bl=both" +
                 kNmos + kOhms,
             0.1e-9, 2.9e-9, 0.8},
        Case{"NmosHeld",
             "rows=6 cols=9 cell=1t1r memristor=ohmic transistor=nfet w=2u l=0.2u r_sl=2 r_bl=1",
             1e-5, 1e-3, 0.8},
        Case{"Level3", "rows=8 cols=6 cell=1t1r memristor=silver transistor=nshort" + kNmos + kOhms,
             0.01, 1, 0.8},
        Case{"Ekv", "rows=6 cols=5 cell=1t1r memristor=silver transistor=nsmooth" + kNmos + kOhms,
             0.01, 1, 0.8}),
    [](const auto& info) { return info.param.name; });

// Three at a time, the last time fewer.
TEST_P(ArrayNewtonTwin, MultipliesInputs) {
  ArrayOf array(GetParam());
  constexpr std::int64_t kInputs = 5;
  const auto lines = static_cast<std::size_t>(array.problem().lines(Lines::kBit));
  const Matrix volts{kInputs, static_cast<std::int64_t>(lines),
                     random_volts(kInputs * lines, 0, GetParam().most, 9)};
  ArrayProblem problem = array.problem();
  problem.settings.inputs = Lines::kBit;
  problem.settings.outputs = array.has_transistors() ? Lines::kSource : Lines::kWord;
  if (array.has_transistors()) problem.settings.word_bias = 1.5;
  SolveReport report;
  const auto ours = multiply_by_newton(problem, array.cells(), volts, *array.twin(3), report);
  ASSERT_TRUE(ours.has_value());
  EXPECT_EQ(report.method, "newton on the GPU");
  EXPECT_LE(report.residual, kTolerance);
  Settings settings = problem.settings;
  settings.method = Method::kKlu;
  const Matrix theirs = Array(*problem.crossbar, array.circuit(), settings).matmul(volts);
  expect_near(ours->values, theirs.values, kAllowed * largest_of(theirs.values), "output");
}

// --- Arrays of their own -------------------------------------------------------------------------

// Two arrays of one shape and other states, side by side.
TEST(ArrayNewtonTwinBatch, SolvesArraysSideBySide) {
  const Case c{"", "rows=7 cols=5 cell=1r memristor=tunnel" + kOhms, 1e-5, 1e-3, 1.5};
  ArrayOf array(c);
  const std::size_t cells = array.network().cells();
  const Circuit circuit = array_circuit(c.arguments);
  const ModelCard& card = circuit.models[static_cast<std::size_t>(circuit.crossbars[0].memristor)];
  const auto bank = card.type->make_bank();
  for (std::size_t k = 0; k < 2 * cells; ++k) bank->add({card.values});
  std::vector<double> states(2 * cells);
  const std::span<const double> first = array.cells().memristors().states();
  for (std::size_t k = 0; k < cells; ++k) {
    states[k] = first[k];
    states[cells + k] = 0.3 * first[k];
  }
  const auto twin = Twin::make(std::make_unique<HostQueue>(), array.network().lines(),
                               {.memristors = bank.get()}, 2);
  twin->set({.states = states, .gates = {}, .following = {}, .b = {}});
  const BusValues planes = array.planes(array.volts());
  Network::Drive drive;
  std::vector<double> x_row(2 * cells), x_col(2 * cells);
  array.network().drive(planes, drive, std::span(x_row).first(cells),
                        std::span(x_col).first(cells));
  std::vector<double> f_row = drive.f_row;
  std::vector<double> f_col = drive.f_col;
  f_row.insert(f_row.end(), drive.f_row.begin(), drive.f_row.end());
  f_col.insert(f_col.end(), drive.f_col.begin(), drive.f_col.end());
  const std::vector<double> goals(2, kTolerance * drive.scale);
  const auto outcomes = twin->solve({f_row, f_col}, x_row, x_col, goals);
  for (std::size_t b = 0; b < 2; ++b) {
    ASSERT_TRUE(outcomes[b].ok) << outcomes[b].failure;
    for (std::size_t k = 0; k < cells; ++k) {
      array.cells().memristors().states()[k] = states[b * cells + k];
    }
    NodeSolver one = array.nodes(Method::kKrylov);
    ASSERT_TRUE(one.solve(planes).ok);
    expect_near(std::span(x_col).subspan(b * cells, cells), one.voltages().col, kAllowed, "column");
  }
}

// --- States that move ----------------------------------------------------------------------------

// An implicit step, in which some states solve their formula and the others rest.
TEST(ArrayNewtonTwinStep, MovesStatesAsTheProcessorDoes) {
  for (const std::string cell :
       {"cell=1r", "cell=1t1r transistor=nfet w=2u l=0.2u r_sl=2 rs_sl=30"}) {
    SCOPED_TRACE(cell);
    std::string arguments = "rows=6 cols=8 memristor=silver r_wl=2 r_bl=3 rs_wl=50 rs_bl=80 ";
    arguments += cell;
    const Case c{"", arguments, 0.1, 0.8, 1.2};
    std::vector<std::vector<double>> states, volts;
    double moved = 0;
    for (const bool on_twin : {true, false}) {
      ArrayOf array(c);
      CellMemristors& memristors = array.cells().memristors();
      const std::vector<std::size_t> following{1, 4, 9, 20, 47};
      constexpr double kRate = 1e4;  // 1/s
      std::vector<double> b, before;
      for (const std::size_t k : following) {
        b.push_back(-kRate * memristors.states()[k]);
        before.push_back(memristors.states()[k]);
      }
      memristors.follow(following);
      memristors.set_formula(kRate, b);
      NodeSolver nodes = array.nodes(Method::kKrylov);
      if (on_twin) nodes.use(array.twin());
      const SolveReport report = nodes.solve(array.planes(array.volts()));
      ASSERT_TRUE(report.ok) << report.message;
      EXPECT_EQ(report.method == "newton on the GPU", on_twin);
      states.emplace_back(memristors.states().begin(), memristors.states().end());
      volts.emplace_back(nodes.voltages().col.begin(), nodes.voltages().col.end());
      for (std::size_t n = 0; n < before.size(); ++n) {
        moved = std::max(moved, std::abs(states.back()[following[n]] - before[n]));
      }
    }
    EXPECT_GT(moved, 1e-3);
    expect_near(states[0], states[1], 1e-9, "state");
    expect_near(volts[0], volts[1], kAllowed, "column line");
  }
}

// A pulse that moves all states, in as many steps as that takes: with every cell on the GPU, on the
// processor, and as PulsedArray does it, which leaves resting cells on their tangents. Errors of a
// step are 1e-6 of the states' range.
TEST(ArrayNewtonTwinStep, WritesAsTheProcessorDoes) {
  const Case c{"",
               "rows=6 cols=5 memristor=silver cell=1t1r transistor=nfet w=2u l=0.2u r_sl=2 "
               "rs_sl=30" +
                   kOhms,
               0.2, 0.6, 1.2};
  constexpr double kWidth = 1e-4;
  constexpr double kStateTolerance = 1e-6;
  std::vector<std::vector<double>> states;
  std::vector<StateIntegrator::Outcome> outcomes;
  std::vector<double> before;
  for (const bool on_twin : {true, false}) {
    ArrayOf array(c);
    const BusValues planes = array.planes(array.volts());
    NodeSolver nodes = array.nodes(Method::kKrylov);
    if (on_twin) nodes.use(array.twin());
    ASSERT_TRUE(nodes.solve(planes).ok);
    nodes.settle();
    const std::span<const double> x = array.cells().memristors().states();
    before.assign(x.begin(), x.end());
    std::vector<std::size_t> all(x.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    AllCells circuit(array.cells(), nodes, planes);
    outcomes.push_back(StateIntegrator(circuit, all, kStateTolerance).run(kWidth, nullptr));
    ASSERT_TRUE(outcomes.back().ok);
    EXPECT_EQ(nodes.is_on_gpu(), on_twin);
    states.emplace_back(x.begin(), x.end());
  }
  EXPECT_EQ(outcomes[0].steps, outcomes[1].steps);
  EXPECT_NEAR(outcomes[0].delivered, outcomes[1].delivered, 1e-9 * outcomes[1].delivered);
  expect_near(states[0], states[1], 1e-9, "state");

  ArrayOf array(c);
  PulsedArray pulsed(*array.problem().crossbar, array.circuit(),
                     {.state_tolerance = kStateTolerance});
  pulsed.apply({.volts = array.volts(), .width = kWidth});
  double moved = 0;
  for (std::size_t k = 0; k < before.size(); ++k) {
    moved = std::max(moved, std::abs(states[0][k] - before[k]));
  }
  EXPECT_GT(moved, 0.05);
  expect_near(states[0], pulsed.crossbar().values, 100 * kStateTolerance, "state");
}

// --- Where it does not ---------------------------------------------------------------------------

// Enough memory for what is there from the beginning, but not for BiCGStab's vectors, which cells
// with transistors need.
TEST(ArrayNewtonTwinFailure, LeavesTheSolutionToTheProcessorWhereMemoryIsUsedUp) {
  const Case c{"", "rows=8 cols=6 cell=1t1r memristor=ohmic transistor=nfet" + kNmos + kOhms, 1e-5,
               1e-3, 0.8};
  ArrayOf array(c);
  std::unique_ptr<ArrayNewton> twin;
  for (std::size_t bytes = 10'000; twin == nullptr; bytes += 500) {
    try {
      twin = array.twin(1, std::make_unique<HostQueue>(12288, bytes));
    } catch (const gpu::OutOfDeviceMemory&) {
      ASSERT_LT(bytes, 100'000U);
    }
  }
  NodeSolver nodes = array.nodes();
  nodes.use(std::move(twin));
  const SolveReport report = nodes.solve(array.planes(array.volts()));
  ASSERT_TRUE(report.ok);
  EXPECT_NE(report.method, "newton on the GPU");
  EXPECT_LE(report.residual, kTolerance);
  expect_near(nodes.voltages().col, array.by_klu().bit.values, kAllowed * array.largest(), "bit");
}

TEST(ArrayNewtonTwinFailure, SaysThatALineIsSingular) {
  const Case c{"", "rows=4 cols=3 cell=1r memristor=tunnel" + kOhms, 1e-5, 1e-3, 1};
  ArrayOf array(c);
  ArrayMatrix floating = array.network().lines();
  floating.row.first.assign(floating.row.first.size(), 0.0);
  for (double& x : array.cells().memristors().states()) x = 0;
  const auto twin = Twin::make(std::make_unique<HostQueue>(), floating, *array.cells().parts(), 1);
  twin->set(array.cells().settings());
  std::vector<double> f_row(12, 1e-3), f_col(12), x_row(12), x_col(12);
  const double goal = 1e-15;
  const auto outcome = twin->solve({f_row, f_col}, x_row, x_col, {&goal, 1})[0];
  EXPECT_FALSE(outcome.ok);
  EXPECT_EQ(outcome.failure, "a line of the array is singular");
}

TEST(ArrayNewtonTwinFailure, MovesNoStatesThatInputsShare) {
  const Case c{"", "rows=4 cols=3 cell=1r memristor=silver" + kOhms, 0.1, 0.9, 1};
  ArrayOf array(c);
  CellMemristors& memristors = array.cells().memristors();
  memristors.follow({0});
  memristors.set_formula(1, std::vector<double>{0});
  EXPECT_THROW(array.twin(2)->set(memristors.settings()), Error);
}

TEST(ArrayNewtonOnAGpu, IsAnErrorWithoutOne) {
  if (why_no_gpu().empty()) GTEST_SKIP() << "there is a GPU";
  const Case c{"", "rows=4 cols=3 cell=1r memristor=tunnel" + kOhms, 1e-5, 1e-3, 1};
  ArrayOf array(c);
  EXPECT_THROW(make_gpu_newton(array.network().lines(), *array.cells().parts(), 1), Error);
}

}  // namespace
}  // namespace wordline::crossbar
