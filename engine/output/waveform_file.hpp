// The kinds of files for waveforms: chosen by name, written and read.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wordline/engine/waveforms.hpp"

namespace wordline {

struct WaveformFormat {
  std::string_view name;                       // of `--format`
  std::array<std::string_view, 2> extensions;  // the usual one first
  bool holds_plots;                            // several in one file
  std::unique_ptr<WaveformSink> (*open)(const std::string& path);
};

// raw, ascii, csv, prn, npz, h5
std::span<const WaveformFormat> waveform_formats();
// Null if there is none.
const WaveformFormat* find_waveform_format(std::string_view name);
// By the extension of a file's name; null if it says nothing.
const WaveformFormat* waveform_format_of(const std::string& path);

// All plots of a file, which is known by its first bytes, or its extension where it is a table of
// text. Throws Error.
std::vector<Waveforms> read_waveforms(const std::string& path);

}  // namespace wordline
