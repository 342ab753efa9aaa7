#include "wordline/engine/output/waveform_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "wordline/base/units.hpp"
#include "wordline/engine/output/csv.hpp"
#include "wordline/engine/output/hdf5.hpp"
#include "wordline/engine/output/npz.hpp"
#include "wordline/engine/output/prn.hpp"
#include "wordline/engine/output/rawfile.hpp"

namespace wordline {

namespace {

template <class Writer>
std::unique_ptr<WaveformSink> open(const std::string& path) {
  return std::make_unique<Writer>(path);
}

template <RawFormat format>
std::unique_ptr<WaveformSink> open_rawfile(const std::string& path) {
  return std::make_unique<RawfileWriter>(path, format);
}

std::string first_bytes(const std::string& path) {
  std::string bytes(8, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

}  // namespace

std::span<const WaveformFormat> waveform_formats() {
  static constexpr std::array<WaveformFormat, 6> kFormats = {
      {{"raw", {".raw", ""}, true, open_rawfile<RawFormat::kBinary>},
       {"ascii", {"", ""}, true, open_rawfile<RawFormat::kAscii>},
       {"csv", {".csv", ""}, false, open<CsvWriter>},
       {"prn", {".prn", ""}, false, open<PrnWriter>},
       {"npz", {".npz", ""}, false, open<NpzWriter>},
       {"h5", {".h5", ".hdf5"}, true, open<Hdf5Writer>}}};
  return kFormats;
}

const WaveformFormat* find_waveform_format(std::string_view name) {
  const auto formats = waveform_formats();
  const auto found = std::find_if(formats.begin(), formats.end(),
                                  [&](const WaveformFormat& f) { return f.name == name; });
  return found == formats.end() ? nullptr : &*found;
}

const WaveformFormat* waveform_format_of(const std::string& path) {
  const std::string extension = to_lower(std::filesystem::path(path).extension().string());
  const auto formats = waveform_formats();
  const auto found = std::find_if(formats.begin(), formats.end(), [&](const WaveformFormat& f) {
    return !extension.empty() &&
           std::find(f.extensions.begin(), f.extensions.end(), extension) != f.extensions.end();
  });
  return found == formats.end() ? nullptr : &*found;
}

std::vector<Waveforms> read_waveforms(const std::string& path) {
  const auto one = [](Waveforms plot) {
    std::vector<Waveforms> plots;
    plots.push_back(std::move(plot));
    return plots;
  };
  if (path == "-") return read_rawfile(path);
  const std::string bytes = first_bytes(path);
  if (bytes.starts_with("\x89HDF")) return read_hdf5(path);
  if (bytes.starts_with("PK\x03\x04")) return one(read_npz(path));
  const WaveformFormat* const format = waveform_format_of(path);
  if (format != nullptr && format->name == "csv") return one(read_csv(path));
  if (format != nullptr && format->name == "prn") return read_prn(path);
  return read_rawfile(path);
}

}  // namespace wordline
