// The array solvers against sparse direct solvers on the same equations, one core each: one input
// vector, the transconductance matrix, products, changes of one cell, nonlinear and 1T1R cells.
//
//   array_solvers [--benchmark_filter=read/.*]
#include <benchmark/benchmark.h>
#include <cblas.h>
#include <fmt/format.h>
#include <suitesparse/cholmod.h>
#include <suitesparse/klu.h>

#include <algorithm>
#include <memory>

#include "array_case.hpp"
#include "ratio_table.hpp"
#include "wordline/crossbar/array.hpp"
#include "wordline/solvers/array_krylov.hpp"
#include "wordline/solvers/array_multifrontal.hpp"
#include "wordline/solvers/array_ordering.hpp"

extern "C" void openblas_set_num_threads(int);

namespace wordline::bench {
namespace {

constexpr double kTolerance = 1e-10;

// --- one vector
// -----------------------------------------------------------------------------------

ArrayGeometry geometry_of(const ArrayCase& a) {
  ArrayGeometry geometry{a.n, a.n, {{true, {}}, {false, {}}}};
  std::int32_t next = 0;
  for (ArrayGeometry::Plane& plane : geometry.planes) {
    plane.unknown.resize(a.cells());
    for (std::int32_t& unknown : plane.unknown) unknown = next++;
  }
  return geometry;
}

// Eliminated in AMD's order, or along the array's geometry.
void read_klu(benchmark::State& state, bool geometric) {
  const ArrayCase a(static_cast<std::int32_t>(state.range(0)));
  SparsePattern pattern = a.pattern();
  std::vector<double> values = a.values(pattern);
  klu_common common;
  klu_defaults(&common);
  common.btf = 0;
  common.scale = -1;
  std::vector<std::int32_t> order = array_ordering(pattern, {{geometry_of(a)}});
  auto* start = pattern.start.data();
  klu_symbolic* symbolic = geometric
                               ? klu_analyze_given(pattern.size, start, pattern.row.data(),
                                                   order.data(), order.data(), &common)
                               : klu_analyze(pattern.size, start, pattern.row.data(), &common);
  klu_numeric* numeric =
      klu_factor(pattern.start.data(), pattern.row.data(), values.data(), symbolic, &common);
  std::vector<double> x;
  for (auto _ : state) {
    klu_refactor(pattern.start.data(), pattern.row.data(), values.data(), symbolic, numeric,
                 &common);
    x = a.f_row;
    x.insert(x.end(), a.f_col.begin(), a.f_col.end());
    klu_solve(symbolic, numeric, pattern.size, 1, x.data(), &common);
    benchmark::DoNotOptimize(x.data());
  }
  klu_free_numeric(&numeric, &common);
  klu_free_symbolic(&symbolic, &common);
}

void read_krylov(benchmark::State& state, int threads) {
  const ArrayCase a(static_cast<std::int32_t>(state.range(0)));
  ArrayKrylov solver(a.n, a.n, {.threads = threads});
  std::vector<double> x_row(a.cells());
  std::vector<double> x_col(a.cells());
  ArrayKrylov::Outcome outcome;
  for (auto _ : state) {
    std::fill(x_row.begin(), x_row.end(), 0.0);
    std::fill(x_col.begin(), x_col.end(), 0.0);
    solver.set(a.matrix);
    outcome = solver.solve({a.f_row, a.f_col}, x_row, x_col, kTolerance);
  }
  if (!outcome.ok) state.SkipWithError("not converged");
  state.counters["iterations"] = outcome.iterations;
  state.counters["residual"] = outcome.residual;
}

void read_multifrontal(benchmark::State& state) {
  const ArrayCase a(static_cast<std::int32_t>(state.range(0)));
  ArrayMultifrontal solver(a.n, a.n, 1);
  std::vector<double> x_row;
  std::vector<double> x_col;
  for (auto _ : state) {
    x_row = a.f_row;
    x_col = a.f_col;
    solver.factor(a.matrix);
    solver.solve(x_row, x_col);
    benchmark::DoNotOptimize(x_row.data());
  }
}

// --- the transconductance matrix
// ------------------------------------------------------------------

class Cholmod {
 public:
  explicit Cholmod(const ArrayCase& a) {
    cholmod_start(&common_);
    common_.supernodal = CHOLMOD_SUPERNODAL;
    const SparsePattern pattern = a.pattern();
    const std::vector<double> values = a.values(pattern);
    const auto n = static_cast<std::size_t>(pattern.size);
    matrix_ = cholmod_allocate_sparse(n, n, pattern.nonzeros(), 1, 1, 1, CHOLMOD_REAL, &common_);
    std::copy(pattern.start.begin(), pattern.start.end(), static_cast<int*>(matrix_->p));
    std::copy(pattern.row.begin(), pattern.row.end(), static_cast<int*>(matrix_->i));
    std::copy(values.begin(), values.end(), static_cast<double*>(matrix_->x));
    factor_ = cholmod_analyze(matrix_, &common_);
  }
  Cholmod(const Cholmod&) = delete;
  Cholmod& operator=(const Cholmod&) = delete;
  ~Cholmod() {
    cholmod_free_factor(&factor_, &common_);
    cholmod_free_sparse(&matrix_, &common_);
    cholmod_finish(&common_);
  }

