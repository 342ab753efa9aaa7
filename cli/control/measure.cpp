// meas: `.measure` over the vectors of the current plot.
#include <fmt/format.h>

#include <array>

#include "wordline/base/error.hpp"
#include "wordline/cli/control/commands.hpp"
#include "wordline/cli/control/expression.hpp"
#include "wordline/cli/measures.hpp"
#include "wordline/engine/measurer.hpp"
#include "wordline/engine/output_columns.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline::cli::control {

namespace {

// The vector that a measure needs, by its name or as an expression of others: v(a,b).
Vector vector_of(const OutputRequest& operand, std::size_t length, Plots& plots) {
  const std::string label = whole(operand).label;
  const Vector* const found = plots.current().find(label);
  Vector vector = found != nullptr ? *found : evaluate(label, plots);
  if (vector.values.size() != length) {
    throw Error(fmt::format("'{}' has {} elements, and '{}' {}", label, vector.values.size(),
                            plots.current().vectors.front().name, length));
  }
  vector.name = label;
  return vector;
}

// "tran" of the plot "tran2".
std::string analysis_of(const Plot& plot) {
  return plot.id.substr(0, plot.id.find_first_of("0123456789"));
}

void feed(Measurer& measurer, const std::vector<Vector>& vectors, const Plot& plot) {
  PlotHeader header{.title = "", .plotname = plot.plotname, .signals = {}};
  for (const Vector& vector : vectors) {
    header.signals.push_back({vector.name, vector.type, vector.unit});
    header.complex = header.complex || vector.complex;
  }
  measurer.begin(header);
  std::vector<double> numbers(header.numbers());
  for (std::size_t k = 0; k < vectors.front().values.size(); ++k) {
    for (std::size_t s = 0; s < vectors.size(); ++s) {
      numbers[s] = vectors[s].values[k].real();
      if (header.complex) numbers[vectors.size() + s] = vectors[s].values[k].imag();
    }
    measurer.point(numbers);
  }
  measurer.end();
}

}  // namespace

// NOLINTNEXTLINE(performance-unnecessary-value-param): commands may take their arguments apart.
void measure(Session& session, std::string arguments) {
  Plot& plot = session.plots.current();
  const std::array measures = {
      read_measure(session.circuit, ".measure " + arguments, plot.names())};
  const std::string analysis = analysis_of(plot);
  const std::string& wanted = measures[0].analysis;
  if (plot.vectors.empty() || (!wanted.empty() && wanted != analysis)) {
    throw Error(fmt::format("the current plot, {}, is not of a .{} analysis", plot.id,
                            wanted.empty() ? "tran, .dc or .ac" : wanted));
  }
  Measurer measurer(measures, analysis);
  const std::size_t length = plot.vectors.front().values.size();
  std::vector<Vector> vectors = {plot.vectors.front()};
  for (const OutputRequest& operand : measurer.operands()) {
    vectors.push_back(vector_of(operand, length, session.plots));
  }
  feed(measurer, vectors, plot);
  const std::vector<MeasureResult> results = measurer.results();
  if (!report_measures(results, stdout)) {
    session.has_failed_measures = true;
    return;
  }
  plot.set(
      {.name = measures[0].name, .type = "notype", .unit = "", .values = {results.at(0).value}});
}

}  // namespace wordline::cli::control
