// The GPU's cells, evaluated by their twin on the processor: memristors of every model against
// their bank, cells with a transistor against those of the processor's own solver, tangents against
// differences, and threads in both orders.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "array_decks.hpp"
#include "memristor_cards.hpp"
#include "slope.hpp"
#include "wordline/crossbar/cells.hpp"
#include "wordline/cuda/batch_cells.hpp"
#include "wordline/cuda/host_queue.hpp"

namespace wordline::gpu {
namespace {

using testing::array_circuit;
using testing::MemristorCard;
using testing::random_states;
using testing::random_volts;
using testing::slope_of;

HostQueue queue_of(Order order) {
  return HostQueue(12288, std::numeric_limits<std::size_t>::max(), order);
}

std::vector<double> downloaded(HostQueue& queue, const std::vector<double>& table) {
  std::vector<double> values(table.size());
  queue.download<double>(table, values);
  return values;
}

// --- Memristors ----------------------------------------------------------------------------------

constexpr std::int32_t kRows = 6, kCols = 5;
constexpr std::size_t kCells = std::size_t{kRows} * kCols;

class MemristorTwin : public ::testing::TestWithParam<MemristorCard> {
 protected:
  // Alternately the right way round, and two and a half that are the other way round.
  MemristorTwin() {
    const std::vector<double>& values = GetParam().values;
    for (std::size_t k = 0; k < kCells; ++k) {
      bank_->add(k % 2 == 0 ? MemristorInstance{values} : MemristorInstance{values, 2.5, true});
    }
    const Bounds bounds = bank_->bounds(0);
    for (const double part : random_volts(kCells, 0.05, 0.95, 1)) {
      start_.push_back(bounds.low + part * (bounds.high - bounds.low));
    }
    start_[3] = bounds.low;
    start_[4] = bounds.high;
    if (bank_->has_thermal_states()) start_.insert(start_.end(), kCells, bank_->ambient(0));
  }

  struct Result {
    std::vector<double> x, i, g;
  };
  Result of_bank(double a0, const std::vector<double>& b) const {
    Result r{start_, std::vector<double>(kCells), std::vector<double>(kCells)};
    bank_->evaluate(volts_, a0, b, r.x, r.i, r.g);
    return r;
  }
  Result of_twin(double a0, const std::vector<double>& b, Order order) {
    HostQueue queue = queue_of(order);
    const Shape shape{kRows, kCols, 1, false};
    const auto cells = make_batch_cells(queue, shape, {.memristors = bank_.get()});
    std::vector<std::size_t> all(kCells);
    for (std::size_t k = 0; k < kCells; ++k) all[k] = k;
    Result r{start_, std::vector<double>(kCells), std::vector<double>(kCells)};
    cells->set({.states = r.x, .gates = {}, .a0 = a0, .following = all, .b = b});
    cells->wake({1});
    std::vector<double> row = volts_;
    std::vector<double> col(kCells, 0.0);
    cells->evaluate(row, col);
    cells->states(r.x);
    r.i = downloaded(queue, cells->i_row());
    std::copy_n(cells->tangents()[3], kCells, r.g.begin());
    for (std::size_t k = 0; k < kCells; ++k) EXPECT_EQ(cells->i_col()[k], -r.i[k]) << k;
    return r;
  }

  // Exponentials of up to 80 lose two digits to the rounding of their arguments, which the bank's
  // vector instructions round otherwise; states are solved to 1e-12 of their range, and models that
  // solve an equation of their own to about as much.
  void expect_equal(const Result& ours, const Result& theirs) const {
    constexpr double kAllowed = 1e-10;
    const Bounds bounds = bank_->bounds(0);
    for (std::size_t k = 0; k < kCells; ++k) {
      EXPECT_NEAR(ours.x[k], theirs.x[k], kAllowed * (bounds.high - bounds.low)) << k;
      const double current = std::abs(theirs.i[k]) + std::abs(theirs.g[k] * volts_[k]);
      EXPECT_NEAR(ours.i[k], theirs.i[k], kAllowed * current) << k;
      EXPECT_NEAR(ours.g[k], theirs.g[k],
                  kAllowed * (std::abs(theirs.g[k]) + std::abs(theirs.i[k] / volts_[k])))
          << k;
    }
    for (std::size_t k = kCells; k < ours.x.size(); ++k) {  // K
      EXPECT_NEAR(ours.x[k], theirs.x[k], kAllowed * theirs.x[k]) << k;
    }
  }

