// A circuit built in code: a 3x2 array of fixed conductances between ideal lines multiplies the
// matrix G by the vector of word line voltages. The sources on the bit lines measure the currents.
#include <cstdio>
#include <string>
#include <vector>
#include <wordline/wordline.hpp>

int main() {
  const std::vector<double> conductances = {10e-6, 20e-6,   // S, row by row
                                            30e-6, 40e-6,   //
                                            50e-6, 60e-6};  //
  const std::vector<double> inputs = {0.1, 0.2, 0.3};       // V

  wordline::Circuit circuit;
  const wordline::ModelType* type = wordline::find_model_type("memristor", "static");
  circuit.models.push_back({"cell", type, type->defaults()});

  wordline::Crossbar array;
  array.name = "xb";
  array.rows = 3;
  array.cols = 2;
  array.memristor = 0;
  array.values = conductances;
  array.values_are_conductances = true;
  array.word.segment = 0;
  array.bit.segment = 0;
  for (int row = 0; row < array.rows; ++row) {
    const std::string name = "wl" + std::to_string(row);
    array.word.bus.push_back(circuit.nodes.intern(name));
    circuit.voltage_sources.add("v" + name,
                                {array.word.bus.back(), 0, {.dc = inputs[std::size_t(row)]}});
  }
  for (int col = 0; col < array.cols; ++col) {
    const std::string name = "bl" + std::to_string(col);
    array.bit.bus.push_back(circuit.nodes.intern(name));
    circuit.voltage_sources.add("v" + name, {array.bit.bus.back(), 0, {}});
  }
  circuit.crossbars.push_back(array);

  wordline::Simulator simulator(std::move(circuit));
  const wordline::Result result = simulator.run_op();
  for (int col = 0; col < array.cols; ++col) {
    const double current = result["i(vbl" + std::to_string(col) + ")"].front();
    std::printf("bit line %d: %.3f uA\n", col, 1e6 * current);
  }
  return result.report.ok() ? 0 : 1;
}
