// .measure analysis name what ...
//   TRIG event TARG event                    the distance between two events
//   WHEN event                               where it is
//   FIND|DERIV signal WHEN event|AT=place    a value or slope there
//   AVG|RMS|MIN|MAX|PP|INTEG|MIN_AT|MAX_AT signal [FROM=] [TO=], or [TRIG event TARG event]
//   PARAM=expression
// An event is signal=level (of TRIG and TARG: signal VAL=level, or AT=place), then RISE=, FALL= or
// CROSS= a number or LAST, TD=.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "wordline/base/units.hpp"
#include "wordline/netlist/expression_program.hpp"
#include "wordline/netlist/output_operand.hpp"
#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

namespace {

using Edge = MeasureEvent::Edge;
using Kind = Measure::Kind;

constexpr std::array<std::string_view, 5> kAnalyses = {"tran", "dc", "ac", "noise", "op"};

struct KindName {
  std::string_view name;
  Kind kind;
};
constexpr std::array<KindName, 17> kKinds = {{{"trig", Kind::kDelay},
                                              {"when", Kind::kWhen},
                                              {"find", Kind::kFind},
                                              {"deriv", Kind::kDerivative},
                                              {"derivative", Kind::kDerivative},
                                              {"avg", Kind::kAverage},
                                              {"rms", Kind::kRms},
                                              {"min", Kind::kMinimum},
                                              {"max", Kind::kMaximum},
                                              {"pp", Kind::kPeakToPeak},
                                              {"integ", Kind::kIntegral},
                                              {"integral", Kind::kIntegral},
                                              {"min_at", Kind::kMinimumAt},
                                              {"max_at", Kind::kMaximumAt},
                                              {"param", Kind::kParameter},
                                              {"eqn", Kind::kParameter},
                                              {"equation", Kind::kParameter}}};

// What optimisers use of a measure; it does not change its value.
constexpr std::array<std::string_view, 6> kWithoutEffect = {"goal",   "minval", "weight",
                                                            "ignore", "yval",   "precision"};

// The analysis that the deck asks for where it is a single one, but for `.op`; else "".
std::string_view only_analysis(const Scope& scope) {
  std::string_view only;
  for (const std::string_view analysis : kAnalyses) {
    const Statement* const statement = find_statement(fmt::format(".{}", analysis));
    const auto& lines = scope.block().statements;
    const bool is_asked_for =
        analysis != "op" && std::any_of(lines.begin(), lines.end(), [&](const StatementLine& line) {
          return line.statement->read == statement->read;
        });
    if (!is_asked_for) continue;
    if (!only.empty()) return {};
    only = analysis;
  }
  return only;
}

class MeasureReader {
 public:
  MeasureReader(Line& line, Scope& scope) : line_(line), scope_(scope) {}

  void read() {
    for (const std::string_view analysis : kAnalyses) {
      if (line_.accept_word(analysis)) measure_.analysis = analysis;
    }
    if (measure_.analysis.empty()) measure_.analysis = only_analysis(scope_);
    const Token name = line_.expect_word("the name of the measure");
    measure_.name = to_lower(name.text);
    measure_.where = scope_.sources().locate(name.text.data());
    if (scope_.parameter(measure_.name)) {
      scope_.warn(name, fmt::format("the measure '{}' hides the parameter", name.text));
    }
    for (const Measure& other : scope_.circuit().measures) {
      const bool usable = other.analysis.empty() || other.analysis == measure_.analysis;
      earlier_.push_back(usable ? other.name : "");
      if (other.name == measure_.name && other.analysis == measure_.analysis) {
        fail(name, fmt::format("there is already a measure '{}'", name.text));
      }
    }
    read_kind();
    line_.expect_end();
    scope_.circuit().measures.push_back(std::move(measure_));
  }

 private:
  void read_kind() {
    const Token word = line_.expect_word("what is measured");
    const auto* const found = std::find_if(kKinds.begin(), kKinds.end(), [&](const KindName& k) {
      return equal_ignoring_case(word.text, k.name);
    });
    if (found == kKinds.end()) {
      std::vector<std::string> names;
      for (const KindName& kind : kKinds) names.emplace_back(kind.name);
      const std::string near = did_you_mean(word.text, names);
      fail(word, fmt::format("'{}' is nothing that can be measured", word.text),
           near.empty() ? fmt::format("there are {}", fmt::join(names, ", ")) : near);
    }
    measure_.kind = found->kind;
    switch (found->kind) {
      case Kind::kDelay:
        return read_delay();
      case Kind::kWhen:
        measure_.event = read_when();
        return;
      case Kind::kFind:
      case Kind::kDerivative:
        measure_.signal = read_signal();
        return read_place();
      case Kind::kParameter:
        return read_parameter(word);
      default:
        measure_.signal = read_signal();
        if (line_.accept_word("trig")) return read_delay();
        read_qualifiers(nullptr);
    }
  }

  void read_delay() {
    measure_.trigger = read_trigger("trig");
    if (!line_.accept_word("targ")) fail(line_.peek(), "TARG is expected here");
    measure_.event = read_trigger("targ");
  }

