// The list of models: every row of every parameter table, and how models and parameters are found.
#include "wordline/devices/registry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "wordline/devices/limiting.hpp"

namespace wordline {
namespace {

TEST(Registry, FindsModelsByLevelAndName) {
  for (const ModelType& type : model_types()) {
    EXPECT_EQ(find_model_type(type.kind, type.level), &type);
    EXPECT_EQ(find_model_type(type.kind, type.name), &type);
    EXPECT_FALSE(type.title.empty());
    EXPECT_FALSE(type.reference.empty());
  }
  ASSERT_NE(find_model_type("memristor", 3), nullptr);
  EXPECT_EQ(find_model_type("memristor", 3)->name, "yakopcic");
  EXPECT_EQ(find_model_type("memristor", 99), nullptr);
  EXPECT_EQ(find_model_type("npn", 2), nullptr);
  EXPECT_EQ(find_model_type("d", std::string_view("vteam")), nullptr);
}

TEST(Registry, FindsParametersByNameAndAlias) {
  const ModelType* vteam = find_model_type("memristor", std::string_view("vteam"));
  EXPECT_EQ(vteam->find("ron"), 0);
  EXPECT_EQ(vteam->find("alpha_on"), vteam->find("aon"));
  EXPECT_EQ(vteam->find("nothing"), -1);
  EXPECT_EQ(vteam->find(""), -1);  // not the empty alias of a parameter without one
}

TEST(Registry, EveryDefaultIsAllowedAndEveryNameIsUnique) {
  for (const ModelType& type : model_types()) {
    std::set<std::string_view> names;
    for (const ParameterInfo& p : type.parameters) {
      const std::string what = std::string(type.name) + " " + std::string(p.name);
      EXPECT_TRUE(names.insert(p.name).second) << what;
      if (!p.alias.empty()) {
        EXPECT_TRUE(names.insert(p.alias).second) << what;
      }
      EXPECT_FALSE(p.meaning.empty()) << what;
      // NaN: derived; infinite: absent (a breakdown voltage).
      if (std::isfinite(p.default_value)) {
        EXPECT_TRUE(p.range.contains(p.default_value)) << what;
      }
      if (!p.choices.empty()) {
        EXPECT_EQ(p.range.high + 1, static_cast<double>(p.choices.size())) << what;
      }
    }
    const std::vector<double> defaults = type.defaults();
    ASSERT_EQ(defaults.size(), type.parameters.size());
    if (type.check != nullptr) {
      EXPECT_EQ(type.check(defaults), "") << type.name;
    }
  }
}

TEST(Registry, EveryMemristorStartsWithinItsBounds) {
  for (const ModelType& type : model_types()) {
    if (type.kind != "memristor") continue;
    const std::vector<double> values = type.defaults();
    const Bounds bounds = type.bounds(values);
    EXPECT_LT(bounds.low, bounds.high) << type.name;
    EXPECT_GE(type.initial_state(values), bounds.low) << type.name;
    EXPECT_LE(type.initial_state(values), bounds.high) << type.name;
  }
}

// Whoever exports the equations puts values in place of names: they must all be known. Only
// implicit ones may be missing.
TEST(Registry, SpiceEquationsUseOnlyParametersVoltageAndStates) {
  for (const ModelType& type : model_types()) {
    if (type.kind != "memristor") continue;
    const SpiceEquations equations = type.spice_equations(type.defaults());
    EXPECT_EQ(equations.current.empty(), type.name == "jart_v1b") << type.name;
    EXPECT_EQ(equations.rate.empty(), equations.current.empty()) << type.name;
    const bool is_hot = !equations.temperature_rate.empty();
    const bool has_inner = !equations.inner.empty();
    for (const std::string& text :
         {equations.current, equations.rate, equations.temperature_rate, equations.inner}) {
      EXPECT_EQ(std::count(text.begin(), text.end(), '('),
                std::count(text.begin(), text.end(), ')'));
      for (std::size_t at = 0; at < text.size();) {
        const bool in_number =
            at > 0 && std::isdigit(static_cast<unsigned char>(text[at - 1])) != 0;  // 1e-3
        if (in_number || std::isalpha(static_cast<unsigned char>(text[at])) == 0) {
          ++at;
          continue;
        }
        std::size_t end = at;
        while (end < text.size() &&
               (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) {
          ++end;
        }
        const std::string name = text.substr(at, end - at);
        const bool is_function = end < text.size() && text[end] == '(';
        EXPECT_TRUE(is_function || name == "v" || name == "x" || name == "time" ||
                    (name == "t" && is_hot) || (name == "u" && has_inner) || type.find(name) >= 0)
            << name << " in " << text;
        at = end;
      }
    }
  }
}

TEST(Range, SaysWhatItHolds) {
  EXPECT_EQ(Range::positive().format(), "(0, inf)");
  EXPECT_EQ(Range::between(0, 1).format(), "[0, 1]");
  EXPECT_EQ(Range::any().format(), "(-inf, inf)");
  EXPECT_FALSE(Range::positive().contains(0));
  EXPECT_TRUE(Range::between(0, 1).contains(1));
  EXPECT_FALSE(Range::any().contains(std::nan("")));
  EXPECT_FALSE(Range::any().contains(std::numeric_limits<double>::infinity()));
}

TEST(Limiting, NeverGoesBeyondTheStepOrTheWrongWay) {
  const std::vector<double> voltages = {-90, -4, -1, -0.1, 0, 0.1, 0.55, 0.7, 1.2, 3.6, 8, 200};
  for (const double from : voltages) {
    for (const double to : voltages) {
      const double low = std::min(from, to) - 1e-12;
      const double high = std::max(from, to) + 1e-12;
      const double junction = pnjlim(to, from, 0.026, 0.6);
      EXPECT_TRUE(junction >= low && junction <= high)
          << from << " to " << to << " gives " << junction;
      if (from >= 0) {  // the ends of a channel are named so that its voltage is positive
        const double drain = limvds(to, from);
        EXPECT_TRUE(drain >= low && drain <= high) << from << " to " << to << " gives " << drain;
      }
      const double gate = fetlim(to, from, 0.5);
      EXPECT_TRUE(gate >= low && gate <= high) << from << " to " << to << " gives " << gate;
      EXPECT_TRUE(from == to || gate != from) << "stuck at " << from << " on the way to " << to;
    }
  }
}

// Around the two thermal voltages from which on steps are shortened.
TEST(Limiting, ShortensJunctionStepsWithoutAJump) {
  constexpr double kThermal = 0.026;
  for (const double sign : {-1.0, 1.0}) {
    double last = 0;
    for (double steps = 0; steps < 5; steps += 1e-4) {
      const double moved = sign * (pnjlim(0.9 + sign * steps * kThermal, 0.9, kThermal, 0.6) - 0.9);
      EXPECT_GE(moved, last) << steps;
      EXPECT_LE(moved, steps * kThermal + 1e-15) << steps;
      EXPECT_LE(moved - last, 1.001e-4 * kThermal) << steps;
      last = moved;
    }
    EXPECT_NEAR(last, kThermal * (2 + std::log(4)), 1e-5);
  }
}

}  // namespace
}  // namespace wordline
