#include "wordline/crossbar/cell_memristors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "wordline/base/error.hpp"
#include "wordline/netlist/memristor_setup.hpp"

namespace wordline::crossbar {

namespace {

std::vector<std::size_t> all_cells(const Crossbar& xb) {
  std::vector<std::size_t> cells(static_cast<std::size_t>(xb.rows) *
                                 static_cast<std::size_t>(xb.cols));
  std::iota(cells.begin(), cells.end(), std::size_t{0});
  return cells;
}

}  // namespace

CellMemristors::CellMemristors(const Crossbar& xb, const Circuit& circuit)
    : CellMemristors(xb, circuit, all_cells(xb)) {}

CellMemristors::CellMemristors(const Crossbar& xb, const Circuit& circuit,
                               std::span<const std::size_t> cells) {
  const ModelCard& card = circuit.models[static_cast<std::size_t>(xb.memristor)];
  bank_ = card.type->make_bank();
  bank_->reserve(cells.size());
  state_.reserve(cells.size());
  g_.resize(cells.size());
  for (const std::size_t k : cells) {
    try {
      state_.push_back(add_memristor(*bank_, card, cell_memristor(xb, k), circuit.options.seed));
    } catch (const Error& error) {
      const auto cols = static_cast<std::size_t>(xb.cols);
      throw Error(fmt::format("cell ({}, {}): {}", k / cols, k % cols, error.what()));
    }
  }
}

void CellMemristors::follow(std::vector<std::size_t> which) {
  following_ = std::move(which);
  a0_ = 0;
  b_.resize(following_.size());
}

void CellMemristors::set_formula(double a0, std::span<const double> b) {
  a0_ = a0;
  std::copy(b.begin(), b.end(), b_.begin());
}

void CellMemristors::evaluate(std::size_t first, std::span<const double> v, std::span<double> i) {
  const auto part = [&](std::vector<double>& table) {
    return std::span(table).subspan(first, v.size());
  };
  bank_->currents(first, v, part(state_), i, part(g_));
  if (a0_ == 0) return;
  auto at = std::lower_bound(following_.begin(), following_.end(), first);
  for (; at != following_.end() && *at < first + v.size(); ++at) {
    const std::size_t k = *at;
    const double b = b_[static_cast<std::size_t>(at - following_.begin())];
    const StateSolution state = bank_->solve_step(k, v[k - first], a0_, b, state_[k]);
    state_[k] = state.x;
    const Partials current = bank_->current(k, v[k - first], state.x);
    i[k - first] = current.value;
    g_[k] = current.dv + current.dx * state.dx_dv;
  }
}

}  // namespace wordline::crossbar
