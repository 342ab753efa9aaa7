// Newton's method on the GPU itself: its cells against those of the twin, and arrays that are asked
// for with kCuda against KLU and the processor.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "array_decks.hpp"
#include "memristor_cards.hpp"
#include "wordline/crossbar/array.hpp"
#include "wordline/crossbar/cells.hpp"
#include "wordline/crossbar/pulsed_array.hpp"
#include "wordline/cuda/batch_cells.hpp"
#include "wordline/cuda/device_queue.hpp"
#include "wordline/cuda/host_queue.hpp"
#include "wordline/solvers/gpu.hpp"

namespace wordline::gpu {
namespace {

using testing::array_circuit;
using testing::largest_of;
using testing::random_states;
using testing::random_volts;

class DeviceNewton : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string reason = why_no_gpu(); !reason.empty()) GTEST_SKIP() << reason;
  }
};

constexpr Shape kShape{37, 29, 1, false};
const auto kCells = static_cast<std::size_t>(kShape.cells());

template <class T>
std::vector<T> downloaded(DeviceQueue& queue, const DeviceQueue::Table<T>& table) {
  std::vector<T> values(table.size());
  queue.download<T>(table, values);
  return values;
}
template <class T>
std::vector<T> downloaded(HostQueue& /*queue*/, const std::vector<T>& table) {
  return table;
}

struct Evaluated {
  std::vector<double> i_row, i_col, x;
};

template <class Queue>
Evaluated evaluated(Queue& queue, const CellParts& parts, CellSettings settings,
                    const std::vector<double>& row, const std::vector<double>& col) {
  const auto cells = make_batch_cells(queue, kShape, parts);
  if (cells == nullptr) return {};
  auto row_there = queue.template table<double>(kShape.size());
  auto col_there = queue.template table<double>(kShape.size());
  queue.template upload<double>(row, row_there);
  queue.template upload<double>(col, col_there);
  cells->set(settings);
  cells->wake({1});
  cells->evaluate(row_there, col_there);
  Evaluated e{downloaded(queue, cells->i_row()), downloaded(queue, cells->i_col()),
              std::vector<double>(settings.states.size())};
  cells->states(e.x);
  return e;
}

// Sums are rounded alike; exponentials and logarithms of the two sides differ by a few units in the
// last place, which arguments of up to 80 and states that are solved to 1e-12 magnify.
void expect_near(const std::vector<double>& ours, const std::vector<double>& theirs,
                 double allowed) {
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t k = 0; k < ours.size(); ++k) {
    EXPECT_NEAR(ours[k], theirs[k], allowed * std::abs(theirs[k]) + 1e-22) << k;
  }
}

TEST_F(DeviceNewton, EvaluatesMemristorsAsTheTwinDoes) {
  for (const testing::MemristorCard& card : testing::memristor_cards()) {
    SCOPED_TRACE(card.name);
    const auto bank = card.model->make_bank();
    for (std::size_t k = 0; k < kCells; ++k) bank->add({card.values, 1, k % 3 == 0});
    const Bounds bounds = bank->bounds(0);
    std::vector<double> start;
    for (const double part : random_volts(kCells, 0.05, 0.95, 1)) {
      start.push_back(bounds.low + part * (bounds.high - bounds.low));
    }
    if (bank->has_thermal_states()) start.insert(start.end(), kCells, bank->ambient(0));
    const std::vector<double> volts = random_volts(kCells, -1, 1, 2);
    const std::vector<double> none(kCells);
    std::vector<double> rates(start.size());
    bank->rates(volts, start, rates);
    double fastest = largest_of({rates.begin(), rates.begin() + std::ssize(none)});
    if (fastest == 0) fastest = 1;
    std::vector<std::size_t> all(kCells);
    for (std::size_t k = 0; k < kCells; ++k) all[k] = k;
    for (const double a0 : {0.0, fastest / (0.01 * (bounds.high - bounds.low))}) {
      std::vector<double> b;
      for (const double x : start) b.push_back(-a0 * x);
      const CellSettings settings{start, {}, a0, all, b};
      HostQueue host;
      DeviceQueue device;
      const Evaluated theirs = evaluated(host, {.memristors = bank.get()}, settings, volts, none);
      const Evaluated ours = evaluated(device, {.memristors = bank.get()}, settings, volts, none);
      expect_near(ours.i_row, theirs.i_row, 1e-9);
      expect_near(ours.x, theirs.x, 1e-9);
    }
  }
}