  // T by adjoint solves, 64 outputs at a time.
  void transfer(const ArrayCase& a, std::vector<double>& t) {
    constexpr std::int32_t kBlock = 64;
    cholmod_factorize(matrix_, factor_, &common_);
    const auto n = static_cast<std::size_t>(2) * a.cells();
    cholmod_dense* b = cholmod_zeros(n, kBlock, CHOLMOD_REAL, &common_);
    auto* at = static_cast<double*>(b->x);
    const double driver = a.matrix.row.first[0];
    for (std::int32_t first = 0; first < a.n; first += kBlock) {
      std::fill_n(at, n * kBlock, 0.0);
      for (std::int32_t k = 0; k < kBlock; ++k) {
        at[static_cast<std::size_t>(k) * n + n - a.lines() + static_cast<std::size_t>(first + k)] =
            driver;
      }
      cholmod_dense* x = cholmod_solve(CHOLMOD_A, factor_, b, &common_);
      const auto* from = static_cast<const double*>(x->x);
      for (std::size_t k = 0; k < kBlock; ++k) {
        for (std::size_t i = 0; i < a.lines(); ++i) {
          t[(static_cast<std::size_t>(first) + k) * a.lines() + i] =
              driver * from[k * n + i * a.lines()];
        }
      }
      cholmod_free_dense(&x, &common_);
    }
    cholmod_free_dense(&b, &common_);
  }

 private:
  cholmod_common common_{};
  cholmod_sparse* matrix_ = nullptr;
  cholmod_factor* factor_ = nullptr;
};

void transfer_cholmod(benchmark::State& state) {
  const ArrayCase a(static_cast<std::int32_t>(state.range(0)));
  Cholmod cholmod(a);
  std::vector<double> t(a.cells());
  for (auto _ : state) cholmod.transfer(a, t);
}

void transfer_multifrontal(benchmark::State& state) {
  const ArrayCase a(static_cast<std::int32_t>(state.range(0)));
  ArrayMultifrontal solver(a.n, a.n, 1);
  std::vector<double> y;
  for (auto _ : state) solver.reduce(a.matrix, y);
}

// --- products
// -------------------------------------------------------------------------------------

constexpr std::int64_t kBatch = 1024;

Matrix random_inputs(std::int64_t n) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> volt(0, 1);
  Matrix inputs{kBatch, n, std::vector<double>(static_cast<std::size_t>(kBatch * n))};
  for (double& v : inputs.values) v = volt(random);
  return inputs;
}

crossbar::Array ohmic_array(const ArrayCase& a) {
  const crossbar::Wires word{.segment = 1, .driver = 20};
  const crossbar::Wires bit{.segment = 1, .driver = 20, .driven = DrivenEnds::kLast};
  return {Matrix{a.n, a.n, a.g}, word, bit, {.threads = 1}};
}

void products_gemm(benchmark::State& state) {
  const ArrayCase a(static_cast<std::int32_t>(state.range(0)));
  const Matrix inputs = random_inputs(a.n);
  std::vector<double> out(static_cast<std::size_t>(kBatch) * a.lines());
  const int n = a.n;
  for (auto _ : state) {
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, kBatch, n, n, 1, inputs.values.data(), n,
                a.g.data(), n, 0, out.data(), n);
  }
}

