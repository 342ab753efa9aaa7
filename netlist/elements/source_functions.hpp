// The time functions of V and I. A new one is a reader and a line in the table of
// source_functions.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wordline/netlist/line.hpp"
#include "wordline/netlist/scope.hpp"
#include "wordline/netlist/source.hpp"

namespace wordline {

// "pulse", "sin", ...
std::vector<std::string> time_functions();
bool is_time_function(std::string_view word);

// Reads a time function if one comes next. Throws Fault.
bool accept_time_function(Line& line, SourceFunction& source, const Scope& scope);

// Multiplies the DC value and all others by a factor.
void scale(SourceFunction& source, double factor);

}  // namespace wordline
