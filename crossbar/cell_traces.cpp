#include "wordline/crossbar/cell_traces.hpp"

#include <algorithm>

namespace wordline::crossbar {

CellTraces::CellTraces(const std::vector<CellPlace>& cells) {
  for (const CellPlace& cell : cells) {
    traces_.push_back({.cell = cell, .time = {}, .voltage = {}, .current = {}, .conductance = {}});
  }
}

void CellTraces::rewind(double time) {
  for (CellTrace& trace : traces_) {
    const auto end = std::upper_bound(trace.time.begin(), trace.time.end(), time);
    const auto count = static_cast<std::size_t>(end - trace.time.begin());
    for (auto* column : {&trace.time, &trace.voltage, &trace.current, &trace.conductance}) {
      column->resize(count);
    }
  }
}

}  // namespace wordline::crossbar