  // FIND and DERIV: the place, or none in an operating point.
  void read_place() {
    if (line_.accept_word("when")) {
      measure_.event = read_when();
    } else if (at_word("at")) {
      measure_.event.at = named_value();
      read_qualifiers(nullptr);
    } else if (measure_.analysis == "op" && line_.done()) {
      measure_.kind = Kind::kAverage;  // of one point
    } else {
      fail(line_.peek(), "WHEN or AT= is expected here");
    }
  }

  void read_parameter(const Token& word) {
    line_.accept('=');
    const Token token = line_.expect_expression("an expression");
    measure_.signal = read_output_expression(token, scope_, earlier_);
    if (!measure_.signal.is_constant()) {
      fail(token, fmt::format("{} is of measures and parameters alone, not of signals", word.text),
           "read the signal with another measure, such as FIND ... AT=");
    }
    read_qualifiers(nullptr);
  }

  // signal=level ...
  MeasureEvent read_when() {
    MeasureEvent event;
    event.signal = read_signal();
    line_.expect('=');
    event.level = read_signal();
    read_qualifiers(&event);
    return event;
  }

  // signal VAL=level ..., or AT=place
  MeasureEvent read_trigger(std::string_view which) {
    MeasureEvent event;
    if (at_word("at")) {
      event.at = named_value();
      return event;
    }
    event.signal = read_signal();
    bool has_level = false;
    if (line_.accept('=')) {
      event.level = read_signal();
      has_level = true;
    }
    while (!line_.done() && !at_word("targ")) {
      if (at_word("val")) {
        event.level = named_value();
        has_level = true;
      } else {
        read_qualifier(&event);
      }
    }
    if (!has_level) fail(line_.peek(), fmt::format("{} needs VAL= or AT=", which));
    return event;
  }

  void read_qualifiers(MeasureEvent* event) {
    while (!line_.done()) read_qualifier(event);
  }

  void read_qualifier(MeasureEvent* event) {
    line_.accept(',');
    const Token name = line_.peek();
    if (at_word("from")) {
      measure_.from = named_value();
    } else if (at_word("to")) {
      measure_.to = named_value();
    } else if (at_word("td") && event != nullptr) {
      event->delay = named_value();
    } else if (event != nullptr && (at_word("rise") || at_word("fall") || at_word("cross"))) {
      read_edge(*event);
    } else if (std::any_of(kWithoutEffect.begin(), kWithoutEffect.end(),
                           [this](std::string_view word) { return at_word(word); })) {
      named_value();
    } else {
      fail(name, fmt::format("'{}' is not expected here", name.text),
           did_you_mean(name.text,
                        {"from", "to", "td", "rise", "fall", "cross", "val", "at", "targ"}));
    }
  }

  void read_edge(MeasureEvent& event) {
    const std::string name = to_lower(line_.take().text);
    event.edge = name == "rise" ? Edge::kRise : name == "fall" ? Edge::kFall : Edge::kCross;
    line_.accept('=');
    if (line_.accept_word("last")) {
      event.count = 0;
      return;
    }
    const Token token = line_.expect_value("a number or LAST");
    const double count = scope_.value(token);
    constexpr double kMost = 1e9;
    if (count < 1 || count > kMost || count != std::floor(count)) {
      fail(token, fmt::format("{} = {} is no number of a crossing", name, count),
           "write 1, 2 ... or LAST");
    }
    event.count = static_cast<int>(count);
  }

  bool at_word(std::string_view word) const {
    return line_.peek().is_word() && equal_ignoring_case(line_.peek().text, word);
  }

  // `name = value` or `name value`: a number that does not depend on signals.
  OutputExpression named_value() {
    const Token name = line_.take();
    line_.accept('=');
    const Token token = line_.expect_value(fmt::format("the value of {}", name.text));
    OutputExpression value = read_output_expression(token, scope_, earlier_);
    if (!value.is_constant()) {
      fail(token, fmt::format("{} is a number, not a signal", name.text));
    }
    return value;
  }

  // v(a), {expression}, par('expression'), a number.
  OutputExpression read_signal() {
    const bool is_par = at_word("par") && line_.peek(1).is('(');
    if (is_par) {
      line_.take();
      line_.expect('(');
    }
    const Token token = line_.expect_value("a signal or a number");
    if (is_par) line_.expect(')');
    if (measure_.analysis == "noise" && token.is_word() && !parse_spice_number(token.text)) {
      return result_of_noise(token);
    }
    return read_output_expression(token, scope_, earlier_);
  }

  // A spectrum, by the name that the analysis gives it.
  OutputExpression result_of_noise(const Token& token) const {
    OutputExpression result;
    result.operands.push_back(result_called(token.text));
    result.function = scope_.function(expression::parse(token.text, scope_.language()),
                                      std::vector{to_lower(token.text)});
    result.plain = true;
    return result;
  }

  Line& line_;
  Scope& scope_;
  Measure measure_;
  std::vector<std::string> earlier_;
};

}  // namespace

void read_measure(Line& line, Scope& scope) { MeasureReader(line, scope).read(); }

}  // namespace wordline
