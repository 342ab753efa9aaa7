#include "wordline/engine/system.hpp"

#include <gtest/gtest.h>

#include "circuit_builder.hpp"
#include "wordline/devices/registry.hpp"

namespace wordline {
namespace {

using testing::CircuitBuilder;

// An n-type transistor of nodes d, g, s and b; `oxide` [m] may be NaN, for none.
Circuit transistor(double oxide) {
  CircuitBuilder b;
  ModelCard card{"n", find_model_type("nmos", 1), {}};
  card.values = card.type->defaults();
  card.values.at(static_cast<std::size_t>(card.type->find("tox"))) = oxide;
  b.circuit.models.push_back(card);
  b.circuit.mosfets.add("m1", {.drain = b.node("d"),
                               .gate = b.node("g"),
                               .source = b.node("s"),
                               .bulk = b.node("b"),
                               .model = 0,
                               .width = 1e-6,
                               .length = 1e-6});
  return b.circuit;
}

// Whether the current out of `row` may depend on the voltage of `column`.
bool depends(const Circuit& circuit, const std::string& row, const std::string& column) {
  const System system(circuit);
  return system.pattern().slot(*circuit.nodes.find(row) - 1, *circuit.nodes.find(column) - 1) >= 0;
}

TEST(System, LetsNoCurrentIntoAGateThatHoldsNoCharge) {
  const Circuit without = transistor(std::numeric_limits<double>::quiet_NaN());
  const Circuit with = transistor(2e-8);
  for (const std::string node : {"d", "s", "b"}) {
    EXPECT_FALSE(depends(without, "g", node)) << node;
    EXPECT_TRUE(depends(with, "g", node)) << node;
  }
  for (const Circuit* circuit : {&without, &with}) {
    EXPECT_TRUE(depends(*circuit, "d", "g"));
    EXPECT_TRUE(depends(*circuit, "s", "g"));
    EXPECT_TRUE(depends(*circuit, "b", "d"));
  }
}

}  // namespace
}  // namespace wordline
