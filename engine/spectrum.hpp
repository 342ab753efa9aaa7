// Spectra of waveforms, as `.fft` finds them.
#pragma once

#include <complex>
#include <span>
#include <string>
#include <vector>

#include "wordline/engine/waveforms.hpp"
#include "wordline/netlist/fourier.hpp"

namespace wordline {

// The amplitudes at k/(stop - start) for k from 0 to half the number of points, of a waveform's
// samples times the window, over the window's mean: a cosine at one of these frequencies has its
// amplitude and its phase at `start`. Throws Error where the waveform ends before `stop`.
std::vector<std::complex<double>> find_spectrum(std::span<const double> time,
                                                std::span<const double> value,
                                                const Spectrum& spectrum);

// The same as a complex plot, called "Spectrum of <signal>".
Waveforms spectrum_plot(std::span<const double> time, std::span<const double> value,
                        const Spectrum& spectrum, const std::string& title, const Signal& signal);

}  // namespace wordline
