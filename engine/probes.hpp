// What an analysis keeps of every point: the requested quantities, found once by name.
#pragma once

#include <complex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wordline/engine/system.hpp"
#include "wordline/engine/waveforms.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline {

class Probes {
 public:
  // The requests that apply to `analysis` ("op", "dc", "tran"); without any, the voltages of all
  // nodes the user named (not those inside arrays) and the currents of all voltage sources and
  // inductors. Throws NetlistError naming what does not exist.
  Probes(const System& system, std::span<const OutputRequest> requests, std::string_view analysis);

  const std::vector<Signal>& signals() const { return signals_; }
  // Appends the values at the point that `evaluation` was last loaded for.
  void read(const Evaluation& evaluation, std::vector<double>& values) const;
  // The same for small signals. Voltages and currents are phasors; other quantities of devices are
  // those of the operating point, which must have been kept.
  void read(const SmallSignalPoint& point, std::vector<std::complex<double>>& values) const;
  void keep_operating_point(const Evaluation& evaluation);

 private:
  struct Probe {
    Unknown plus = 0, minus = 0;          // a difference of unknowns, if group is null
    const ElementGroup* group = nullptr;  // else a quantity of an element
    std::size_t element = 0, quantity = 0;
    double at_rest = 0;  // at the operating point that small signals are about
  };

  void add(const System& system, const OutputRequest& request,
           std::vector<Diagnostic>& diagnostics);
  void add_device(const System& system, const OutputRequest& request, std::string_view quantity,
                  std::vector<Diagnostic>& diagnostics);
  void add_defaults(const System& system);
  static std::complex<double> phasor(const SmallSignalPoint& point, const Probe& probe);

  std::vector<Signal> signals_;
  std::vector<Probe> probes_;
};

}  // namespace wordline
