// Models and instances without a circuit: values against closed forms, Jacobians against central
// differences of the residuals, limiting against SPICE's functions, noise against its formulas.
#include "wordline/devices/osdi/device.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "models.hpp"
#include "wordline/devices/constants.hpp"
#include "wordline/devices/limiting.hpp"
#include "wordline/devices/osdi/library.hpp"
#include "wordline/devices/osdi/limit_functions.hpp"

namespace wordline::osdi {
namespace {

using testing::model_library;

constexpr double kKelvin = 300;
constexpr std::uint32_t kAll = OSDI_CALC_RESISTIVE_RESIDUAL | OSDI_CALC_REACTIVE_RESIDUAL |
                               OSDI_CALC_RESISTIVE_JACOBIAN | OSDI_CALC_REACTIVE_JACOBIAN |
                               OSDI_CALC_RESISTIVE_LIMIT | OSDI_CALC_REACTIVE_LIMIT |
                               OSDI_ANALYSIS_TRANSIENT;

// An instance on its own, its nodes numbered as the module's.
struct Bench {
  std::shared_ptr<const Module> module;
  std::vector<SetupFault> faults;
  std::vector<std::string> said;
  std::unique_ptr<Model> model;
  std::unique_ptr<Instance> instance;
  std::vector<double> x, jacobian, state = {0}, next = {0};

  Bench(const std::string& library, const std::vector<std::pair<std::string, Value>>& of_model,
        const std::vector<std::pair<std::string, Value>>& of_instance = {}) {
    module = load_library(model_library(library)).modules[0];
    const Log log{.write = [this](LogLevel, const std::string& text) { said.push_back(text); },
                  .last_error = {}};
    model = std::make_unique<Model>(module, settings(of_model), log);
    faults = model->setup({});
    instance = std::make_unique<Instance>(*model, settings(of_instance), 2, log);
    const auto more = instance->setup(kKelvin, {});
    faults.insert(faults.end(), more.begin(), more.end());
    const std::vector<std::uint32_t> stands = instance->collapse();
    std::copy(stands.begin(), stands.end(), instance->node_mapping().begin());
    x.resize(stands.size());
    jacobian.resize(module->jacobian_entries().size());
    for (std::size_t k = 0; k < jacobian.size(); ++k) instance->jacobian()[k] = &jacobian[k];
    for (std::uint32_t& index : instance->state_indices()) index = 0;
  }

  std::vector<Setting> settings(const std::vector<std::pair<std::string, Value>>& values) const {
    std::vector<Setting> result;
    for (const auto& [name, value] : values) result.push_back({module->find(name)->id, value});
    return result;
  }

