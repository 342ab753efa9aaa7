#include "wordline/cli/control/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"
#include "wordline/cli/control/expression.hpp"

namespace wordline::cli::control {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// `let name = expression`, or `let name[index] = expression` for one element.
// NOLINTNEXTLINE(performance-unnecessary-value-param): commands may take their arguments apart.
void let(Session& session, std::string arguments) {
  const std::size_t equals = arguments.find('=');
  if (equals == std::string::npos) throw Error("let is written: let name = expression");
  std::string name = to_lower(trimmed(arguments.substr(0, equals)));
  Vector value = evaluate(arguments.substr(equals + 1), session.plots);
  const std::size_t dot = name.find('.');
  Plot* const other = dot == std::string::npos ? nullptr : session.plots.find(name.substr(0, dot));
  if (other != nullptr) name.erase(0, dot + 1);
  const std::size_t bracket = name.find('[');
  Plot& plot = other != nullptr ? *other : session.plots.home_of(name.substr(0, bracket));
  const Vector* const old =
      bracket == std::string::npos ? nullptr : plot.find(name.substr(0, bracket));
  if (old == nullptr) {
    if (name.empty() || name.find_first_of(kBlanks) != std::string::npos) {
      throw Error(fmt::format("'{}' is no name of a vector", name));
    }
    value.name = name;
    plot.set(std::move(value));
    return;
  }
  const std::string index_text = name.substr(bracket + 1, name.size() - bracket - 2);
  const double index = evaluate(index_text, session.plots).values.at(0).real();
  if (!(index >= 0 && index < static_cast<double>(old->values.size())) ||
      value.values.size() != 1) {
    throw Error(fmt::format("'{}' is no element of a vector of {}", name, old->values.size()));
  }
  Vector changed = *old;
  changed.values[static_cast<std::size_t>(index)] = value.values[0];
  changed.complex = changed.complex || value.complex;
  plot.set(std::move(changed));
}

// `define name(argument, ...) expression`.
// NOLINTNEXTLINE(performance-unnecessary-value-param): commands may take their arguments apart.
void define(Session& session, std::string arguments) {
  const std::size_t open = arguments.find('(');
  const std::size_t close = arguments.find(')');
  if (open == std::string::npos || close == std::string::npos || close < open) {
    throw Error("define is written: define name(arguments) expression");
  }
  const std::string name = to_lower(trimmed(arguments.substr(0, open)));
  const bool is_word = std::all_of(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
  if (name.empty() || !is_word || name == "v" || name == "i") {
    throw Error(fmt::format("'{}' is no name of a function", name));
  }
  DefinedFunction function{.arguments = {}, .body = trimmed(arguments.substr(close + 1))};
  std::string names = to_lower(arguments.substr(open + 1, close - open - 1));
  std::replace(names.begin(), names.end(), ',', ' ');
  while (!names.empty()) function.arguments.push_back(take_word(names));
  session.plots.functions[name] = std::move(function);
}

// `set name`, `set name = value`, `set name = ( values )`.
// NOLINTNEXTLINE(performance-unnecessary-value-param): commands may take their arguments apart.
void set(Session& session, std::string arguments) {
  const std::size_t equals = arguments.find('=');
  const std::string name = to_lower(trimmed(arguments.substr(0, equals)));
  if (name.empty()) throw Error("set is written: set name = value");
  std::vector<std::string> values;
  if (equals != std::string::npos) {
    std::string rest = trimmed(arguments.substr(equals + 1));
    if (rest.size() > 1 && rest.front() == '(' && rest.back() == ')') {
      rest = trimmed(rest.substr(1, rest.size() - 2));
    }
    while (!rest.empty()) values.push_back(take_word(rest));
  }
  if (values.empty()) values.emplace_back("true");
  session.variables[name] = std::move(values);
}

void unset(Session& session, std::string arguments) {
  while (!arguments.empty()) session.variables.erase(to_lower(take_word(arguments)));
}

void echo(Session& /*session*/, std::string arguments) {
  std::string line;
  while (!arguments.empty()) {
    const std::string word = take_word(arguments);
    if (word == ">" || word == ">>") {
      throw Error("output to a file by > is not supported; use wrdata or write");
    }
    line += (line.empty() ? "" : " ") + word;
  }
  fmt::print("{}\n", printable(line));
}

void set_plot(Session& session, std::string arguments) {
  const std::string id = to_lower(take_word(arguments));
  if (id == "new") {
    session.plots.add_empty();
  } else if (!id.empty()) {
    session.plots.make_current(id);
  } else {
    for (const std::string& known : session.plots.ids()) {
      fmt::print("{}{}\t{}\n", known == session.plots.current().id ? "* " : "  ", known,
                 session.plots.find(known)->plotname);
    }
  }
}

void destroy(Session& session, std::string arguments) {
  if (arguments.empty()) session.plots.destroy(session.plots.current().id);
  while (!arguments.empty()) {
    const std::string id = to_lower(take_word(arguments));
    if (id == "all") {
      session.plots.destroy_all();
    } else if (session.plots.find(id) == nullptr) {
      throw Error(fmt::format("there is no plot '{}'", id));
    } else {
      session.plots.destroy(id);
    }
  }
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): commands may take their arguments apart.
void quit(Session& session, std::string /*arguments*/) { session.quit = true; }

template <const char* kName>
void analysis(Session& session, std::string arguments) {
  run_line(session, fmt::format(".{} {}", kName, arguments));
}
constexpr char kOp[] = "op";
constexpr char kDc[] = "dc";
constexpr char kTran[] = "tran";
constexpr char kAc[] = "ac";
constexpr char kNoise[] = "noise";
constexpr char kTransfer[] = "tf";
constexpr char kSensitivity[] = "sens";

struct Named {
  std::string_view name;
  CommandFunction function;
};

constexpr std::array<Named, 26> kCommands = {{{"run", run_all},
                                              {"op", analysis<kOp>},
                                              {"dc", analysis<kDc>},
                                              {"tran", analysis<kTran>},
                                              {"ac", analysis<kAc>},
                                              {"noise", analysis<kNoise>},
                                              {"tf", analysis<kTransfer>},
                                              {"sens", analysis<kSensitivity>},
                                              {"let", let},
                                              {"define", define},
                                              {"print", print},
                                              {"write", write},
                                              {"wrdata", write_data},
                                              {"alter", alter},
                                              {"altermod", alter_model},
                                              {"alterparam", alter_parameter},
                                              {"reset", reset},
                                              {"meas", measure},
                                              {"measure", measure},
                                              {"set", set},
                                              {"unset", unset},
                                              {"echo", echo},
                                              {"setplot", set_plot},
                                              {"destroy", destroy},
                                              {"quit", quit},
                                              {"exit", quit}}};

}  // namespace

CommandFunction find_command(std::string_view name) {
  const auto* const found = std::find_if(kCommands.begin(), kCommands.end(),
                                         [name](const Named& c) { return c.name == name; });
  return found == kCommands.end() ? nullptr : found->function;
}

int Session::digits() const {
  const int usual = circuit.options.digits;
  const auto found = variables.find("numdgt");
  if (found == variables.end()) return usual;
  const auto value = parse_spice_number(found->second.front());
  return value && *value >= 1 && *value <= 17 ? static_cast<int>(*value) : usual;
}

std::string take_word(std::string& text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string::npos) {
    text.clear();
    return {};
  }
  std::string word;
  bool quoted = false;
  std::size_t k = first;
  for (; k < text.size() && (quoted || kBlanks.find(text[k]) == std::string_view::npos); ++k) {
    if (text[k] == '"') {
      quoted = !quoted;
    } else {
      word += text[k];
    }
  }
  text.erase(0, std::min(text.find_first_not_of(kBlanks, k), text.size()));
  return word;
}

}  // namespace wordline::cli::control
