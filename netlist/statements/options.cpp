// .options
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "wordline/base/units.hpp"
#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

namespace {

constexpr double kAbsoluteZero = -kZeroCelsius;  // C
constexpr double kLargestSeed = 0x1p53;

struct RealOption {
  std::string_view name;
  double Options::*field;
  Range range;
};

constexpr std::array<RealOption, 19> kRealOptions = {{
    {"reltol", &Options::reltol, {.low = 0, .high = 1, .low_open = true, .high_open = true}},
    {"abstol", &Options::abstol, Range::positive()},
    {"vntol", &Options::vntol, Range::positive()},
    {"chgtol", &Options::chgtol, Range::positive()},
    {"trtol", &Options::trtol, Range::positive()},
    {"gmin", &Options::gmin, Range::at_least(0)},
    {"gshunt", &Options::gshunt, Range::at_least(0)},
    {"temp", &Options::temperature, {.low = kAbsoluteZero, .low_open = true}},
    {"tnom", &Options::nominal_temperature, {.low = kAbsoluteZero, .low_open = true}},
    {"maxdx", &Options::max_state_change, {.low = 0, .high = 1, .low_open = true}},
    {"cshunt", &Options::cshunt, Range::at_least(0)},
    {"xmu", &Options::xmu, Range::between(0, 0.5)},
    {"minbreak", &Options::min_break, Range::at_least(0)},
    {"defl", &Options::channel_length, Range::positive()},
    {"defw", &Options::channel_width, Range::positive()},
    {"defad", &Options::drain_area, Range::at_least(0)},
    {"defas", &Options::source_area, Range::at_least(0)},
    {"scale", &Options::scale, Range::positive()},
    {"pivrel", &Options::pivrel, {.low = 0, .high = 1, .low_open = true}},
}};

struct CountOption {
  std::string_view name;
  int Options::*field;
  int least;
  int most;
};

constexpr int kMostIterations = 1'000'000;
constexpr int kMostDigits = 17;
constexpr int kMostThreads = 1024;

constexpr std::array<CountOption, 10> kCountOptions = {
    {{"itl1", &Options::itl1, 1, kMostIterations},
     {"itl2", &Options::itl2, 1, kMostIterations},
     {"itl4", &Options::itl4, 1, kMostIterations},
     {"gminsteps", &Options::gmin_steps, 0, kMostIterations},
     {"srcsteps", &Options::source_steps, 0, kMostIterations},
     {"itl6", &Options::source_steps, 0, kMostIterations},
     {"maxord", &Options::max_order, 1, 6},
     {"nfreqs", &Options::harmonics, 1, kMostIterations},
     {"numdgt", &Options::digits, 1, kMostDigits},
     {"threads", &Options::threads, 0, kMostThreads}}};

struct MethodName {
  std::string_view name;
  Method method;
};

constexpr std::array<MethodName, 8> kMethods = {{{"trap", Method::kTrapezoidal},
                                                 {"trapezoidal", Method::kTrapezoidal},
                                                 {"7", Method::kTrapezoidal},  // in Xyce
                                                 {"gear", Method::kGear},
                                                 {"bdf2", Method::kGear},
                                                 {"8", Method::kGear},
                                                 {"be", Method::kBackwardEuler},
                                                 {"euler", Method::kBackwardEuler}}};

struct SolverName {
  std::string_view name;
  SolverKind kind;
};

constexpr std::array<SolverName, 5> kSolvers = {{{"auto", SolverKind::kAuto},
                                                 {"klu", SolverKind::kKlu},
                                                 {"krylov", SolverKind::kKrylov},
                                                 {"multifrontal", SolverKind::kMultifrontal},
                                                 {"cuda", SolverKind::kCuda}}};

// Options of other simulators whose absence changes no result by more than the tolerances do.
constexpr std::array<std::string_view, 30> kWithoutEffect = {
    "acct",    "list",    "node",        "nopage", "noacct", "noinit", "nomod",  "opts",
    "post",    "ingold",  "brief",       "klu",    "sparse", "pivtol", "warn",   "itl3",
    "itl5",    "probe",   "accurate",    "fast",   "runlvl", "lvltim", "bypass", "measdgt",
    "measout", "nomarch", "plotwinsize", "captab", "dcon",   "co"};

// Options of Xyce's packages, `.options package name=value`, by their names here.
struct PackageOption {
  std::string_view package, name, meant;
};

constexpr std::array<PackageOption, 13> kPackageOptions = {{{"timeint", "reltol", "reltol"},
                                                            {"timeint", "method", "method"},
                                                            {"timeint", "maxord", "maxord"},
                                                            {"nonlin", "maxstep", "itl1"},
                                                            {"nonlin-tran", "maxstep", "itl4"},
                                                            {"device", "temp", "temp"},
                                                            {"device", "tnom", "tnom"},
                                                            {"device", "gmin", "gmin"},
                                                            {"device", "defl", "defl"},
                                                            {"device", "defw", "defw"},
                                                            {"device", "defad", "defad"},
                                                            {"device", "defas", "defas"},
                                                            {"parser", "scale", "scale"}}};

constexpr std::array<std::string_view, 15> kPackages = {
    "timeint", "timeint-prob", "nonlin",      "nonlin-tran", "nonlin-hb",
    "device",  "linsol",       "linsol-ac",   "output",      "parser",
    "restart", "measure",      "sensitivity", "diagnostic",  "fft"};

template <class Rows>
auto find(const Rows& rows, std::string_view name) {
  return std::find_if(rows.begin(), rows.end(),
                      [name](const auto& row) { return equal_ignoring_case(name, row.name); });
}

// The options that are words alone; null if it is none of them.
bool Options::*find_flag(std::string_view name) {
  if (equal_ignoring_case(name, "noopiter")) return &Options::skip_direct;
  if (equal_ignoring_case(name, "savecurrents")) return &Options::save_currents;
  return nullptr;
}

void set_method(const Token& value, Options& options) {
  const auto found = find(kMethods, value.text);
  if (found == kMethods.end()) {
    fail(value, fmt::format("there is no integration method '{}'", value.text),
         "there are trap, gear and be");
  }
  options.method = found->method;
}

void set_solver(const Token& value, Options& options) {
  const auto found = find(kSolvers, value.text);
  if (found == kSolvers.end()) {
    std::vector<std::string> names;
    for (const SolverName& solver : kSolvers) names.emplace_back(solver.name);
    const std::string near = did_you_mean(value.text, names);
    fail(value, fmt::format("there is no solver '{}'", value.text),
         near.empty() ? fmt::format("there are {}", fmt::join(names, ", ")) : near);
  }
  options.solver = found->kind;
}

void set_file_type(const Token& value, Options& options) {
  options.ascii_results = equal_ignoring_case(value.text, "ascii");
  if (!options.ascii_results && !equal_ignoring_case(value.text, "binary")) {
    fail(value, fmt::format("there is no kind of rawfile '{}'", value.text),
         "there are ascii and binary");
  }
}

// It was heeded before the first line was read.
void check_dialect(const Token& value) {
  if (find_dialect(to_lower(value.text))) return;
  fail(value, fmt::format("there is no dialect '{}'", value.text),
       "there are ngspice, xyce, ltspice and hspice");
}

// The options whose value is a word; false if `name` is none of them.
bool set_word(const Assignment& assignment, Options& options) {
  if (equal_ignoring_case(assignment.name.text, "method")) {
    set_method(assignment.value, options);
  } else if (equal_ignoring_case(assignment.name.text, "solver")) {
    set_solver(assignment.value, options);
  } else if (equal_ignoring_case(assignment.name.text, "filetype")) {
    set_file_type(assignment.value, options);
  } else if (equal_ignoring_case(assignment.name.text, "dialect")) {
    check_dialect(assignment.value);
  } else {
    return false;
  }
  return true;
}

bool set_number(const Assignment& assignment, const Scope& scope) {
  const auto& [name, token] = assignment;
  Options& options = scope.circuit().options;
  if (const auto real = find(kRealOptions, name.text); real != kRealOptions.end()) {
    const double value = scope.value(token);
    if (!real->range.contains(value)) {
      fail(token, fmt::format("{} = {} is outside of {}", real->name, value, real->range.format()));
    }
    options.*(real->field) = value;
    return true;
  }
  if (const auto count = find(kCountOptions, name.text); count != kCountOptions.end()) {
    const double value = scope.value(token);
    if (value < count->least || value > count->most || value != std::floor(value)) {
      fail(token, fmt::format("{} = {} is no whole number from {} to {}", count->name, value,
                              count->least, count->most));
    }
    options.*(count->field) = static_cast<int>(value);
    return true;
  }
  if (equal_ignoring_case(name.text, "rshunt")) {
    const double value = scope.value(token);
    if (!(value > 0)) fail(token, fmt::format("rshunt = {} must be positive", value));
    options.gshunt = 1 / value;
    return true;
  }
  if (equal_ignoring_case(name.text, "seed")) {
    const double value = scope.value(token);
    if (value < 0 || value > kLargestSeed || value != std::floor(value)) {
      fail(token,
           fmt::format("seed = {} is no whole number from 0 to {:.0f}", value, kLargestSeed));
    }
    options.seed = static_cast<std::uint64_t>(value);
    return true;
  }
  return false;
}

// A flag may be given as a number, too: 0 takes it back.
bool set_flag(const Assignment& assignment, const Scope& scope) {
  bool Options::*const field = find_flag(assignment.name.text);
  if (field != nullptr) scope.circuit().options.*field = scope.value(assignment.value) != 0;
  return field != nullptr;
}

bool set(const Assignment& assignment, const Scope& scope) {
  return set_word(assignment, scope.circuit().options) || set_flag(assignment, scope) ||
         set_number(assignment, scope);
}

bool at_package(const Line& line) {
  return !line.at_assignment() &&
         std::any_of(kPackages.begin(), kPackages.end(), [&](std::string_view package) {
           return equal_ignoring_case(line.peek().text, package);
         });
}

void read_package(Line& line, const Scope& scope) {
  const std::string package = to_lower(line.take().text);
  while (const auto assignment = line.accept_assignment()) {
    const Token& name = assignment->name;
    const auto option =
        std::find_if(kPackageOptions.begin(), kPackageOptions.end(), [&](const PackageOption& o) {
          return o.package == package && equal_ignoring_case(name.text, o.name);
        });
    line.accept(',');
    if (option == kPackageOptions.end()) {
      scope.warn(name, fmt::format("the option '{}' of {} has no effect here", name.text, package));
    } else {
      set({{option->meant, Token::Kind::kWord}, assignment->value}, scope);
    }
  }
  line.expect_end();
}

// Parameters of sub-circuits are their own, whatever others are called at the top level.
bool accept_parameter_scope(const Assignment& assignment, const Scope& scope) {
  if (!equal_ignoring_case(assignment.name.text, "parhier")) return false;
  if (!equal_ignoring_case(assignment.value.text, "local")) {
    scope.warn(assignment.name, "parameters of sub-circuits are local here, as with parhier=local");
  }
  return true;
}

void warn_unknown(const Token& name, const Scope& scope) {
  const auto known = [&](std::string_view other) { return equal_ignoring_case(name.text, other); };
  if (std::any_of(kWithoutEffect.begin(), kWithoutEffect.end(), known)) {
    return scope.warn(name, fmt::format("the option '{}' has no effect here", name.text));
  }
  std::vector<std::string> names = {"dialect", "filetype",     "method", "noopiter",
                                    "rshunt",  "savecurrents", "seed",   "solver"};
  for (const RealOption& option : kRealOptions) names.emplace_back(option.name);
  for (const CountOption& option : kCountOptions) names.emplace_back(option.name);
  scope.warn(name, fmt::format("the option '{}' is not known and has no effect", name.text),
             did_you_mean(name.text, names));
}

}  // namespace

void read_options(Line& line, Scope& scope) {
  if (at_package(line)) return read_package(line, scope);
  while (!line.done()) {
    line.accept(',');
    if (const auto assignment = line.accept_assignment()) {
      if (!accept_parameter_scope(*assignment, scope) && !set(*assignment, scope)) {
        warn_unknown(assignment->name, scope);
      }
    } else {
      const Token flag = line.expect_word("an option");
      if (bool Options::*const field = find_flag(flag.text)) {
        scope.circuit().options.*field = true;
        continue;
      }
      const bool takes_value =
          find(kRealOptions, flag.text) != kRealOptions.end() ||
          find(kCountOptions, flag.text) != kCountOptions.end() ||
          equal_ignoring_case(flag.text, "dialect") || equal_ignoring_case(flag.text, "method") ||
          equal_ignoring_case(flag.text, "seed") || equal_ignoring_case(flag.text, "solver");
      if (takes_value) fail(flag, fmt::format("the option '{}' needs a value", flag.text));
      warn_unknown(flag, scope);
    }
  }
}

}  // namespace wordline
