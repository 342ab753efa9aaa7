// A million devices of every memristor model: their bank beside a plain loop over the model's
// formula, which gives the value alone. Times in ms are ns a device.
//
//   device_models [--benchmark_filter=currents/.*]
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <memory>
#include <random>
#include <span>
#include <vector>

#include "ratio_table.hpp"
#include "wordline/devices/memristor/data_driven.hpp"
#include "wordline/devices/memristor/data_driven2018.hpp"
#include "wordline/devices/memristor/hp.hpp"
#include "wordline/devices/memristor/jart_v1b.hpp"
#include "wordline/devices/memristor/memdiode.hpp"
#include "wordline/devices/memristor/mms.hpp"
#include "wordline/devices/memristor/pershin.hpp"
#include "wordline/devices/memristor/reram.hpp"
#include "wordline/devices/memristor/simmons.hpp"
#include "wordline/devices/memristor/stanford.hpp"
#include "wordline/devices/memristor/static_resistance.hpp"
#include "wordline/devices/memristor/team.hpp"
#include "wordline/devices/memristor/threshold_switch.hpp"
#include "wordline/devices/memristor/umich_wox.hpp"
#include "wordline/devices/memristor/vteam.hpp"
#include "wordline/devices/memristor/yakopcic.hpp"
#include "wordline/devices/memristor/yakopcic_general.hpp"
#include "wordline/devices/registry.hpp"

namespace wordline::bench {
namespace {

constexpr std::size_t kDevices = 1'000'000;

// Voltages from -1 to 1 V and states all over the range.
struct Devices {
  explicit Devices(const Bounds& bounds) : v(kDevices), x(kDevices), i(kDevices), g(kDevices) {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> volts(-1, 1), states(bounds.low, bounds.high);
    for (double& value : v) value = volts(random);
    for (double& value : x) value = states(random);
  }

  std::vector<double> v, x, i, g;
};

template <Memristor M>
std::unique_ptr<MemristorBank> bank_of(const M& model) {
  std::vector<double> card;
  for (const Parameter<M>& p : M::kParameters) card.push_back(model.*(p.field));
  auto bank = std::make_unique<MemristorBankOf<M>>();
  bank->reserve(kDevices);
  for (std::size_t k = 0; k < kDevices; ++k) bank->add({card});
  return bank;
}

// By a loop over a formula, or by a bank, which gives currents with their slopes.
template <Memristor M, class Formula>
void bare(benchmark::State& state, const M& model, const Formula& formula) {
  Devices d(model.bounds());
  for (auto _ : state) {
    for (std::size_t k = 0; k < kDevices; ++k) d.i[k] = formula(model, d.v[k], d.x[k]);
    benchmark::DoNotOptimize(d.i.data());
  }
}
template <Memristor M, class Evaluation>
void by_bank(benchmark::State& state, const M& model, const Evaluation& evaluate) {
  Devices d(model.bounds());
  const auto bank = bank_of(model);
  for (auto _ : state) {
    evaluate(*bank, d);
    benchmark::DoNotOptimize(d.i.data());
  }
}

template <Memristor M>
void bare_currents(benchmark::State& state, const M& model) {
  bare(state, model, [](const M& m, double v, double x) { return m.current(v, x).value; });
}
template <Memristor M>
void bank_currents(benchmark::State& state, const M& model) {
  by_bank(state, model,
          [](const MemristorBank& bank, Devices& d) { bank.currents(0, d.v, d.x, d.i, d.g); });
}
template <Memristor M>
void bare_rates(benchmark::State& state, const M& model) {
  bare(state, model, [](const M& m, double v, double x) { return m.rate(v, x).value; });
}
template <Memristor M>
void bank_rates(benchmark::State& state, const M& model) {
  by_bank(state, model, [](const MemristorBank& bank, Devices& d) { bank.rates(d.v, d.x, d.i); });
}

// One implicit step of a thousandth of the range or less, from where the devices are: state,
// current and tangent. There is no bare formula for it; it takes two or more rates and a current.
template <Memristor M>
void bank_steps(benchmark::State& state, const M& model) {
  Devices d(model.bounds());
  const auto bank = bank_of(model);
  bank->rates(d.v, d.x, d.i);
  double fastest = 0;
  for (const double rate : d.i) fastest = std::max(fastest, std::abs(rate));
  const double range = model.bounds().high - model.bounds().low;
  const double a0 = fastest > 0 ? 1e3 * fastest / range : 1;
  std::vector<double> b(kDevices);
  for (std::size_t k = 0; k < kDevices; ++k) b[k] = -a0 * d.x[k];
  for (auto _ : state) {
    bank->evaluate(d.v, a0, b, d.x, d.i, d.g);
    benchmark::DoNotOptimize(d.i.data());
  }
}

template <Memristor M>
void add(const std::string& name, const M& model) {
  const auto run = [&](const char* method, void (*work)(benchmark::State&, const M&)) {
    benchmark::RegisterBenchmark(fmt::format("{}/{}", method, name).c_str(),
                                 [=](benchmark::State& state) { work(state, model); })
        ->Repetitions(5)
        ->MinTime(0.01);
  };
  run("currents/bare", bare_currents<M>);
  run("currents/bank", bank_currents<M>);
  if (model.rate(1, model.initial_state()).value == 0 &&
      model.rate(-1, model.initial_state()).value == 0) {
    return;
  }
  run("rates/bare", bare_rates<M>);
  run("rates/bank", bank_rates<M>);
  run("steps/bank", bank_steps<M>);
}

void add_all() {
  add("static", StaticResistance{});
  add("static_sinh", StaticResistance{.iv = 1});
  add("hp", Hp{});
  add("hp_biolek", Hp{.window = 3});
  add("team", Team{});
  add("yakopcic", Yakopcic{});
  add("mms", Mms{});
  add("vteam", Vteam{});
  add("stanford", Stanford{});
  add("reram", Reram{.thermal = 1});
  add("jart_v1b", JartV1b{});
  add("pershin", Pershin{});
  add("data_driven", DataDriven{});
  add("data_driven2018", DataDriven2018{});
  add("yakopcic_general", YakopcicGeneral{});
  add("memdiode", Memdiode{});
  add("umich_wox", UmichWox{});
  add("simmons", Simmons{});
  add("ots", ThresholdSwitch{});
}

}  // namespace
}  // namespace wordline::bench

int main(int argc, char** argv) {
  wordline::bench::add_all();
  return wordline::bench::run_and_compare(argc, argv);
}
