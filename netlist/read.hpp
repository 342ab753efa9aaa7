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

}  // namespace wordline
