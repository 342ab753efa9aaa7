// .print, .plot, .save and .probe: which signals are kept.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "wordline/base/units.hpp"
#include "wordline/netlist/index_range.hpp"
#include "wordline/netlist/output_operand.hpp"
#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

namespace {

// The analysis a list belongs to, where it is named.
std::string accept_analysis(Line& line) {
  for (const std::string_view analysis : {"tran", "dc", "op", "ac", "noise"}) {
    if (line.accept_word(analysis)) return std::string(analysis);
  }
  return {};
}

// Every node and every current that is an unknown of the circuit. What lies inside arrays is not
// meant: there is too much of it.
std::vector<OutputRequest> everything(const Circuit& circuit) {
  std::vector<OutputRequest> requests;
  const auto request = [&](OutputRequest::Kind kind, char letter, const std::string& name) {
    requests.push_back({.kind = kind, .first = name, .label = fmt::format("{}({})", letter, name)});
  };
  for (const std::string& node : circuit.nodes.stored()) {
    if (node != "0") request(OutputRequest::Kind::kNodeVoltage, 'v', node);
  }
  for (const NameTable* names : {&circuit.voltage_sources.names, &circuit.vcvs.names,
                                 &circuit.ccvs.names, &circuit.inductors.names}) {
    for (const std::string& name : names->stored()) {
      request(OutputRequest::Kind::kCurrent, 'i', name);
    }
  }
  return requests;
}

// What Xyce takes on a .print line besides signals.
constexpr std::array<std::string_view, 7> kWithoutEffect = {
    "format", "file", "precision", "width", "delimiter", "filter", "timescalefactor"};

bool accept_setting(Line& line, const Scope& scope) {
  if (!line.at_assignment() ||
      std::none_of(kWithoutEffect.begin(), kWithoutEffect.end(), [&](std::string_view name) {
        return equal_ignoring_case(line.peek().text, name);
      })) {
    return false;
  }
  const Assignment setting = *line.accept_assignment();
  scope.warn(setting.name, fmt::format("'{}' has no effect here", setting.name.text),
             "wordline run chooses the format and the file of its results");
  return true;
}

// The range of values that `.plot` draws: (0,5) behind a signal.
bool accept_limits(Line& line) {
  if (!equal_ignoring_case(line.head().text, ".plot") || !line.accept('(')) return false;
  line.expect_value("the lower end of the plot");
  line.accept(',');
  line.expect_value("the upper end of the plot");
  line.expect(')');
  return true;
}

std::string without_blanks(std::string_view text) {
  std::string result = to_lower(text);
  std::erase_if(result, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  return result;
}

// Whether an operator stands in a word, outside of its brackets.
bool has_operator(std::string_view word) {
  int depth = 0;
  for (const char c : word) {
    if (c == '[') ++depth;
    if (c == ']') --depth;
    if (depth == 0 && std::string_view("+-*/^").find(c) != std::string_view::npos) return true;
  }
  return false;
}

// Whether what comes next is an expression without braces and blanks: v(a)-v(b).
bool at_bare_expression(const Line& line) {
  int depth = 0;
  bool computes = false;
  bool calls = false;
  const char* end = line.peek().text.data();
  for (std::size_t k = 0; line.peek(k).kind != Token::Kind::kEnd; ++k) {
    const Token& token = line.peek(k);
    if (depth == 0 && token.text.data() != end) break;
    if (token.is('(')) ++depth;
    if (token.is(')')) --depth;
    calls = calls || token.is('(');
    computes = computes || (depth == 0 && token.is_word() && has_operator(token.text));
    end = token.text.data() + token.text.size();
  }
  return line.peek().is_word() && computes && calls;
}

// Whether an expression that begins with a sign stands behind a signal: v(a) -v(b).
bool follows_signal(const Token& token) {
  if (!token.text.starts_with('-') && !token.text.starts_with('+')) return false;
  const char* before = token.text.data() - 1;  // the statement's own word is before it at least
  while (*before == ' ' || *before == '\t') --before;
  return *before == ')';
}

// {expression}, 'expression' or par('expression'), perhaps with a name before it, or a bare one.
std::optional<OutputRequest> accept_expression(Line& line, const Scope& scope) {
  std::string name;
  if (line.at_assignment()) {
    name = to_lower(line.take().text);
    line.expect('=');
  }
  const bool is_function =
      line.peek().is_word() && line.peek(1).is('(') && equal_ignoring_case(line.peek().text, "par");
  // im(v1) is an output, im(v(a)) the call of a function.
  const bool is_call = line.peek().is_word() && line.peek(1).is('(') && !is_function &&
                       (!is_output_function(to_lower(line.peek().text)) || line.peek(3).is('(')) &&
                       scope.has_function(line.peek().text);
  const bool is_bare = name.empty() && !is_function && at_bare_expression(line);
  const bool is_expression = is_call || is_bare || line.peek().kind == Token::Kind::kExpression ||
                             line.peek().kind == Token::Kind::kString;
  if (!is_function && !is_expression) {
    if (!name.empty()) fail(line.peek(), "an expression is expected here", "write {expression}");
    return std::nullopt;
  }
  if (is_function) {
    line.take();
    line.expect('(');
  }
  const Token token = line.expect_value("an expression");
  if (is_function) line.expect(')');
  if (is_bare && follows_signal(token)) {
    scope.warn(token, "an output of its own, since a blank is before it",
               "write {expression} around both for their sum");
  }
  OutputRequest request{.kind = OutputRequest::Kind::kExpression};
  request.label = is_bare        ? without_blanks(token.text)
                  : name.empty() ? '{' + without_blanks(token.text) + '}'
                                 : name;
  request.expression =
      std::make_shared<const OutputExpression>(read_output_expression(token, scope));
  return request;
}

// What the points of an analysis are called; empty where it is nothing that an expression knows.
std::string_view axis_of(std::string_view analysis) {
  if (analysis == "tran") return "time";
  return analysis == "ac" || analysis == "noise" ? "frequency" : "";
}

std::vector<OutputRequest> read_requests(Line& line, const Scope& scope,
                                         const std::string& analysis) {
  if (line.accept_word("all")) return everything(scope.circuit());
  if (line.accept_word("alli")) return {read_operand("i(*)", scope.dialect())};
  if (auto expression = accept_expression(line, scope)) return {*std::move(expression)};
  const std::string_view text = take_operand(line);
  if (text.starts_with('@') || text.ends_with(')')) return {read_operand(text, scope.dialect())};
  if (analysis == "noise") return {result_called(text)};
  const std::string name = to_lower(text);
  // `.print tran time v(a)`: the axis comes first without being asked for.
  if (name == axis_of(analysis) && !scope.circuit().nodes.find(name)) return {};
  constexpr std::string_view kBranch = "#branch";  // ngspice's v1#branch
  if (name.ends_with(kBranch)) {
    const std::string device = name.substr(0, name.size() - kBranch.size());
    return {in_dialect({.kind = OutputRequest::Kind::kCurrent,
                        .first = device,
                        .label = fmt::format("i({})", device)},
                       scope.dialect())};
  }
  return {in_dialect({.first = name, .label = fmt::format("v({})", name)}, scope.dialect())};
}

// A request with ranges stands for one request an index.
std::vector<OutputRequest> expand(const OutputRequest& request, const Token& where,
                                  const Scope& scope) {
  try {
    const std::vector<std::string> labels = expand_ranges(request.label, scope);
    const std::vector<std::string> firsts = expand_ranges(request.first, scope);
    const std::vector<std::string> seconds = expand_ranges(request.second, scope);
    std::vector<OutputRequest> requests(labels.size(), request);
    for (std::size_t k = 0; k < labels.size(); ++k) {
      requests[k].label = labels[k];
      requests[k].first = firsts[std::min(k, firsts.size() - 1)];
      requests[k].second = seconds[std::min(k, seconds.size() - 1)];
    }
    return requests;
  } catch (const Fault& fault) {
    fail(where, fault.message, fault.hint);
  }
}

void check_axis(const OutputRequest& request, const std::string& analysis, const Token& where) {
  if (request.kind == OutputRequest::Kind::kExpression) {
    for (const OutputRequest& operand : request.expression->operands) {
      check_axis(operand, analysis, where);
    }
  }
  const bool is_axis = request.kind == OutputRequest::Kind::kResult &&
                       (request.first == "time" || request.first == "frequency");
  const std::string_view axis = axis_of(analysis);
  if (!is_axis || request.first == axis || analysis.empty()) return;
  fail(where, fmt::format(".{} has no {}", analysis, request.first),
       axis.empty() ? std::string() : fmt::format("its points have a {}", axis));
}

}  // namespace

void read_output_list(Line& line, Scope& scope, const std::string& analysis) {
  std::vector<OutputRequest>& outputs = scope.circuit().outputs;
  do {
    if (accept_setting(line, scope) || accept_limits(line)) continue;
    const Token where = line.peek();
    for (OutputRequest& request : read_requests(line, scope, analysis)) {
      check_axis(request, analysis, where);
      request.analysis = analysis;
      request.where = scope.sources().locate(where.text.data());
      if (request.kind == OutputRequest::Kind::kExpression) {
        outputs.push_back(std::move(request));
        continue;
      }
      for (OutputRequest& one : expand(request, where, scope)) outputs.push_back(std::move(one));
    }
    line.accept(',');
  } while (!line.done());
}

void read_output(Line& line, Scope& scope) {
  const std::string analysis = accept_analysis(line);
  read_output_list(line, scope, analysis);
}

}  // namespace wordline