  std::unique_ptr<MemristorBank> bank_ = GetParam().model->make_bank();
  std::vector<double> volts_ = random_volts(kCells, -1, 1, 2);
  std::vector<double> start_;
};
INSTANTIATE_TEST_SUITE_P(Each, MemristorTwin, ::testing::ValuesIn(testing::memristor_cards()),
                         [](const auto& info) { return info.param.name; });

bool has_curves(const MemristorCard& card) { return card.model->name == "pem"; }

TEST_P(MemristorTwin, IsTheBankAtRest) {
  if (has_curves(GetParam())) {
    HostQueue queue;
    EXPECT_EQ(make_batch_cells(queue, Shape{kRows, kCols}, {.memristors = bank_.get()}), nullptr);
    return;
  }
  const std::vector<double> none(start_.size());
  for (const Order order : {Order::kForwards, Order::kBackwards}) {
    expect_equal(of_twin(0, none, order), of_bank(0, none));
  }
}

// Backward Euler over steps in which the fastest state moves by a hundredth of its range and by
// ten times as much as that, bounds included.
TEST_P(MemristorTwin, IsTheBankInAStep) {
  if (has_curves(GetParam())) return;
  std::vector<double> rates(start_.size());
  bank_->rates(volts_, start_, rates);
  const Bounds bounds = bank_->bounds(0);
  double fastest = 0;
  for (std::size_t k = 0; k < kCells; ++k) fastest = std::max(fastest, std::abs(rates[k]));
  if (fastest == 0) fastest = 1;
  for (const double part : {0.01, 10.0}) {
    const double a0 = fastest / (part * (bounds.high - bounds.low));
    std::vector<double> b;
    for (const double x : start_) b.push_back(-a0 * x);
    const Result expected = of_bank(a0, b);
    for (const Order order : {Order::kForwards, Order::kBackwards}) {
      expect_equal(of_twin(a0, b, order), expected);
    }
  }
}

// --- Cells with a transistor ---------------------------------------------------------------------

struct TransistorCase {
  std::string name, memristor, transistor;
  double low, high;  // states
};

class TransistorTwin : public ::testing::TestWithParam<TransistorCase> {
 protected:
  TransistorTwin()
      : circuit_(array_circuit("rows=6 cols=5 cell=1t1r memristor=" + GetParam().memristor +
                               " transistor=" + GetParam().transistor + " w=2u l=0.2u r_bl=1")) {
    Crossbar& xb = circuit_.crossbars[0];
    xb.values = random_states(kCells, GetParam().low, GetParam().high, 3);
    cells_ = crossbar::make_cells(xb, circuit_);
    const bool is_p = GetParam().transistor[0] == 'p';
    sign_ = is_p ? -1 : 1;
    gates_ = random_volts(kCells, -0.5, 2, 4);
    source_ = random_volts(kCells, -0.3, 0.6, 5);
    bit_ = random_volts(kCells, -0.3, 1.2, 6);
    for (std::vector<double>* volts : {&gates_, &source_, &bit_}) {
      for (double& v : *volts) v *= sign_;
    }
    cells_->set_gates(gates_);
  }

  // The four tangents and both currents, at these voltages.
  struct Result {
    std::vector<double> i_row, i_col;
    std::array<std::vector<double>, 4> tangents;
  };
  Result of_twin(BatchCells<HostQueue>& cells, std::vector<double> source,
                 std::vector<double> bit) {
    cells.set(cells_->settings());
    cells.wake({1});
    cells.evaluate(source, bit);
    Result r{cells.i_row(), cells.i_col(), {}};
    for (std::size_t k = 0; k < 4; ++k) {
      r.tangents[k].assign(cells.tangents()[k], cells.tangents()[k] + kCells);
    }
    return r;
  }
  std::unique_ptr<BatchCells<HostQueue>> twin(HostQueue& queue) const {
    return make_batch_cells(queue, Shape{kRows, kCols, 1, false}, *cells_->parts());
  }

