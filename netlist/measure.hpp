// `.measure`: numbers that are read off the results of an analysis.
#pragma once

#include <optional>
#include <string>

#include "wordline/base/error.hpp"
#include "wordline/netlist/output_request.hpp"

namespace wordline {

// Where a signal reaches a level, or a given place on the first axis.
struct MeasureEvent {
  enum class Edge { kRise, kFall, kCross };

  std::optional<OutputExpression> at;  // the place itself; what follows has no meaning then
  OutputExpression signal, level;      // both may change from point to point
  Edge edge = Edge::kCross;
  int count = 1;                          // which of the events; 0: the last
  std::optional<OutputExpression> delay;  // events before it do not count
};

struct Measure {
  enum class Kind {
    kDelay,       // from `trigger` to `event`
    kWhen,        // the place of `event`
    kFind,        // of `signal` at `event`
    kDerivative,  // of `signal` at `event`
    kAverage,     // of `signal` from `from` to `to`, or `trigger` to `event`; so the next six
    kRms,
    kMinimum,
    kMaximum,
    kPeakToPeak,
    kIntegral,
    kMinimumAt,
    kMaximumAt,
    kParameter,  // `signal`, a function of other measures alone
  };

  std::string name;      // lower case
  std::string analysis;  // "tran", "dc", "op" ...; empty: .tran, .dc and .ac
  SourceLocation where;
  Kind kind = Kind::kWhen;
  OutputExpression signal = {};
  MeasureEvent trigger = {}, event = {};
  std::optional<OutputExpression> from = {}, to = {};
};

}  // namespace wordline