void products_array(benchmark::State& state) {
  const ArrayCase a(static_cast<std::int32_t>(state.range(0)));
  crossbar::Array array = ohmic_array(a);
  array.transfer();
  const Matrix inputs = random_inputs(a.n);
  array.matmul(inputs);
  for (auto _ : state) benchmark::DoNotOptimize(array.matmul(inputs));
}

// --- one changed cell
// -----------------------------------------------------------------------------

void change_rebuild(benchmark::State& state) {
  const ArrayCase a(static_cast<std::int32_t>(state.range(0)));
  crossbar::Array array = ohmic_array(a);
  for (auto _ : state) {
    array.set_conductances(Matrix{a.n, a.n, a.g});
    benchmark::DoNotOptimize(array.transfer());
  }
}

// With the rebuilds that fall due after many changes, or without.
void change_update(benchmark::State& state, bool rebuilds) {
  const ArrayCase a(static_cast<std::int32_t>(state.range(0)));
  constexpr std::int32_t kBeforeRebuild = 200;
  crossbar::Array array = ohmic_array(a);
  const auto start = [&] {
    array.set_conductances(Matrix{a.n, a.n, a.g});
    array.transfer();
    // The first change costs a rebuild that keeps what updates need.
    array.set_conductance(0, 0, 1.01 * a.g[0]);
    array.transfer();
  };
  start();
  std::int32_t made = 0;
  double growth = 1;
  for (auto _ : state) {
    const std::int32_t k = ++made * 7919 % (a.n * a.n);
    growth = growth < 1.5 ? growth + 1e-4 : 1;  // never what the cell has
    array.set_conductance(k / a.n, k % a.n, growth * a.g[static_cast<std::size_t>(k)]);
    benchmark::DoNotOptimize(array.transfer());
    if (rebuilds || made < kBeforeRebuild) continue;
    state.PauseTiming();
    start();
    made = 0;
    state.ResumeTiming();
  }
}

// --- nonlinear and 1T1R cells, from nothing
// -------------------------------------------------------

ModelCard card(const char* name, const ModelType* type,
               const std::vector<std::pair<const char*, double>>& values) {
  ModelCard card{name, type, type->defaults()};
  for (const auto& [parameter, value] : values) {
    card.values.at(static_cast<std::size_t>(type->find(parameter))) = value;
  }
  return card;
}

crossbar::Array described_array(const ArrayCase& a, bool transistors, crossbar::Method method) {
  Circuit circuit;
  circuit.models.push_back(card("cell", find_model_type("memristor", "static"),
                                {{"iv", transistors ? 0.0 : 1.0}, {"alpha", 2}}));
  circuit.models.push_back(
      card("select", find_model_type("nmos", 1), {{"vto", 0.4}, {"kp", 1e-4}, {"lambda", 0.02}}));
  Crossbar xb;
  xb.name = "xb";
  xb.rows = xb.cols = a.n;
  xb.memristor = 0;
  xb.word.driver = xb.bit.driver = xb.source.driver = 20;
  xb.bit.driven = DrivenEnds::kLast;
  xb.values = a.g;
  crossbar::Settings settings{.tolerance = 1e-9, .method = method, .threads = 1};
  if (transistors) {
    xb.cell = CellKind::k1T1R;
    xb.transistor = 1;
    xb.width = 10e-6;
    xb.length = 1e-6;
    settings.inputs = crossbar::Lines::kBit;
    settings.outputs = crossbar::Lines::kSource;
    settings.word_bias = 1.2;
  }
  return {xb, circuit, settings};
}

