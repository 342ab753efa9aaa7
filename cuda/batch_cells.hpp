// The cells of arrays in the memory of a queue (a GPU, or its twin on the processor): their
// devices, and the tables of currents and tangents that evaluating them fills.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "wordline/base/error.hpp"
#include "wordline/cuda/cell_kernels.hpp"
#include "wordline/cuda/iteration_kernels.hpp"
#include "wordline/devices/cell_parts.hpp"
#include "wordline/devices/memristor/models.hpp"
#include "wordline/solvers/array_newton.hpp"

namespace wordline::gpu {

template <class Queue>
class BatchCells {
 public:
  template <class T>
  using Table = typename Queue::template Table<T>;

  BatchCells(Queue& queue, const Shape& shape, bool has_transistors)
      : queue_(queue),
        shape_(shape),
        i_row_(queue.template table<double>(shape.size())),
        i_col_(queue.template table<double>(shape.size())),
        awake_(queue.template table<std::int32_t>(shape.members)) {
    for (std::size_t k = 0; k < tangents_.size() && (k == 0 || has_transistors); ++k) {
      tangents_[k] = queue.template table<double>(shape.size());
    }
  }
  BatchCells(const BatchCells&) = delete;
  BatchCells& operator=(const BatchCells&) = delete;
  virtual ~BatchCells() = default;

  virtual void set(const CellSettings& settings) = 0;
  virtual void states(std::span<double> x) = 0;
  // Which members are to be evaluated, by a number each that is 0 where one is not.
  void wake(const std::vector<std::int32_t>& awake) {
    queue_.template upload<std::int32_t>(awake, awake_);
  }
  // Those that are awake, at these voltages of the lines; others keep what they have.
  virtual void evaluate(Table<double>& row, Table<double>& col) = 0;

  const Shape& shape() const { return shape_; }
  const std::int32_t* awake() const { return awake_.data(); }
  // After evaluate(), side by side: A, from the lines.
  const Table<double>& i_row() const { return i_row_; }
  const Table<double>& i_col() const { return i_col_; }
  // S, in the order of a matrix; all one where cells are memristors alone.
  std::array<double*, 4> tangents() {
    const auto table = [&](std::size_t k) {
      return tangents_[tangents_[k].size() > 0 ? k : 0].data();
    };
    return {table(0), table(1), table(2), table(3)};
  }

 protected:
  Queue& queue_;
  Shape shape_;
  Table<double> i_row_, i_col_;
  std::array<Table<double>, 4> tangents_;
  Table<std::int32_t> awake_;
};

template <class Queue, class M>
class BatchCellsOf final : public BatchCells<Queue> {
 public:
  template <class T>
  using Table = typename Queue::template Table<T>;
  using Base = BatchCells<Queue>;

  BatchCellsOf(Queue& queue, const Shape& shape, const CellParts& parts,
               const MemristorBankOf<M>& bank)
      : Base(queue, shape, parts.transistor.has_value()),
        parts_(parts),
        bank_(bank),
        models_(queue.template table<M>(std::ssize(bank.models()))),
        places_(queue.template table<MemristorPlace>(std::ssize(bank.places()))),
        x_(queue.template table<double>(states())),
        b_(queue.template table<double>(states())),
        following_(queue.template table<std::int32_t>(std::ssize(bank.places()))) {
    queue.template upload<MemristorPlace>(bank.places(), places_);
    queue.template upload<M>(bank.models(), models_);
    if (!parts.transistor) return;
    for (Table<double>* table : {&gate_, &inner_, &by_row_, &by_col_, &last_row_, &last_col_}) {
      *table = queue.template table<double>(shape.size());
    }
  }

  void set(const CellSettings& settings) override {
    Queue& queue = this->queue_;
    if constexpr (DependsOnTime<M>) queue.template upload<M>(bank_.models(), models_);
    queue.template upload<double>(settings.states, x_);
    a0_ = settings.a0;
    if (a0_ > 0 && this->shape_.members > 1 && !has_own_devices()) {
      throw Error("inputs of one array have no states of their own");
    }
    if (a0_ > 0) upload_formula(settings);
    if (parts_.transistor.has_value()) upload_gates(settings.gates);
  }

