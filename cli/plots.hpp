// What commands that read waveform files share.
#pragma once

#include <string>
#include <vector>

#include "wordline/engine/waveforms.hpp"

namespace wordline::cli {

// Lower case, without the point; may be empty.
std::string extension_of(const std::string& path);

// Prints the plots of a file with their signals and ranges.
void list_signals(const std::string& path, const std::vector<Waveforms>& plots);

// By number as listed, or by the beginning of its name ("tran", "dc", "op"); without a wish, the
// last one that is more than a point. Throws UsageError.
const Waveforms& choose_plot(const std::vector<Waveforms>& plots, const std::string& wish);

}  // namespace wordline::cli
