// Products by tables.
#include "wordline/crossbar/lookup.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "wordline/base/error.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline::crossbar {
namespace {

Circuit array_of(const std::string& model, const std::string& lines) {
  return parse("title\n.model m memristor " + model +
                   "\n.crossbar xb rows=5 cols=4 cell=1r memristor=m x0={0.1+0.15*row+0.05*col} " +
                   lines + "\n",
               "deck.cir");
}

const Matrix kInputs{2, 5, {0.1, -0.2, 0.3, 0.05, -0.4, 0.37, 0.11, 0, -0.013, 0.22}};

// Ohmic cells: straight lines are exact, whatever the number of points.
TEST(Lookup, IsExactForOhmicCellsAndIdealWires) {
  const Circuit deck = array_of("type=hp ron=1k roff=100k", "r_wl=0 r_bl=0");
  const LookupTables tables(deck.crossbars.at(0), deck, {.largest_voltage = 0.4, .points = 3});
  EXPECT_LT(tables.error(kInputs).max, 1e-9);
}

// A cell that is curved: the current of a straight line through two points h apart is off by h^2/8
// times the second derivative at most, and so falls to a quarter with half the distance.
TEST(Lookup, ConvergesByTheSquareOfTheDistance) {
  const Circuit deck = array_of("type=yakopcic", "r_wl=0 r_bl=0");
  const auto error = [&](int points) {
    return LookupTables(deck.crossbars.at(0), deck, {.largest_voltage = 0.4, .points = points})
        .error(kInputs)
        .rms;
  };
  const double coarse = error(9), fine = error(129);
  EXPECT_GT(coarse, 0);
  EXPECT_LT(fine, coarse / 64);  // 256 on average; where points fall makes it vary
}

// What wires take is the error that is reported: the array's own products beside ideal ones.
TEST(Lookup, ReportsWhatWiresTake) {
  const Circuit deck = array_of("type=hp ron=1k roff=100k", "r_wl=20 r_bl=20 rs_wl=50");
  const LookupTables tables(deck.crossbars.at(0), deck, {.largest_voltage = 0.4});
  const Matrix exact = Array(deck.crossbars.at(0), deck).matmul(kInputs);
  double squares = 0, reference = 0;
  const Matrix looked_up = tables.matmul(kInputs);
  for (std::size_t k = 0; k < exact.values.size(); ++k) {
    squares += std::pow(looked_up.values[k] - exact.values[k], 2);
    reference += std::pow(exact.values[k], 2);
  }
  EXPECT_GT(tables.error(kInputs).rms, 0.01);
  EXPECT_NEAR(tables.error(kInputs).rms, std::sqrt(squares / reference), 1e-6);
}

TEST(Lookup, DoesNotDependOnThreads) {
  const Circuit deck = array_of("type=yakopcic", "");
  const auto product = [&](int threads) {
    return LookupTables(deck.crossbars.at(0), deck, {.threads = threads}).matmul(kInputs).values;
  };
  EXPECT_EQ(product(1), product(4));
}

TEST(Lookup, RefusesWhatItHasNoTablesFor) {
  const Circuit deck = array_of("type=hp", "");
  const Crossbar& xb = deck.crossbars.at(0);
  EXPECT_THROW(LookupTables(xb, deck, {.largest_voltage = 0}), Error);
  EXPECT_THROW(LookupTables(xb, deck, {.points = 4}), Error);
  const LookupTables tables(xb, deck, {.largest_voltage = 0.1});
  EXPECT_THROW(tables.matmul(kInputs), Error);
  EXPECT_THROW(tables.matmul({1, 2, {0, 0}}), Error);
  EXPECT_EQ(tables.matmul({1, 5, {0.1, -0.1, 0.1, 0.1, 0}}).values.size(), 4);
  const Circuit selected = array_of("type=hp", "selector=s\n.model s memristor type=ots");
  EXPECT_THROW(LookupTables(selected.crossbars.at(0), selected, {}), Error);
}

}  // namespace
}  // namespace wordline::crossbar
