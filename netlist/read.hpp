// Text to circuit.
#pragma once

#include <filesystem>
#include <string>

#include "wordline/netlist/circuit.hpp"

namespace wordline {

// Reads and elaborates a netlist file. Throws NetlistError with every fault found, or Error where
// the file cannot be read.
Circuit load(const std::filesystem::path& path);

// The same from text; `name` stands for the file in messages, and includes are looked up beside it.
Circuit parse(std::string text, const std::string& name = "netlist");

// Reads the line of an analysis, ".dc v1 0 1 0.1", for a circuit that has been read, which stays as
// it is. Throws NetlistError, whose place has no file.
Analysis read_analysis(Circuit& circuit, const std::string& line);

}  // namespace wordline
