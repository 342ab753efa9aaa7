// The equations that models export, evaluated by ngspice, against the models themselves. Tolerance:
// ngspice prints and computes 1e-12 of the value; its constants and ours differ by 1e-7 at most.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "memristor_cards.hpp"
#include "shell.hpp"

namespace wordline {
namespace {

constexpr double kTolerance = 1e-6;

// Where equations are evaluated: V, state unit, K, and a node for the inner voltage.
struct Point {
  double v, x, t;
  std::string u;
};

// The equation with numbers for names.
std::string with_numbers(const std::string& equation, const testing::MemristorCard& card,
                         const Point& point) {
  static const std::regex kName(R"([A-Za-z_][A-Za-z_0-9]*\(?)");
  std::string result;
  auto at = equation.cbegin();
  for (std::sregex_iterator name(equation.begin(), equation.end(), kName), end; name != end;
       ++name) {
    const std::string text = name->str();
    const bool in_number =
        name->position() > 0 &&
        std::isdigit(equation[static_cast<std::size_t>(name->position() - 1)]) != 0;
    result.append(at, equation.cbegin() + name->position());
    at = equation.cbegin() + name->position() + name->length();
    if (text.back() == '(' || in_number) {
      result += text;
    } else if (text == "u") {
      result += point.u;
    } else {
      const int parameter = card.model->find(text);
      const double value = text == "v"      ? point.v
                           : text == "x"    ? point.x
                           : text == "time" ? 0
                           : parameter < 0  ? point.t
                                            : card.values.at(static_cast<std::size_t>(parameter));
      result += fmt::format("({:.17g})", value);
    }
  }
  return result.append(at, equation.cend());
}

struct Wanted {
  std::string node, what;
  double value;
};

class ExportedEquations : public ::testing::TestWithParam<testing::MemristorCard> {};

// Every equation is a source, scaled to 1 V; all are solved at once.
TEST_P(ExportedEquations, AreThoseOfTheModel) {
  if (!testing::have_program("ngspice")) GTEST_SKIP() << "ngspice is not installed";
  const testing::MemristorCard& card = GetParam();
  const SpiceEquations equations = card.model->spice_equations(card.values);
  const Bounds bounds = card.model->bounds(card.values);
  const auto bank = card.model->make_bank();
  bank->add({card.values});
  std::string deck = "equations\n.options gmin=1e-18 reltol=1e-9 abstol=1e-15 vntol=1e-12\n";
  std::vector<Wanted> wanted;
  const auto add = [&](const std::string& equation, double value, const std::string& what) {
    const double scale = value == 0 ? 1 : 1 / value;  // ngspice's division adds to small divisors
    const std::string node = fmt::format("n{}", wanted.size());
    deck += fmt::format("b{} {} 0 v=({})*({:.17g})\n", node, node, equation, scale);
    wanted.push_back({node, what, value == 0 ? 0.0 : 1.0});
  };
  int count = 0;
  for (const double v : {-2.93, -0.83, -0.31, -0.11, -0.007, 0.0113, 0.091, 0.37, 0.79, 3.1}) {
    for (const double part : {0.003, 0.283, 0.77, 0.997}) {
      const double x = bounds.low + part * (bounds.high - bounds.low);
      const std::string at = fmt::format("{} V, x at {}", v, part);
      constexpr double kKelvin = 413;
      const Point point{v, x, kKelvin, fmt::format("v(u{})", count)};
      if (!equations.inner.empty()) {
        deck += fmt::format("bu{} 0 u{} i={}\n", count, count,
                            with_numbers(equations.inner, card, point));
      }
      ++count;
      std::vector<double> states = {x};
      if (bank->has_thermal_states()) states.push_back(kKelvin);
      std::vector<double> rates(states.size());
      bank->rates({&v, 1}, states, rates);
      add(with_numbers(equations.current, card, point), bank->current(0, v, x).value,
          "current at " + at);
      add(with_numbers(equations.rate, card, point), rates[0], "rate at " + at);
      if (rates.size() == 1) continue;
      add(with_numbers(equations.temperature_rate, card, point), rates[1],
          "temperature's rate at " + at);
    }
  }
  const testing::TemporaryFolder folder;
  testing::write_text(folder / "deck.cir",
                      deck + ".control\nset numdgt=15\nop\nprint all\n.endc\n.end\n");
  const testing::ShellResult shell = testing::shell(folder, "ngspice -b deck.cir");
  for (const Wanted& w : wanted) {
    const std::string row = "\n" + w.node + " = ";
    const std::size_t found = shell.out.find(row);
    ASSERT_NE(found, std::string::npos) << w.what << "\n" << shell.out << shell.err;
    EXPECT_NEAR(std::stod(shell.out.substr(found + row.size())), w.value, kTolerance) << w.what;
  }
}

// Those of all models but the implicit ones, which have none.
std::vector<testing::MemristorCard> exported_cards() {
  std::vector<testing::MemristorCard> cards = testing::memristor_cards();
  std::erase_if(cards, [](const testing::MemristorCard& card) {
    return card.model->spice_equations(card.values).current.empty();
  });
  return cards;
}

INSTANTIATE_TEST_SUITE_P(Models, ExportedEquations, ::testing::ValuesIn(exported_cards()),
                         [](const auto& card) { return card.param.name; });

}  // namespace
}  // namespace wordline
