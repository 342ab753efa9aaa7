// `.four` and `.fft`: harmonics and spectra of signals of a transient.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace wordline {

struct Fourier {
  double fundamental = 0;            // Hz
  std::vector<std::string> signals;  // labels of outputs, "v(out)"
};

struct Spectrum {
  enum class Window { kRectangle, kTriangle, kHann, kHamming, kBlackman, kHarris, kGauss };
  std::string signal;         // label of an output
  double start = 0;           // s
  double stop = 0;            // s; 0: the end of the transient
  std::size_t points = 1024;  // a power of two, equally spaced from start on, stop not among them
  Window window = Window::kRectangle;
  double narrowness = 3;   // of Gauss' window: half its length in standard deviations
  bool normalised = true;  // magnitudes as parts of the largest
};

}  // namespace wordline
