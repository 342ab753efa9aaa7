// --device of the commands that solve arrays: whether a GPU does it.
#pragma once

#include <string>

#include "wordline/cli/command.hpp"

namespace wordline::cli {

void add_device_option(CLI::App& command, std::string& device);

// Whether a GPU is to solve arrays of so many cells by `device`: cuda, auto, or anything else
// (none). Throws Error where there must be one and none is usable. `say`: on stderr, what auto has
// come to.
bool takes_gpu(const std::string& device, std::size_t cells, bool say);

// The same for a circuit, in its options: as the deck says where `device` is empty.
void choose_device(const std::string& device, bool say, Circuit& circuit);

}  // namespace wordline::cli
