// A matrix product in an array with wire resistance, what the wires cost, and which cell matters
// most to one output.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>
#include <wordline/wordline.hpp>

int main() {
  constexpr std::int64_t kRows = 64;
  constexpr std::int64_t kCols = 32;
  wordline::Matrix conductances{kRows, kCols, {}};
  for (std::int64_t k = 0; k < kRows * kCols; ++k) {
    conductances.values.push_back(1e-5 * (1 + static_cast<double>(k * 7 % 10)));
  }
  wordline::Matrix inputs{100, kRows, {}};
  for (std::int64_t k = 0; k < inputs.rows * kRows; ++k) {
    inputs.values.push_back(0.1 * static_cast<double>(k % 3));
  }

  const wordline::crossbar::Wires wires{.segment = 1, .driver = 20};
  wordline::crossbar::Array array(conductances, wires, wires);
  wordline::crossbar::Array ideal(conductances, {.segment = 0}, {.segment = 0});
  const wordline::Matrix currents = array.matmul(inputs);
  const wordline::Matrix wanted = ideal.matmul(inputs);
  double loss = 0;
  for (std::size_t k = 0; k < currents.values.size(); ++k) {
    loss = std::max(loss, 1 - currents.values[k] / wanted.values[k]);
  }
  std::printf("the wires cost up to %.1f %% of a current\n", 100 * loss);

  std::vector<double> weights(kCols);
  weights.back() = 1;  // the last output alone
  const std::vector<double> first(inputs.values.begin(), inputs.values.begin() + kRows);
  const wordline::crossbar::Gradient gradient = array.gradient(weights, first);
  const auto most = std::max_element(gradient.cells.values.begin(), gradient.cells.values.end());
  const auto at = most - gradient.cells.values.begin();
  std::printf("the last output depends most on cell (%td, %td): %.3g A/S\n", at / kCols, at % kCols,
              *most);
}
