// Drain currents and conductances of three transistors over their biases, in 40 digits.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "reference.hpp"
#include "wordline/devices/mosfet.hpp"

namespace wordline::testing {

template <class Model>
void expect_transistor_table(const char* file) {
  constexpr double kRoom = 300.15;
  constexpr double kRelative = 1e-9;  // the table has 12 digits
  struct Device {
    Mos1Card card;
    MosGeometry geometry;
  };
  const std::map<std::string, Device> devices = {
      {"n180",
       {{.vto = 0.3999, .kp = 3.02e-4, .gamma = 0.45, .phi = 0.9, .lambda = 0.06},
        {.w = 1e-6, .l = 0.18e-6}}},
      {"n130",
       {{.vto = 0.494, .kp = 2.51e-4, .gamma = 0.4, .phi = 0.85, .lambda = 0.08},
        {.w = 1e-6, .l = 0.15e-6}}},
      {"n65",
       {{.vto = 0.429, .kp = 9.07e-4, .gamma = 0.497, .phi = 0.98, .lambda = 0.12},
        {.w = 0.2e-6, .l = 65e-9}}}};
  const ReferenceTable table = read_reference(file);
  ASSERT_EQ(table.rows.size(), 150u);
  for (std::size_t k = 0; k < table.rows.size(); ++k) {
    const std::vector<double>& row = table.rows[k];  // vg, vd, vb, id, gm, gds, gmb
    const Device& device = devices.at(table.labels[k]);
    const Model model(device.card, device.geometry, 1, kRoom, kRoom);
    const auto c = model.channel(row[0], row[1], row[2]);
    const std::vector<double> values = {c.id, c.gm, c.gds, c.gmb};
    for (std::size_t v = 0; v < values.size(); ++v) {
      EXPECT_NEAR(values[v], row[3 + v], kRelative * std::abs(row[3 + v])) << "row " << k;
    }
  }
}

}  // namespace wordline::testing
