// What a figure draws of a complex plot: real signals made of its phasors.
#pragma once

#include <string>
#include <vector>

#include "wordline/engine/waveforms.hpp"

namespace wordline::cli {

struct RealPlot {
  Waveforms waveforms;
  std::vector<std::vector<std::string>> panes;
};

// The requested signals of a complex plot as real ones. A bare name x becomes db(x), its magnitude
// in decibels, and phase(x), in degrees and continuous along the frequency; those, mag(x), re(x)
// and im(x) may be asked for one by one. `x`, if not empty, is kept too. Throws Error naming what
// the plot does not hold.
RealPlot real_plot(const Waveforms& plot, const std::vector<std::vector<std::string>>& panes,
                   const std::string& x);

}  // namespace wordline::cli
