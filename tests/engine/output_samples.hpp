// Waveforms with every kind of number that must survive a round trip.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

#include "wordline/engine/waveforms.hpp"

namespace wordline::testing {

inline PlotHeader sample_header() {
  return {"an array",
          "Transient Analysis",
          {{"time", "time", "s"},
           {"v(xb.bl[0,3])", "voltage", "V"},
           {"i(v1)", "current", "A"},
           {"@m1[x]", "notype", ""}}};
}

// 1/3 has no short decimal form; the others are the ends of the range of doubles.
inline Waveforms sample_waveforms(std::size_t points = 5) {
  using Limits = std::numeric_limits<double>;
  const double awkward[] = {1.0 / 3, -0.0, Limits::denorm_min(), Limits::max(), 0.1 + 0.2};
  Waveforms w;
  w.begin(sample_header());
  for (std::size_t k = 0; k < points; ++k) {
    const auto n = static_cast<double>(k);
    w.point(std::vector<double>{n * 1e-9, awkward[k % 5], -n / 7e6, n / 3});
  }
  return w;
}

// Phasors of the same kinds over a frequency.
inline Waveforms complex_sample(std::size_t points = 5) {
  const Waveforms real = sample_waveforms(points);
  Waveforms w;
  w.begin({"an array",
           "AC Analysis",
           {{"frequency", "frequency", "Hz"},
            {"v(xb.bl[0,3])", "voltage", "V"},
            {"i(v1)", "current", "A"}},
           {},
           true});
  for (std::size_t k = 0; k < points; ++k) {
    const double f = 10 + static_cast<double>(k);
    w.point(std::vector<double>{f, real.column(1)[k], real.column(2)[k], 0, -real.column(1)[k],
                                real.column(3)[k]});
  }
  return w;
}

// The number of values whose bits differ; a different shape counts as all.
inline std::size_t differing_values(const Waveforms& a, const Waveforms& b) {
  if (a.points() != b.points() || a.header().signals.size() != b.header().signals.size() ||
      a.header().complex != b.header().complex) {
    return std::numeric_limits<std::size_t>::max();
  }
  std::size_t count = 0;
  for (std::size_t s = 0; s < a.header().signals.size(); ++s) {
    for (std::size_t k = 0; k < a.points(); ++k) {
      count += std::bit_cast<std::uint64_t>(a.column(s)[k]) !=
               std::bit_cast<std::uint64_t>(b.column(s)[k]);
      if (!a.header().complex) continue;
      count += std::bit_cast<std::uint64_t>(a.imaginary(s)[k]) !=
               std::bit_cast<std::uint64_t>(b.imaginary(s)[k]);
    }
  }
  return count;
}

}  // namespace wordline::testing
