// Two simulators in two threads: nothing is shared between them. Each charges a capacitor of 1 uF
// through its own resistor and tells the voltage after 1 ms.
#include <cstdio>
#include <limits>
#include <thread>
#include <wordline/wordline.hpp>

namespace {

double voltage_after_1_ms(double ohms) {
  wordline::Circuit circuit;
  const wordline::NodeId in = circuit.nodes.intern("in");
  const wordline::NodeId out = circuit.nodes.intern("out");
  circuit.voltage_sources.add("v1", {in, 0, {.dc = 1}});
  circuit.resistors.add("r1", {in, out, ohms});
  circuit.capacitors.add("c1", {out, 0, 1e-6, 0.0});
  circuit.options.reltol = 1e-5;
  wordline::Simulator simulator(std::move(circuit));
  const wordline::Result result =
      simulator.run_transient({.step = 10e-6, .stop = 1e-3, .use_initial_conditions = true});
  return result["v(out)"].back();
}

}  // namespace

int main() {
  double fast = 0;
  double slow = 0;
  std::thread first([&] { fast = voltage_after_1_ms(1e3); });
  std::thread second([&] { slow = voltage_after_1_ms(2e3); });
  first.join();
  second.join();
  std::printf("1 kohm: %.4f V\n2 kohm: %.4f V\n", fast, slow);
}
