#include "wordline/engine/output_check.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

#include "wordline/engine/measurer.hpp"
#include "wordline/engine/output_columns.hpp"
#include "wordline/engine/probes.hpp"
#include "wordline/engine/wildcards.hpp"
#include "wordline/netlist/analysis_name.hpp"

namespace wordline {

namespace {

// Others have results of their own, under names that they know.
constexpr std::array<std::string_view, 4> kWithQuantities = {"op", "dc", "tran", "ac"};

// The analyses of the circuit whose points are quantities of it.
std::vector<std::string_view> analyses_of(const Circuit& circuit) {
  std::vector<std::string_view> names;
  for (const std::string_view name : kWithQuantities) {
    const bool asked = std::any_of(circuit.analyses.begin(), circuit.analyses.end(),
                                   [&](const Analysis& a) { return name_of(a) == name; });
    if (asked) names.push_back(name);
  }
  return names;
}

class Check {
 public:
  Check(const Circuit& circuit, const System& system) : circuit_(circuit), system_(system) {}

  // An output, or what it is computed of.
  void look_at(const OutputRequest& request) {
    if (request.kind == OutputRequest::Kind::kExpression) {
      for (const OutputRequest& operand : request.expression->operands) look_at(operand);
    } else if (request.kind != OutputRequest::Kind::kResult) {
      collect([&] { find(request); });
    }
  }

  std::vector<Diagnostic> faults() && { return std::move(faults_); }

 private:
  void find(const OutputRequest& request) const {
    OutputRequest wanted = whole(request);
    wanted.analysis.clear();
    if (wanted.has_wildcard()) {
      expand_wildcards(wanted, system_, circuit_);  // to what there is, or to a fault
    } else {
      Probes(system_, std::span(&wanted, 1), "");
    }
  }

  // A measure of several analyses has its faults in all of them.
  template <class Call>
  void collect(Call call) {
    try {
      call();
    } catch (const NetlistError& error) {
      for (const Diagnostic& fault : error.diagnostics()) {
        const auto same = [&](const Diagnostic& other) { return other.format() == fault.format(); };
        if (std::none_of(faults_.begin(), faults_.end(), same)) faults_.push_back(fault);
      }
    }
  }

  const Circuit& circuit_;
  const System& system_;
  std::vector<Diagnostic> faults_;
};

}  // namespace

void check_outputs(const Circuit& circuit, const System& system) {
  Check check(circuit, system);
  const std::vector<std::string_view> analyses = analyses_of(circuit);
  const auto is_run = [&](std::string_view analysis) {
    return std::find(analyses.begin(), analyses.end(), analysis) != analyses.end();
  };
  for (const OutputRequest& request : circuit.outputs) {
    const bool is_asked = request.analysis.empty() ? !analyses.empty() : is_run(request.analysis);
    if (is_asked || (request.analysis == "four" && is_run("tran"))) check.look_at(request);
  }
  for (const std::string_view analysis : analyses) {
    for (const OutputRequest& operand : Measurer(circuit.measures, analysis).operands()) {
      check.look_at(operand);
    }
  }
  std::vector<Diagnostic> faults = std::move(check).faults();
  if (!faults.empty()) throw NetlistError(std::move(faults));
}

}  // namespace wordline
