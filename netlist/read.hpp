// Text to circuit.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/dialect.hpp"

namespace wordline {

struct ReadOptions {
  // How the text is meant; without it, what `.options dialect=` says, else as ngspice reads it.
  std::optional<Dialect> dialect = {};
  Variant variant = {};
  bool keep_source = false;  // whatever the netlist asks for
  // Where files are that are neither beside the one that names them nor in the working directory.
  std::vector<std::filesystem::path> folders = {};
};

// Reads and elaborates a netlist file. Throws NetlistError with every fault found, or Error where
// the file cannot be read or has nothing that an override names.
Circuit load(const std::filesystem::path& path, const ReadOptions& options = {});

// The same from text; `name` stands for the file in messages, and includes are looked up beside it.
Circuit parse(std::string text, const std::string& name = "netlist",
              const ReadOptions& options = {});

// A netlist that has been read, from which circuits are made. May be used by several threads.
class CircuitSource {
 public:
  // Throws as load() does.
  explicit CircuitSource(const std::filesystem::path& path, const ReadOptions& options = {});
  CircuitSource(std::string text, const std::string& name, const ReadOptions& options = {});
  ~CircuitSource();
  CircuitSource(const CircuitSource&) = delete;
  CircuitSource& operator=(const CircuitSource&) = delete;

  // The warnings of a circuit are those of its text.
  Circuit make(const Variant& variant) const;

 private:
  struct Text;
  std::unique_ptr<Text> text_;
};

// ---- steps ----

// The number of combinations of a circuit's steps; 1 if it has none.
std::size_t step_count(const Circuit& circuit);
// What combination k gives a value, innermost first.
std::vector<Override> step_values(const Circuit& circuit, std::size_t k);
// The circuit of combination k, without steps of its own. Throws NetlistError.
Circuit at_step(const Circuit& circuit, std::size_t k);
// The circuit with everything random in it drawn from this seed, as with `.options seed=`: the
// random functions of the language, devices that differ, noise. Without steps and `.mc` of its own.
// Throws NetlistError.
Circuit at_sample(const Circuit& circuit, std::uint64_t seed);

// Reads the line of an analysis, ".dc v1 0 1 0.1", for a circuit that has been read, which stays as
// it is. Throws NetlistError, whose place has no file.
Analysis read_analysis(Circuit& circuit, const std::string& line);
// The same of a measure, ".measure tran delay TRIG ...", which knows no others. `results` (lower
// case) may be measured by these names.
Measure read_measure(Circuit& circuit, const std::string& line,
                     const std::vector<std::string>& results = {});

}  // namespace wordline
