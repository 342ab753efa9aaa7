// Harmonics of a waveform over its last period, as `.four` finds them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "wordline/engine/waveforms.hpp"

namespace wordline {

// y(t) = mean + sum over k >= 1 of magnitude_k sin(2 pi k f t' + phase_k), t' from the begin of the
// period. Entry 0 is the mean.
struct Harmonics {
  double fundamental = 0;         // Hz
  std::vector<double> magnitude;  // in the unit of the waveform
  std::vector<double> phase;      // degrees, (-180, 180]
  double distortion = 0;          // total harmonic distortion: of 1, not percent
};

// The first `count` harmonics, the mean among them, of the last period 1/fundamental of the points
// (time, value), time rising. Between points the waveform is a cubic with the slopes of parabolas
// through three neighbours, limited so that it does not overshoot. Throws Error where the points
// are shorter than a period.
Harmonics find_harmonics(std::span<const double> time, std::span<const double> value,
                         double fundamental, int count = 10);

// The same as a plot, a point a harmonic, called "Fourier analysis of <signal>".
Waveforms harmonics_plot(const Harmonics& harmonics, const std::string& title,
                         const Signal& signal);

// The values of a waveform at so many equally spaced times, by the same cubics.
std::vector<double> resample(std::span<const double> time, std::span<const double> value,
                             double start, double step, std::size_t count);

}  // namespace wordline