void read_cells(benchmark::State& state, bool transistors, crossbar::Method method) {
  const ArrayCase a(static_cast<std::int32_t>(state.range(0)));
  std::vector<double> volts = a.volts;
  for (double& v : volts) v *= transistors ? 0.5 : 1;
  crossbar::SolveReport report;
  crossbar::Array array = described_array(a, transistors, method);
  for (auto _ : state) {
    array.restart();
    benchmark::DoNotOptimize(array.read(volts));
    report = array.report();
  }
  state.counters["newton"] = report.newton;
  state.counters["iterations"] = report.inner;
}

// --- the list
// -------------------------------------------------------------------------------------

void add(const std::string& name, const std::vector<std::int64_t>& sizes, int repetitions,
         const std::function<void(benchmark::State&)>& work, double seconds = 0.02) {
  auto* benchmark =
      benchmark::RegisterBenchmark(name.c_str(), [work](benchmark::State& state) { work(state); });
  for (const std::int64_t size : sizes) benchmark->Arg(size);
  benchmark->Repetitions(repetitions)->MinTime(repetitions > 1 ? seconds : 0.001)->UseRealTime();
}

void add_all() {
  const auto klu = [](bool geometric) {
    return [=](benchmark::State& s) { read_klu(s, geometric); };
  };
  add("read/klu", {64, 128, 256}, 5, klu(false));
  add("read/klu", {512}, 1, klu(false));
  add("read/klu_geometric", {64, 128, 256}, 5, klu(true));
  add("read/klu_geometric", {512}, 1, klu(true));
  add("read/multifrontal", {64, 128, 256, 512, 1024}, 5, read_multifrontal);
  add("read/krylov", {64, 128, 256, 512, 1024}, 9, [](benchmark::State& s) { read_krylov(s, 1); });
  add("read2/krylov", {2048}, 3, [](benchmark::State& s) { read_krylov(s, 2); });
  add("transfer/cholmod", {64, 128, 256}, 5, transfer_cholmod);
  add("transfer/cholmod", {512}, 1, transfer_cholmod);
  add("transfer/multifrontal", {64, 128, 256, 512, 1024}, 5, transfer_multifrontal);
  add("products/array", {128, 256, 512, 1024}, 5, products_array);
  add("products/gemm", {128, 256, 512, 1024}, 5, products_gemm);
  add("change/rebuild", {64, 128, 256, 512}, 5, change_rebuild);
  add("change/update", {64, 128, 256, 512}, 5,
      [](benchmark::State& s) { change_update(s, false); });
  // Long enough for the rebuilds that are due after many changes.
  add(
      "change/all", {64, 128, 256, 512}, 5, [](benchmark::State& s) { change_update(s, true); },
      0.3);
  const auto cells = [](bool transistors, crossbar::Method method) {
    return [=](benchmark::State& s) { read_cells(s, transistors, method); };
  };
  add("sinh/klu", {64, 128}, 1, cells(false, crossbar::Method::kKlu));
  add("sinh/array", {64, 128, 256, 512}, 9, cells(false, crossbar::Method::kAuto));
  add("1t1r/klu", {64, 128}, 1, cells(true, crossbar::Method::kKlu));
  add("1t1r/array", {64, 128, 256, 512}, 9, cells(true, crossbar::Method::kAuto));
}

}  // namespace
}  // namespace wordline::bench

int main(int argc, char** argv) {
  openblas_set_num_threads(1);
  wordline::bench::add_all();
  return wordline::bench::run_and_compare(argc, argv);
}
