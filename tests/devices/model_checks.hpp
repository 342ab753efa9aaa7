// What the equations of a memristor model are held against: differences, values of 60 digits, and
// their own inverse.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "reference.hpp"
#include "wordline/devices/memristor/memristor.hpp"

namespace wordline::testing {

inline void expect_difference(double analytic, double difference, double scale,
                              const std::string& what) {
  EXPECT_NEAR(analytic, difference, 1e-7 * (std::abs(analytic) + scale)) << what;
}

// Every analytic derivative against the difference quotient at all pairs of voltages and states.
// `h` is how near the points lie to a kink, at most, in volts and as a part of the range of states.
template <Memristor M>
void expect_derivatives(const M& model, const std::vector<double>& voltages, double h = 1e-5) {
  const Bounds bounds = model.bounds();
  const double range = bounds.high - bounds.low;
  for (const double v : voltages) {
    for (const double part : {0.01, 0.1, 0.29, 0.31, 0.49, 0.51, 0.8, 0.99}) {
      const double x = bounds.low + part * range;
      const std::string what = fmt::format("v = {}, x at {}", v, part);
      const auto check = [&](const auto& partials, const std::string& name) {
        const Partials at = partials(v, x);
        const double by_v =
            central_difference([&](double u) { return partials(u, x).value; }, v, h / 4);
        const double by_x =
            central_difference([&](double y) { return partials(v, y).value; }, x, h / 4 * range);
        expect_difference(at.dv, by_v, std::abs(at.value), fmt::format("{} by v, {}", name, what));
        expect_difference(at.dx, by_x, std::abs(at.value) / range,
                          fmt::format("{} by x, {}", name, what));
      };
      check([&](double u, double y) { return model.current(u, y); }, "current");
      check([&](double u, double y) { return model.rate(u, y); }, "rate");
    }
  }
}

// Voltages over the domain, and on both sides of the given kinks.
inline std::vector<double> voltages_around(const std::vector<double>& kinks) {
  std::vector<double> voltages = {-3, -1.1, -0.4, -0.07, 0.07, 0.4, 1.1, 3};
  for (const double kink : kinks) {
    voltages.push_back(kink - 1e-3);
    voltages.push_back(kink + 1e-3);
  }
  return voltages;
}

// Rows: V, x, I, dI/dV, dI/dx, f, df/dV, df/dx, in the 13 digits of the table.
template <Memristor M>
void expect_rows(const M& model, const std::string& label, std::size_t count) {
  const ReferenceTable table = read_reference("model_derivatives.csv");
  std::size_t found = 0;
  for (std::size_t k = 0; k < table.rows.size(); ++k) {
    if (table.labels[k] != label) continue;
    ++found;
    const std::vector<double>& row = table.rows[k];
    const Partials i = model.current(row[0], row[1]);
    const Partials f = model.rate(row[0], row[1]);
    const std::vector<double> values = {i.value, i.dv, i.dx, f.value, f.dv, f.dx};
    for (std::size_t c = 0; c < values.size(); ++c) {
      EXPECT_NEAR(values[c], row[2 + c], 1e-9 * std::abs(row[2 + c])) << label << " column " << c;
    }
  }
  EXPECT_EQ(found, count);
}

// I(V)/V at the state found must be the conductance asked for.
template <Memristor M>
void expect_conductances(const M& model, double v_read) {
  const Bounds bounds = model.bounds();
  for (const double part : {0.02, 0.3, 0.5, 0.97}) {
    const double x = bounds.low + part * (bounds.high - bounds.low);
    const double g = v_read == 0 ? model.current(0, x).dv : model.current(v_read, x).value / v_read;
    EXPECT_NEAR(model.state_for_conductance(g, v_read), x, 1e-12 * (bounds.high - bounds.low))
        << "v_read = " << v_read;
  }
}

}  // namespace wordline::testing