  Circuit circuit_;
  std::unique_ptr<crossbar::Cells> cells_;
  double sign_ = 1;
  std::vector<double> gates_, source_, bit_;
};

// Where lines rest, both end a step of less than 1e-7 V from the inner node's root, and make it
// along the tangent: what that leaves of currents is its square by the curvature, some 1/V.
// Tangents are those before that step.
TEST_P(TransistorTwin, IsTheCellOfTheProcessor) {
  constexpr double kNothing = 1e-17;  // A
  for (const Order order : {Order::kForwards, Order::kBackwards}) {
    HostQueue queue = queue_of(order);
    const auto cells = twin(queue);
    // From nothing, and again from there.
    for (const double more : {0.0, 0.05}) {
      std::vector<double> source = source_;
      for (double& v : source) v += more;
      for (int k = 0; k < 2; ++k) cells_->evaluate({source, bit_});
      of_twin(*cells, source, bit_);
      const Result ours = of_twin(*cells, source, bit_);
      const ArrayTables i = cells_->currents();
      ArrayMatrix tangents;
      cells_->put_tangents(tangents);
      const std::array theirs{tangents.row_row, tangents.row_col, tangents.col_row,
                              tangents.col_col};
      for (std::size_t k = 0; k < kCells; ++k) {
        double siemens = 0;
        for (const std::span<const double> g : theirs) siemens = std::max(siemens, g[k]);
        const double allowed = 1e-12 * siemens + kNothing;
        EXPECT_NEAR(ours.i_row[k], i.row[k], allowed) << k;
        EXPECT_NEAR(ours.i_col[k], i.col[k], allowed) << k;
        for (std::size_t t = 0; t < 4; ++t) {
          EXPECT_NEAR(ours.tangents[t][k], theirs[t][k], 1e-6 * siemens) << t << ", " << k;
        }
      }
    }
  }
}

TEST_P(TransistorTwin, HasTheTangentsOfItsCurrents) {
  HostQueue queue;
  const auto cells = twin(queue);
  of_twin(*cells, source_, bit_);
  const Result at = of_twin(*cells, source_, bit_);  // at a point where it only stays
  for (std::size_t k = 0; k < kCells; ++k) {
    const auto moved = [&](bool of_row, bool by_row) {
      return [&, of_row, by_row](double v) {
        std::vector<double> source = source_;
        std::vector<double> bit = bit_;
        (by_row ? source : bit)[k] = v;
        const Result r = of_twin(*cells, source, bit);
        return (of_row ? r.i_row : r.i_col)[k];
      };
    };
    const std::array slopes{slope_of(moved(true, true), source_[k], 0.05),
                            slope_of(moved(true, false), bit_[k], 0.05),
                            slope_of(moved(false, true), source_[k], 0.05),
                            slope_of(moved(false, false), bit_[k], 0.05)};
    for (std::size_t t = 0; t < 4; ++t) {
      const double sign = t == 0 || t == 3 ? 1 : -1;
      // And what the last small step changes of the tangents, and what the rounding of the inner
      // node (1e-16 V at up to 1e-3 S) makes of differences over 2.5e-6 V.
      const double allowed = slopes[t].uncertainty + 1e-6 * std::abs(slopes[t].value) + 2e-13;
      EXPECT_NEAR(sign * at.tangents[t][k], slopes[t].value, allowed) << t << ", " << k;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Each, TransistorTwin,
    ::testing::Values(TransistorCase{"OhmicLevel1", "ohmic", "nfet", 1e-6, 1e-3},
                      TransistorCase{"SinhLevel1", "tunnel", "nfet", 1e-6, 1e-3},
                      TransistorCase{"SilverLevel1P", "silver", "pfet", 0.01, 1},
                      TransistorCase{"SilverEkv", "silver", "nsmooth", 0.01, 1},
                      TransistorCase{"SinhEkvP", "tunnel", "psmooth", 1e-6, 1e-3},
                      TransistorCase{"OhmicLevel3", "ohmic", "nshort", 1e-6, 1e-3},
                      TransistorCase{"OxideLevel3", "oxide", "nshort", 0.008, 20}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace wordline::gpu
