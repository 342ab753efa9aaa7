// What chosen cells of an array did while it was programmed.
#pragma once

#include <cstdint>
#include <vector>

namespace wordline::crossbar {

struct CellPlace {
  std::int32_t row = 0, col = 0;
  bool operator==(const CellPlace&) const = default;
};

// What a cell did, point by point; two points of one time where the buses jump.
struct CellTrace {
  CellPlace cell;
  std::vector<double> time;         // s, since the array was made
  std::vector<double> voltage;      // V, across the memristor
  std::vector<double> current;      // A, through it
  std::vector<double> conductance;  // S, at the array's v_read
};

class CellTraces {
 public:
  CellTraces() = default;
  explicit CellTraces(const std::vector<CellPlace>& cells);

  const std::vector<CellTrace>& all() const { return traces_; }
  // A point [s] of every cell: `at` says voltage, current and conductance of one.
  template <class At>
  void add(double time, const At& at) {
    for (CellTrace& trace : traces_) {
      const auto [volts, amperes, siemens] = at(trace.cell);
      trace.time.push_back(time);
      trace.voltage.push_back(volts);
      trace.current.push_back(amperes);
      trace.conductance.push_back(siemens);
    }
  }
  // Forgets what came after a time.
  void rewind(double time);

 private:
  std::vector<CellTrace> traces_;
};

}  // namespace wordline::crossbar
