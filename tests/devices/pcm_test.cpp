// Phase change memory: mean drift against a table of its closed form, and its derivatives.
#include <gtest/gtest.h>

#include "model_checks.hpp"
#include "wordline/devices/memristor/pcm.hpp"

namespace wordline {
namespace {

// Columns: programmed conductance, time from t0 on, mean exponent, two spreads, mean conductance.
TEST(Pcm, DriftsAsTheTableOfMeans) {
  const testing::ReferenceTable table = testing::read_reference("pcm_drift_table.csv");
  EXPECT_EQ(table.rows.size(), 28u);
  for (const std::vector<double>& row : table.rows) {
    const Pcm model{.age = 20 + row[1]};
    EXPECT_NEAR(model.current(0.2, row[0]).value, 0.2 * row[5], 1e-11 * 0.2 * row[5])
        << row[0] << " S after " << row[1] << " s";
    EXPECT_NEAR(model.state_for_conductance(row[5], 0.2), row[0], 1e-11 * row[0]);
  }
}

TEST(Pcm, HasTheProgrammedConductanceWhereNoAgeIsGiven) {
  EXPECT_DOUBLE_EQ(Pcm{}.current(0.2, 3e-6).value, 0.2 * 3e-6);
  EXPECT_DOUBLE_EQ((Pcm{.age = 20}.current(0.2, 3e-6).value), 0.2 * 3e-6);
}

TEST(Pcm, TakesOneExponentForAllDevices) {
  const Pcm model{.age = 2000, .nu = 0.06};
  EXPECT_DOUBLE_EQ(model.current(1, 3e-6).value, 3e-6 * std::pow(100, -0.06));
  EXPECT_DOUBLE_EQ(model.state_for_conductance(model.current(1, 3e-6).value, 0), 3e-6);
}

TEST(Pcm, DerivativesMatchDifferences) {
  testing::expect_derivatives(Pcm{.age = 1e6}, {-0.5, 0.2});
}

TEST(Pcm, ParametersThatDoNotFitTogetherAreNamed) {
  EXPECT_EQ((Pcm{.age = 10}.check()), "age must not be less than t0");
  EXPECT_EQ((Pcm{.gmin = 1e-4}.check()), "gmax must exceed gmin");
  EXPECT_EQ((Pcm{.x0 = 1e-4}.check()), "x0 must lie between gmin and gmax");
}

}  // namespace
}  // namespace wordline
