// Results as a netlist names them, in .print and .measure: vdb(out), id(m1), @m1[gm], {v(a)*i(v1)}.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "wordline/netlist/line.hpp"
#include "wordline/netlist/output_request.hpp"
#include "wordline/netlist/scope.hpp"

namespace wordline {

// Whether name(...) is a quantity of the circuit; lower case.
bool is_output_function(std::string_view name);

// A quantity as it is written: v(a), v(a,b), vm vp vr vi vdb and the same with i, i(device),
// id(m1) and other terminals, p(device) or w(device), n(device:state), @device[parameter]. Ranges
// and wildcards are left in its names. Throws Fault.
OutputRequest read_operand(std::string_view text, Dialect dialect);

// A quantity that was written without parentheses, as the dialect has paths and phases.
OutputRequest in_dialect(OutputRequest request, Dialect dialect);

// An expression of quantities, parameters, time or frequency, and measures, by their names in the
// order of Circuit::measures (lower case; empty: not to be used). Throws Fault.
OutputExpression read_output_expression(const Token& token, const Scope& scope,
                                        std::span<const std::string> measures = {});

// What an analysis itself calls by this name; onoise and inoise are short for spectra.
OutputRequest result_called(std::string_view name);

// The text of the quantity that comes next in a line, up to its closing parenthesis.
std::string_view take_operand(Line& line);

}  // namespace wordline