  void states(std::span<double> x) override { this->queue_.template download<double>(x_, x); }

  void evaluate(Table<double>& row, Table<double>& col) override {
    const CellsView cells{this->shape_, has_own_devices(), this->awake_.data(), row.data(),
                          col.data()};
    const MemristorView<M> memristors{static_cast<std::int64_t>(bank_.size()),
                                      models_.data(),
                                      places_.data(),
                                      x_.data(),
                                      a0_,
                                      following_.data(),
                                      b_.data()};
    double* i_row = this->i_row_.data();
    double* i_col = this->i_col_.data();
    const std::array<double*, 4> g = this->tangents();
    if (!parts_.transistor) {
      return this->queue_.run(EvaluateMemristors<M>{cells, memristors, i_row, i_col, g[0]});
    }
    const TransistorCellTables tables{gate_.data(),
                                      inner_.data(),
                                      by_row_.data(),
                                      by_col_.data(),
                                      last_row_.data(),
                                      last_col_.data(),
                                      i_row,
                                      i_col,
                                      g[0],
                                      g[1],
                                      g[2],
                                      g[3]};
    this->queue_.run(
        EvaluateTransistorCells<M>{cells, memristors, *parts_.transistor, parts_.gmin, tables});
  }

 private:
  bool has_own_devices() const {
    return static_cast<std::int64_t>(bank_.size()) != this->shape_.cells();
  }
  std::int64_t states() const {
    return std::ssize(bank_.places()) * (bank_.has_thermal_states() ? 2 : 1);
  }

  void upload_formula(const CellSettings& settings) {
    const std::size_t devices = bank_.size();
    std::vector<std::int32_t> following(devices);
    std::vector<double> b(static_cast<std::size_t>(states()));
    for (std::size_t n = 0; n < settings.following.size(); ++n) {
      const std::size_t k = settings.following[n];
      following[k] = 1;
      b[k] = settings.b[n];
      if (bank_.has_thermal_states()) b[devices + k] = settings.b[settings.following.size() + n];
    }
    this->queue_.template upload<std::int32_t>(following, following_);
    this->queue_.template upload<double>(b, b_);
  }

  void upload_gates(std::span<const double> gates) {
    Queue& queue = this->queue_;
    const Shape& s = this->shape_;
    if (s.members == 1) return queue.template upload<double>(gates, gate_);
    Table<double> staging = queue.template table<double>(s.size());
    queue.template upload<double>(gates, staging);
    queue.run(Interleave{s.cells(), s.members, false, staging.data(), gate_.data()});
  }

  CellParts parts_;
  const MemristorBankOf<M>& bank_;
  Table<M> models_;
  Table<MemristorPlace> places_;
  Table<double> x_, b_;
  Table<std::int32_t> following_;
  double a0_ = 0;
  Table<double> gate_, inner_, by_row_, by_col_, last_row_, last_col_;
};

// Null where the model's equations are not for a GPU.
template <class Queue>
std::unique_ptr<BatchCells<Queue>> make_batch_cells(Queue& queue, const Shape& shape,
                                                    const CellParts& parts) {
  std::unique_ptr<BatchCells<Queue>> cells;
  const auto try_model = [&]<class M>(const M* /*model*/) {
    if constexpr (std::is_trivially_copyable_v<M>) {
      const auto* bank = dynamic_cast<const MemristorBankOf<M>*>(parts.memristors);
      if (bank == nullptr) return;
      cells = std::make_unique<BatchCellsOf<Queue, M>>(queue, shape, parts, *bank);
    }
  };
  const auto try_all = [&]<class... M>(MemristorList<M...> /*models*/) {
    (try_model(static_cast<const M*>(nullptr)), ...);
  };
  try_all(MemristorModels{});
  return cells;
}

}  // namespace wordline::gpu
