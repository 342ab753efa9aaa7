// Outputs as functions of the columns of a plot.
#pragma once

#include <complex>
#include <optional>
#include <span>
#include <vector>

#include "wordline/base/error.hpp"
#include "wordline/engine/waveforms.hpp"
#include "wordline/netlist/complex_expression.hpp"
#include "wordline/netlist/output_request.hpp"

namespace wordline {

// What is shown of a complex value: phases in radians, decibels of its magnitude.
double part_of(double real, double imaginary, OutputRequest::Part part);

// The request for the whole quantity of which `request` is a part.
OutputRequest whole(const OutputRequest& request);

// A request or an expression of requests, found in a plot.
class OutputColumns {
 public:
  // Throws NetlistError where the plot has no such column, or where a complex value reaches a
  // function that takes none.
  OutputColumns(OutputExpression expression, const PlotHeader& header);
  // Whether the plot has all that the expression needs.
  static bool has_all(const OutputExpression& expression, const PlotHeader& header);

  bool is_complex() const { return plain_is_complex_ || (complex_ && complex_->is_complex()); }
  // `numbers` are those of a point, `measures` all results so far.
  std::complex<double> phasor(std::span<const double> numbers,
                              std::span<const double> measures = {}) const;
  // Of a complex value the real part.
  double value(std::span<const double> numbers, std::span<const double> measures = {}) const;

 private:
  struct Operand {
    std::size_t real, imaginary;  // in the numbers of a point; the same where it is real
    OutputRequest::Part part;
  };

  std::complex<double> input(const Operand& operand, std::span<const double> numbers) const;

  OutputExpression expression_;
  std::vector<Operand> operands_;
  bool plain_is_complex_ = false;
  std::optional<ComplexExpression> complex_;  // where an operand of an expression is complex
};

// The place of a request's quantity among the signals; their number if it is not there.
std::size_t find_column(const OutputRequest& request, const PlotHeader& header);

NetlistError no_such_column(const OutputRequest& request, const PlotHeader& header);

}  // namespace wordline
