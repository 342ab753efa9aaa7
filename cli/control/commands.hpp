// The commands of a script, by name. A new one is a function in a file of this folder and a line in
// the table of commands.cpp.
#pragma once

#include <string>
#include <string_view>

#include "wordline/cli/control/session.hpp"

namespace wordline::cli::control {

// Executes a command with the rest of its line, in which variables have their values. Throws Error.
using CommandFunction = void (*)(Session& session, std::string arguments);

// Null if there is none.
CommandFunction find_command(std::string_view name);

// ---- analyses.cpp ----
void run_all(Session& session, std::string arguments);
// A line that would be an analysis of the deck with a dot before it: "dc v1 0 1 0.1".
void run_line(Session& session, const std::string& line);
void alter(Session& session, std::string arguments);
void alter_model(Session& session, std::string arguments);
void alter_parameter(Session& session, std::string arguments);
// The circuit as its netlist has it, with the parameters of alter_parameter() and random numbers
// drawn anew.
void reset(Session& session, std::string arguments);

// ---- measure.cpp ----
void measure(Session& session, std::string arguments);

// ---- outputs.cpp ----
void print(Session& session, std::string arguments);
void write(Session& session, std::string arguments);
void write_data(Session& session, std::string arguments);

}  // namespace wordline::cli::control
