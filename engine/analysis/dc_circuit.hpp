// The circuit that a DC sweep solves: that of the analysis, until it is read anew with other
// values.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "wordline/engine/analysis/analysis.hpp"

namespace wordline {

class DcCircuit {
 public:
  explicit DcCircuit(AnalysisContext& context);
  ~DcCircuit();
  DcCircuit(const DcCircuit&) = delete;
  DcCircuit& operator=(const DcCircuit&) = delete;

  // Reads the netlist with these values, beside those it was read with. The solution is kept as a
  // start where the unknowns are as many. Throws NetlistError where the circuit is faulty, Error
  // where it has other signals.
  void read_anew(const std::vector<Override>& values);

  System& system();
  Newton& newton();
  const Probes& probes() const;
  Evaluation& evaluation() { return evaluation_; }
  std::vector<double>& x() { return x_; }

 private:
  struct Anew;

  AnalysisContext& context_;
  const Circuit& described_;
  std::unique_ptr<Probes> probes_;
  std::unique_ptr<Anew> anew_;
  Evaluation evaluation_;
  std::vector<double> x_;
};

}  // namespace wordline
