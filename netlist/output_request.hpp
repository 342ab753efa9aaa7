// What a user asked to be kept or measured: quantities of the circuit and functions of them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "wordline/base/error.hpp"
#include "wordline/netlist/expression.hpp"

namespace wordline {

struct OutputExpression;

// v(a), v(a,b), vdb(a), i(dev), id(m1), p(dev), @dev[param], {v(a)*i(v1)}, by the text of the
// request. In the names of nodes and devices * and ? stand for any characters.
struct OutputRequest {
  enum class Kind {
    kNodeVoltage,      // first, or first against second
    kCurrent,          // of the device `first`
    kDeviceParameter,  // `second` of the device `first`
    kResult,           // what the analysis itself calls `first`: "time", "onoise_spectrum"
    kExpression,
  };
  // What is shown of a complex value. A real one is a complex one without an imaginary part.
  enum class Part { kWhole, kMagnitude, kPhase, kDegrees, kReal, kImaginary, kDecibels };

  Kind kind = Kind::kNodeVoltage;
  std::string first = {}, second = {};
  std::string label = {};     // as printed
  std::string analysis = {};  // "tran", "dc", "op"; empty: any
  SourceLocation where = {};
  Part part = Part::kWhole;
  std::shared_ptr<const OutputExpression> expression = nullptr;

  bool has_wildcard() const { return (first + second).find_first_of("*?") != std::string::npos; }
};

// A function of results: its inputs are the operands, then the measures.
struct OutputExpression {
  BoundExpression function;
  std::vector<OutputRequest> operands;
  std::vector<std::int32_t> measures;  // indices into Circuit::measures
  bool plain = false;                  // nothing but the value of the one operand

  bool is_constant() const { return operands.empty(); }
};

}  // namespace wordline