TEST_F(DeviceNewton, EvaluatesCellsWithTransistorsAsTheTwinDoes) {
  for (const std::string transistor : {"nfet", "nsmooth", "nshort"}) {
    SCOPED_TRACE(transistor);
    Circuit circuit = array_circuit(
        "rows=37 cols=29 cell=1t1r memristor=tunnel w=2u l=0.2u transistor=" + transistor);
    circuit.crossbars[0].values = random_states(kCells, 1e-6, 1e-3, 3);
    const auto cells = crossbar::make_cells(circuit.crossbars[0], circuit);
    cells->set_gates(random_volts(kCells, 0.5, 2, 4));
    const std::vector<double> source = random_volts(kCells, -0.3, 0.6, 5);
    const std::vector<double> bit = random_volts(kCells, -0.3, 1.2, 6);
    HostQueue host;
    DeviceQueue device;
    const Evaluated theirs = evaluated(host, *cells->parts(), cells->settings(), source, bit);
    const Evaluated ours = evaluated(device, *cells->parts(), cells->settings(), source, bit);
    expect_near(ours.i_row, theirs.i_row, 1e-9);
    expect_near(ours.i_col, theirs.i_col, 1e-9);
  }
}

const std::string kOhms = " r_wl=2 r_bl=3 rs_wl=50 rs_bl=80";
const std::string kSinh = "rows=60 cols=45 cell=1r memristor=tunnel" + kOhms;
const std::string kGated =
    "rows=40 cols=33 cell=1t1r memristor=silver transistor=nfet w=2u l=0.2u r_sl=2 rs_sl=30" +
    kOhms;

struct Described {
  Circuit circuit;
  crossbar::Buses volts;
};
Described described(const std::string& arguments, double low, double high) {
  Described d{array_circuit(arguments), {}};
  Crossbar& xb = d.circuit.crossbars[0];
  xb.values = random_states(static_cast<std::size_t>(xb.rows) * static_cast<std::size_t>(xb.cols),
                            low, high, 4);
  const bool gated = xb.cell == CellKind::k1T1R;
  d.volts.word =
      random_volts(static_cast<std::size_t>(xb.rows), gated ? 1.5 : -0.1, gated ? 2.5 : 0.1, 1);
  d.volts.bit = random_volts(static_cast<std::size_t>(xb.cols), 0, 1.2, 2);
  return d;
}

// As the twin's tests, with KLU's tolerance.
constexpr double kAllowed = 1e-9;

TEST_F(DeviceNewton, SolvesArraysAsKluDoes) {
  for (const auto& [arguments, low, high] :
       {std::tuple{kSinh, 1e-5, 1e-3}, std::tuple{kGated, 0.01, 1.0}}) {
    const Described d = described(arguments, low, high);
    crossbar::Settings settings{.tolerance = 1e-12, .method = crossbar::Method::kCuda};
    crossbar::Array array(d.circuit.crossbars[0], d.circuit, settings);
    const crossbar::Solution ours = array.solve(d.volts);
    EXPECT_EQ(ours.report.method, "newton on the GPU");
    settings.method = crossbar::Method::kKlu;
    const crossbar::Solution theirs =
        crossbar::Array(d.circuit.crossbars[0], d.circuit, settings).solve(d.volts);
    for (std::size_t k = 0; k < ours.bit.values.size(); ++k) {
      ASSERT_NEAR(ours.bit.values[k], theirs.bit.values[k], kAllowed) << k;
    }
    for (std::size_t k = 0; k < ours.current.bit.size(); ++k) {
      ASSERT_NEAR(ours.current.bit[k], theirs.current.bit[k],
                  kAllowed * largest_of(theirs.current.bit))
          << k;
    }
  }
}

TEST_F(DeviceNewton, MultipliesInputsOfNonlinearArrays) {
  const Described d = described(kSinh, 1e-5, 1e-3);
  const Matrix volts{9, 60, random_volts(540, -1, 1, 7)};
  crossbar::Settings settings{.tolerance = 1e-12, .method = crossbar::Method::kCuda};
  crossbar::Array array(d.circuit.crossbars[0], d.circuit, settings);
  const Matrix ours = array.matmul(volts);
  EXPECT_EQ(array.report().method, "newton on the GPU");
  settings.method = crossbar::Method::kKrylov;
  const Matrix theirs = crossbar::Array(d.circuit.crossbars[0], d.circuit, settings).matmul(volts);
  for (std::size_t k = 0; k < ours.values.size(); ++k) {
    ASSERT_NEAR(ours.values[k], theirs.values[k], kAllowed * largest_of(theirs.values)) << k;
  }
}

TEST_F(DeviceNewton, WritesAsTheProcessorDoes) {
  const Described d = described(kGated, 0.2, 0.6);
  std::vector<std::vector<double>> states;
  for (const auto method : {crossbar::Method::kCuda, crossbar::Method::kKrylov}) {
    crossbar::PulsedArray array(d.circuit.crossbars[0], d.circuit,
                                {.state_tolerance = 1e-6, .method = method});
    array.apply({.volts = d.volts, .width = 1e-4});
    states.push_back(array.crossbar().values);
  }
  for (std::size_t k = 0; k < states[0].size(); ++k) {
    ASSERT_NEAR(states[0][k], states[1][k], 1e-4) << k;
  }
}

}  // namespace
}  // namespace wordline::gpu
