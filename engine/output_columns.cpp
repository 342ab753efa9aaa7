#include "wordline/engine/output_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace wordline {

namespace {

using Part = OutputRequest::Part;

}  // namespace

NetlistError no_such_column(const OutputRequest& request, const PlotHeader& header) {
  std::vector<std::string> names;
  for (const Signal& signal : header.signals) names.push_back(signal.name);
  const std::string near = nearest(request.label, names);
  return NetlistError({Severity::kError, request.where,
                       fmt::format("there is no '{}' in '{}'", request.label, header.plotname),
                       near.empty() ? "" : fmt::format("did you mean '{}'?", near)});
}

double part_of(double real, double imaginary, Part part) {
  switch (part) {
    case Part::kWhole:
    case Part::kReal:
      return real;
    case Part::kImaginary:
      return imaginary;
    case Part::kMagnitude:
      return std::hypot(real, imaginary);
    case Part::kPhase:
      return std::atan2(imaginary, real);
    case Part::kDegrees:
      return std::atan2(imaginary, real) * 180 / std::numbers::pi;
    case Part::kDecibels:
      break;
  }
  return 20 * std::log10(std::hypot(real, imaginary));
}

OutputRequest whole(const OutputRequest& request) {
  OutputRequest result = request;
  if (request.part == Part::kWhole) return result;
  const char letter = request.kind == OutputRequest::Kind::kNodeVoltage ? 'v' : 'i';
  result.part = Part::kWhole;
  result.label = request.second.empty()
                     ? fmt::format("{}({})", letter, request.first)
                     : fmt::format("{}({},{})", letter, request.first, request.second);
  return result;
}

std::size_t find_column(const OutputRequest& request, const PlotHeader& header) {
  const std::string label = whole(request).label;
  const auto found = std::find_if(header.signals.begin(), header.signals.end(),
                                  [&](const Signal& s) { return s.name == label; });
  return static_cast<std::size_t>(found - header.signals.begin());
}

bool OutputColumns::has_all(const OutputExpression& expression, const PlotHeader& header) {
  return std::all_of(
      expression.operands.begin(), expression.operands.end(),
      [&](const OutputRequest& o) { return find_column(o, header) < header.signals.size(); });
}

OutputColumns::OutputColumns(OutputExpression expression, const PlotHeader& header)
    : expression_(std::move(expression)) {
  std::vector<bool> complex_inputs;
  for (const OutputRequest& operand : expression_.operands) {
    const std::size_t column = find_column(operand, header);
    if (column == header.signals.size()) throw no_such_column(operand, header);
    const bool is_axis = column == 0;
    complex_inputs.push_back(header.complex && !is_axis && operand.part == Part::kWhole);
    operands_.push_back(
        {column, header.complex ? header.signals.size() + column : column, operand.part});
  }
  if (std::find(complex_inputs.begin(), complex_inputs.end(), true) == complex_inputs.end()) return;
  plain_is_complex_ = expression_.plain;
  if (expression_.plain) return;
  complex_inputs.resize(complex_inputs.size() + expression_.measures.size(), false);
  try {
    complex_.emplace(expression_.function, complex_inputs);
  } catch (const Error& error) {
    throw NetlistError({Severity::kError, expression_.operands.front().where, error.what(), ""});
  }
}

std::complex<double> OutputColumns::input(const Operand& operand,
                                          std::span<const double> numbers) const {
  const double imaginary = operand.imaginary == operand.real ? 0 : numbers[operand.imaginary];
  if (operand.part == Part::kWhole) return {numbers[operand.real], imaginary};
  return part_of(numbers[operand.real], imaginary, operand.part);
}

std::complex<double> OutputColumns::phasor(std::span<const double> numbers,
                                           std::span<const double> measures) const {
  if (!complex_) {
    return expression_.plain ? input(operands_[0], numbers) : value(numbers, measures);
  }
  std::vector<std::complex<double>> inputs;
  for (const Operand& o : operands_) inputs.push_back(input(o, numbers));
  for (const std::int32_t k : expression_.measures) {
    inputs.emplace_back(measures[static_cast<std::size_t>(k)]);
  }
  return complex_->evaluate(inputs);
}

double OutputColumns::value(std::span<const double> numbers,
                            std::span<const double> measures) const {
  if (complex_ || expression_.plain) return phasor(numbers, measures).real();
  std::vector<double> inputs;
  inputs.reserve(operands_.size() + expression_.measures.size());
  for (const Operand& o : operands_) inputs.push_back(input(o, numbers).real());
  for (const std::int32_t k : expression_.measures) {
    inputs.push_back(measures[static_cast<std::size_t>(k)]);
  }
  return expression_.function.evaluate(inputs, 0, 0, {});
}

}  // namespace wordline
