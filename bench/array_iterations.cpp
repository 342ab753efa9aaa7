// How many iterations the Krylov solver takes, and what residual it reaches, over sizes, wires,
// conductances, patterns and drivers: with the two-level correction, without it, and as it chooses.
//
//   array_iterations [largest size = 1024]
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>

#include "array_case.hpp"
#include "wordline/solvers/array_krylov.hpp"

namespace wordline::bench {
namespace {

struct Kind {
  std::string name;
  std::function<void(ArrayCase&)> shape;
};

void log_uniform(ArrayCase& a, double low, double high) {
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> exponent(std::log(low), std::log(high));
  for (double& g : a.g) g = std::exp(exponent(random));
}

void bimodal(ArrayCase& a) {
  std::mt19937_64 random(3);
  for (double& g : a.g) g = random() % 2 == 0 ? 1e-3 : 1e-6;
}

void blocked(ArrayCase& a) {
  for (std::int32_t i = 0; i < a.n; ++i) {
    for (std::int32_t j = 0; j < a.n; ++j) {
      a.g[static_cast<std::size_t>(i) * a.lines() + static_cast<std::size_t>(j)] =
          (i * 8 / a.n + j * 8 / a.n) % 2 == 1 ? 1e-3 : 1e-7;
    }
  }
}

// Every fourth word line has no driver, and every fifth bit line.
void float_lines(ArrayCase& a) {
  for (std::size_t k = 0; k < a.lines(); ++k) {
    if (k % 4 == 1) {
      a.matrix.row.first[k] = 0;
      a.f_row[k * a.lines()] = 0;
    }
    if (k % 5 == 2) a.matrix.col.last[k] = 0;
  }
}

class Table {
 public:
  void add(ArrayCase& a, const std::string& what) {
    std::string row = fmt::format("{:>5}  {:<52}", a.n, what);
    for (const auto mode :
         {ArrayKrylov::TwoLevel::kOff, ArrayKrylov::TwoLevel::kOn, ArrayKrylov::TwoLevel::kAuto}) {
      ArrayKrylov solver(a.n, a.n, {.two_level = mode, .threads = 0});
      std::vector<double> x_row(a.cells());
      std::vector<double> x_col(a.cells());
      ArrayKrylov::Outcome outcome;
      if (solver.set(a.matrix).ok) outcome = solver.solve({a.f_row, a.f_col}, x_row, x_col, 1e-10);
      row += fmt::format("{:>6} {:>8.1e}{}", outcome.iterations, outcome.residual,
                         outcome.ok ? " " : "!");
      (mode == ArrayKrylov::TwoLevel::kOff ? one_level_failures_ : failures_) += outcome.ok ? 0 : 1;
      if (mode == ArrayKrylov::TwoLevel::kOn) most_ = std::max(most_, outcome.iterations);
      if (mode == ArrayKrylov::TwoLevel::kAuto)
        auto_most_ = std::max(auto_most_, outcome.iterations);
    }
    fmt::print("{}\n", row);
  }
  int finish() const {
    fmt::print(
        "\nmost iterations with the two-level correction: {}; as it chooses: {}; failures of both: "
        "{}, "
        "without the correction: {}\n",
        most_, auto_most_, failures_, one_level_failures_);
    return failures_ == 0 ? 0 : 1;
  }

 private:
  int most_ = 0, auto_most_ = 0, failures_ = 0, one_level_failures_ = 0;
};

int run(std::int32_t largest) {
  const std::vector<Kind> kinds = {
      {"1e-5..1e-3 S", [](ArrayCase&) {}},
      {"1e-6..1e-2 S", [](ArrayCase& a) { log_uniform(a, 1e-6, 1e-2); }},
      {"all 1e-3 S", [](ArrayCase& a) { std::fill(a.g.begin(), a.g.end(), 1e-3); }},
      {"bimodal 1e-3/1e-6 S", bimodal},
      {"blocks 1e-3/1e-7 S", blocked},
  };
  fmt::print("{:>5}  {:<52}{:>16}{:>16}{:>16}\n", "lines", "segment, driver, cells", "one level",
             "two levels", "auto");
  Table table;
  for (std::int32_t n = 32; n <= largest; n *= 2) {
    for (const double segment : {0.1, 1.0, 10.0, 100.0}) {
      for (const double driver : {1e-3, 20.0, 1e5}) {
        for (const Kind& kind : kinds) {
          ArrayCase a(n, segment, driver);
          kind.shape(a);
          table.add(a, fmt::format("{:g}, {:g} ohm, {}", segment, driver, kind.name));
        }
      }
      ArrayCase a(n, segment);
      float_lines(a);
      table.add(a, fmt::format("{:g}, 20 ohm, 1e-5..1e-3 S, floating lines", segment));
    }
  }
  return table.finish();
}

}  // namespace
}  // namespace wordline::bench

int main(int argc, char** argv) {
  const int largest = argc > 1 ? std::atoi(argv[1]) : 1024;
  if (argc > 2 || largest < 32) {
    fmt::print(stderr, "usage: array_iterations [largest size]\n");
    return 2;
  }
  return wordline::bench::run(largest);
}