  std::uint32_t evaluate(std::uint32_t flags = kAll) {
    SimParameters parameters({.gmin = 0});
    OsdiSimInfo info{.parameters = parameters.view(),
                     .time = 0,
                     .solution = x.data(),
                     .last_state = state.data(),
                     .next_state = next.data(),
                     .flags = flags};
    return instance->evaluate(info);
  }
  // Resistive plus a0 times reactive.
  std::vector<double> residual(double a0) {
    evaluate();
    std::vector<double> f(x.size()), q(x.size());
    instance->add_resistive_residual(f.data());
    instance->add_reactive_residual(q.data());
    for (std::size_t k = 0; k < f.size(); ++k) f[k] += a0 * q[k];
    return f;
  }
  // The same entries as a full matrix.
  std::vector<std::vector<double>> slopes(double a0) {
    evaluate();
    std::fill(jacobian.begin(), jacobian.end(), 0.0);
    instance->add_jacobian(a0);
    std::vector<std::vector<double>> matrix(x.size(), std::vector<double>(x.size()));
    for (std::size_t k = 0; k < jacobian.size(); ++k) {
      const OsdiNodePair at = module->jacobian_entries()[k].at;
      matrix[instance->node_mapping()[at.first]][instance->node_mapping()[at.second]] +=
          jacobian[k];
    }
    return matrix;
  }
};

// Central differences with h = 1e-5 V are off by h^2/6 f''', which for exp(v/vt) is 2.5e-8 of the
// slope, and by rounding, 1e-16/h of the largest value: 1e-6 of the largest slope covers both.
void expect_slopes(Bench& bench, double a0) {
  constexpr double kStep = 1e-5;
  const auto exact = bench.slopes(a0);
  double largest = 0;
  for (const auto& row : exact) {
    for (const double slope : row) largest = std::max(largest, std::abs(slope));
  }
  ASSERT_GT(largest, 0);
  for (std::size_t column = 0; column < bench.x.size(); ++column) {
    const double at = bench.x[column];
    bench.x[column] = at + kStep;
    const auto above = bench.residual(a0);
    bench.x[column] = at - kStep;
    const auto below = bench.residual(a0);
    bench.x[column] = at;
    for (std::size_t row = 0; row < bench.x.size(); ++row) {
      EXPECT_NEAR(exact[row][column], (above[row] - below[row]) / (2 * kStep), 1e-6 * largest)
          << row << "," << column << " a0 = " << a0;
    }
  }
}

class OsdiDevice : public ::testing::TestWithParam<const char*> {
 protected:
  static std::string library(const char* model) { return std::string(model) + GetParam(); }
};
INSTANTIATE_TEST_SUITE_P(Minor, OsdiDevice, ::testing::Values("_3", "_4"));

TEST_P(OsdiDevice, JunctionHasTheSlopesOfItsResiduals) {
  for (const double a0 : {0.0, 1e9}) {
    Bench bench(library("junction"),
                {{"rs", 10.0}, {"g", 1e-3}, {"cj", 1e-12}, {"tt", 1e-9}, {"sign", -1}},
                {{"area", 2.0}, {"m", 3.0}});
    ASSERT_TRUE(bench.faults.empty());
    bench.x = {-0.7, 0.05, -0.58};
    expect_slopes(bench, a0);
  }
}

TEST_P(OsdiDevice, CollapsedJunctionHasTheSlopesOfItsResiduals) {
  Bench bench(library("junction"), {{"g", 1e-3}, {"cj", 1e-12}, {"tt", 1e-9}});
  bench.x = {0.6, 0.01, 0};
  EXPECT_EQ(bench.instance->collapse(), (std::vector<std::uint32_t>{0, 1, 0}));
  expect_slopes(bench, 1e8);
}

TEST_P(OsdiDevice, DriftHasTheSlopesOfItsResiduals) {
  Bench bench(library("drift"), {});
  bench.x = {0.4, -0.1, 0.3};
  expect_slopes(bench, 1e6);
}

// exp and the tests' own formula differ by rounding alone.
TEST_P(OsdiDevice, CurrentsAndChargesFollowTheFormula) {
  Bench bench(library("junction"), {{"js", 2e-14}, {"nf", 1.1}, {"g", 1e-3}, {"cj", 1e-12}},
              {{"a", 2.0}});
  bench.x = {0.65, 0, 0};
  const double id = 4e-14 * std::expm1(0.65 / (1.1 * thermal_voltage(kKelvin)));
  const std::vector<double> f = bench.residual(0);
  EXPECT_NEAR(f[0], id + 2e-3 * 0.65, 1e-12 * f[0]);
  EXPECT_DOUBLE_EQ(f[1], -f[0]);
  const std::vector<double> with_charge = bench.residual(1e12);
  EXPECT_NEAR(with_charge[0] - f[0], 1e12 * 2e-12 * 0.65, 1e-12);
  bench.evaluate(kAll | OSDI_CALC_OUTPUTS);
  EXPECT_DOUBLE_EQ(bench.instance->output(bench.module->outputs()[0]), 0.65);
  EXPECT_NEAR(bench.instance->output(bench.module->outputs()[1]), id, 1e-12 * id);
  EXPECT_EQ(bench.instance->output(bench.module->outputs()[3]), 1);
}

TEST_P(OsdiDevice, TextsChooseTheLaw) {
  Bench bench(library("junction"), {{"law", std::string("linear")}, {"is", 1e-3}});
  bench.x = {0.1, 0, 0};
  EXPECT_DOUBLE_EQ(bench.residual(0)[0], 1e-3 * 0.1 / thermal_voltage(kKelvin));
}

TEST_P(OsdiDevice, SetupNamesParametersOutOfBounds) {
  const Bench bench(library("junction"), {{"nf", -1.0}, {"sign", 2}}, {{"area", 0.0}});
  ASSERT_EQ(bench.faults.size(), 3u);
  EXPECT_EQ(bench.faults[0].parameter, bench.module->find("nf")->id);
  EXPECT_EQ(bench.faults[0].message, "'nf' of module 'junction_va' is out of its bounds");
  EXPECT_EQ(bench.faults[1].parameter, bench.module->find("sign")->id);
  EXPECT_EQ(bench.faults[2].parameter, bench.module->find("area")->id);
}

TEST_P(OsdiDevice, FatalSetupGivesItsReason) {
  const Bench bench(library("junction"), {{"law", std::string("cubic")}});
  ASSERT_EQ(bench.faults.size(), 1u);
  EXPECT_EQ(bench.faults[0].parameter, OSDI_NONE);
  EXPECT_EQ(bench.faults[0].message, "module 'junction_va' gives up: there is no such law");
  EXPECT_EQ(bench.said, std::vector<std::string>{"there is no such law"});
}

TEST_P(OsdiDevice, WarningsAreHeard) {
  const Bench bench(library("junction"), {{"tt", -1e-9}});
  EXPECT_TRUE(bench.faults.empty());
  EXPECT_EQ(bench.said, std::vector<std::string>{"a transit time of -1e-09 s"});
}

// The residual of a limited iterate is the tangent at the limited voltage, continued to the one
// that was asked for.
TEST_P(OsdiDevice, LimitedResidualIsTheTangent) {
  Bench bench(library("junction"), {{"tt", 1e-9}});
  constexpr double kBefore = 0.6;
  constexpr double kWanted = 0.9;
  const double vt = thermal_voltage(kKelvin);
  const double critical = vt * std::log(vt / (std::sqrt(2.0) * 1e-14));
  bench.x = {kWanted, 0, 0};
  bench.state[0] = kBefore;
  const std::uint32_t limiting = kAll | OSDI_ENABLE_LIMITING;
  EXPECT_EQ(bench.evaluate(limiting) & OSDI_LIMITED, OSDI_LIMITED);
  const double limited = pnjlim(kWanted, kBefore, vt, critical);
  EXPECT_DOUBLE_EQ(bench.next[0], limited);
  const double current = 1e-14 * std::expm1(limited / vt);
  const double slope = 1e-14 * std::exp(limited / vt) / vt;
  const double tangent = current + slope * (kWanted - limited);
  std::vector<double> f(3), q(3);
  bench.instance->add_resistive_residual(f.data());
  bench.instance->add_reactive_residual(q.data());
  EXPECT_NEAR(f[0], tangent, 1e-12 * tangent);
  EXPECT_NEAR(q[0], 1e-9 * tangent, 1e-21 * tangent);

  EXPECT_EQ(bench.evaluate(limiting | OSDI_INITIALISE_LIMITING) & OSDI_LIMITED, OSDI_LIMITED);
  EXPECT_NEAR(bench.next[0], critical, 1e-12);
  bench.state[0] = kWanted;
  EXPECT_EQ(bench.evaluate(limiting) & OSDI_LIMITED, 0u);
}

// 2 q I and 4 k T g.
TEST_P(OsdiDevice, NoiseHasTheDensitiesOfItsSources) {
  Bench bench(library("junction"), {{"g", 1e-3}});
  bench.x = {0.6, 0, 0};
  bench.evaluate(kAll | OSDI_CALC_NOISE);
  const std::vector<double> densities = bench.instance->noise_densities(1e3);
  ASSERT_EQ(densities.size(), 2u);
  const double id = 1e-14 * std::expm1(0.6 / thermal_voltage(kKelvin));
  EXPECT_NEAR(densities[0], 2 * kElementaryCharge * id, 1e-10 * densities[0]);
  EXPECT_NEAR(densities[1], 4 * kBoltzmann * kKelvin * 1e-3, 1e-10 * densities[1]);
}

TEST(OsdiLimitFunctions, LogarithmicOneShortensSteps) {
  OsdiLimitFunction entry{const_cast<char*>("limitlog"), 1, nullptr};
  ASSERT_TRUE(install_limit_function(entry));
  const auto limit =
      reinterpret_cast<double (*)(bool, bool*, double, double, double)>(entry.function);
  bool limited = false;
  EXPECT_EQ(limit(false, &limited, 1.05, 1, 0.1), 1.05);
  EXPECT_FALSE(limited);
  EXPECT_NEAR(limit(false, &limited, 11, 1, 0.1), 1 + 0.1 + 2, 1e-12);
  EXPECT_TRUE(limited);
  EXPECT_NEAR(limit(false, &limited, -9, 1, 0.1), 1 - 0.1 - 2, 1e-12);
}

}  // namespace
}  // namespace wordline::osdi
