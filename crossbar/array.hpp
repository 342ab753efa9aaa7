// A crossbar array on its own, driven by ideal sources behind its driver resistances: reads,
// matrix products and their gradients, solved by the methods made for arrays.
//
//   wordline::crossbar::Array array(conductances, {.segment = 1, .driver = 20}, {.segment = 1,
//   .driver = 20}); std::vector<double> currents = array.read(voltages); wordline::Matrix outputs =
//   array.matmul(inputs);   // a row an input vector
//
// Ohmic cells make the outputs linear in the inputs, exactly: the transconductance matrix T is
// found once for the programmed conductances, and products are dense. Nonlinear cells and 1T1R
// cells are solved by Newton's method for every input, from the last solution.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "wordline/base/error.hpp"
#include "wordline/base/matrix.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline::crossbar {

// Resistances of one kind of line; zero merges the nodes that it would join.
struct Wires {
  double segment = 1;  // ohm, between neighbouring cells
  double driver = 0;   // ohm, between a bus and the line
  DrivenEnds driven = DrivenEnds::kFirst;
};

enum class Lines { kWord, kBit, kSource };

// kCuda: on a GPU, cells and the transconductance matrix too, as far as its lines cross and have
// resistances. Throws Error at the first solve where no GPU can be used.
enum class Method { kAuto, kKrylov, kMultifrontal, kKlu, kCuda };

struct Settings {
  Lines inputs = Lines::kWord;  // their buses take the input voltages
  Lines outputs = Lines::kBit;  // the currents into their buses are the outputs
  double word_bias = 0;         // V, on the buses of lines that are not inputs
  double bit_bias = 0;
  double source_bias = 0;
  double tolerance = 1e-10;  // of the residual, relative to the driven currents
  Method method = Method::kAuto;
  int threads = 0;  // 0: OpenMP's number; results do not depend on it
};

struct SolveReport {
  bool ok = true;
  std::string message;  // empty, or why it is not
  std::string method;   // what solved it
  int newton = 0;       // Newton iterations
  int inner = 0;        // iterations of the linear solver in all
  double residual = 0;  // of the circuit's equations, relative
};

// What is thrown where no solution is found.
class UnsolvedError : public Error {
 public:
  using Error::Error;
};

// Voltages of all buses, V, one a line; empty: 0 V.
struct Buses {
  std::vector<double> word, bit, source;
};

struct Solution {
  Matrix word, bit;     // V, of the lines at every cell
  Matrix source;        // V, 1T1R alone
  Matrix inner;         // V, inside cells with a transistor or a selector
  Matrix cell_current;  // A, through the memristors: word to bit line, or bit to source line
  Buses current;        // A, from every bus into its line
  double power = 0;     // W, that the buses deliver
  SolveReport report;
};

// Of a linear function of the outputs.
struct Gradient {
  Matrix cells;                // by the conductance of every ohmic cell [1/S], else by its state
  std::vector<double> inputs;  // by the input voltages [1/V]
  double word_segment = 0, bit_segment = 0, source_segment = 0;  // by resistances [1/ohm]
  double word_driver = 0, bit_driver = 0, source_driver = 0;
};

class Array {
 public:
  // Ohmic cells between word and bit lines: rows x cols conductances [S], 0 or more.
  Array(Matrix conductances, const Wires& word, const Wires& bit, const Settings& settings = {});
  // An array as a netlist describes it: any memristor model at its initial states, which do not
  // move, with or without select transistors. The nodes of its buses are not used.
  Array(const Crossbar& crossbar, const Circuit& circuit, const Settings& settings = {});
  ~Array();
  Array(Array&&) noexcept;
  Array& operator=(Array&&) noexcept;

  std::int32_t rows() const;
  std::int32_t cols() const;
  std::int32_t inputs() const;  // lines of a product
  std::int32_t outputs() const;
  bool is_linear() const;  // ohmic cells without transistors

  // Conductances of ohmic cells [S]. Throws Error for others.
  const Matrix& conductances() const;
  void set_conductance(std::int32_t row, std::int32_t col, double siemens);
  void set_conductances(Matrix siemens);

  // Currents [A] out of the output lines for voltages [V] on the input lines. Throws Error where
  // the sizes do not fit, UnsolvedError where no solution is found.
  std::vector<double> read(std::span<const double> voltages);
  // The same for a batch, a row an input; returns batch x outputs.
  Matrix matmul(const Matrix& voltages);
  // Forgets the last voltages: the next solution is found from nothing, not from them.
  void restart();
  // What the last read or product did.
  const SolveReport& report() const;

  // outputs x inputs [S]; of ohmic arrays. Kept, and valid, until a conductance changes. Where
  // single ones change it is updated: the first of them costs a new matrix, and from then on
  // memory for some 50 to 75 numbers a cell; later ones about a hundredth of a new matrix. On a GPU
  // it is always found anew. One input is solved the other way, too: where the two differ by more
  // than 1e-6 of the currents (resistances that differ by far more than a millionfold), matmul()
  // does without, and this throws Error.
  const Matrix& transfer();

  // Everything about one state of the array.
  Solution solve(const Buses& voltages);
  Solution solve_inputs(std::span<const double> voltages);

  // The gradient of sum_k weights[k] * output[k] at the given inputs, by one adjoint solve.
  Gradient gradient(std::span<const double> weights, std::span<const double> voltages);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace wordline::crossbar
