// `.four`: the harmonics of signals at the end of a transient.
#pragma once

#include <string>
#include <vector>

namespace wordline {

struct Fourier {
  double fundamental = 0;            // Hz
  std::vector<std::string> signals;  // labels of outputs, "v(out)"
};

}  // namespace wordline
