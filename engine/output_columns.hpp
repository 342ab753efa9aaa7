// Outputs as functions of the columns of a plot.
#pragma once

#include <span>
#include <vector>

#include "wordline/base/error.hpp"
#include "wordline/engine/waveforms.hpp"
#include "wordline/netlist/output_request.hpp"

namespace wordline {

// What is shown of a complex value: phases in radians, decibels of its magnitude.
double part_of(double real, double imaginary, OutputRequest::Part part);

// The request for the whole quantity of which `request` is a part.
OutputRequest whole(const OutputRequest& request);

// A request or an expression of requests, found in a plot.
class OutputColumns {
 public:
  // Throws NetlistError where the plot has no such column, or where a function would need a complex
  // value to be one number. A plain operand is then its real part.
  OutputColumns(OutputExpression expression, const PlotHeader& header);
  // Whether the plot has all that the expression needs.
  static bool has_all(const OutputExpression& expression, const PlotHeader& header);

  // `numbers` are those of a point, `measures` all results so far.
  double value(std::span<const double> numbers, std::span<const double> measures = {}) const;

 private:
  struct Operand {
    std::size_t real, imaginary;  // in the numbers of a point; the same where it is real
    OutputRequest::Part part;
  };

  OutputExpression expression_;
  std::vector<Operand> operands_;
};

// The place of a request's quantity among the signals; their number if it is not there.
std::size_t find_column(const OutputRequest& request, const PlotHeader& header);

NetlistError no_such_column(const OutputRequest& request, const PlotHeader& header);

}  // namespace wordline
