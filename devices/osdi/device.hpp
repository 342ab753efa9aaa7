// Models and instances of compiled modules: the memory that their code works on.
#pragma once

#include <array>
#include <cstdint>
#include <cstdlib>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "wordline/devices/osdi/log.hpp"
#include "wordline/devices/osdi/module.hpp"

namespace wordline::osdi {

// What models may ask of the simulator with `$simparam`.
struct Surroundings {
  double gmin = 1e-12;              // S
  double nominal_temperature = 27;  // Celsius
  double source_scale = 1;
  double reltol = 1e-3;
  double abstol = 1e-12;  // A
  double vntol = 1e-6;    // V
  bool transient = false;
};

// The same in the form that they ask in. Points into itself.
class SimParameters {
 public:
  explicit SimParameters(const Surroundings& surroundings);
  SimParameters(const SimParameters&) = delete;
  SimParameters& operator=(const SimParameters&) = delete;

  OsdiSimParameters& view() { return view_; }

 private:
  std::array<double, 10> values_;
  std::array<char*, 3> texts_;
  OsdiSimParameters view_;
};

// What a setup found wrong. `parameter` is the id of the one to blame, or OSDI_NONE.
struct SetupFault {
  std::uint32_t parameter;
  std::string message;
};

// Zeroed memory that their code takes for a C structure of its own.
class Memory {
 public:
  explicit Memory(std::uint32_t size);
  void* get() const { return memory_.get(); }
  template <class T>
  T* at(std::uint32_t offset) const {
    return reinterpret_cast<T*>(static_cast<char*>(memory_.get()) + offset);
  }

 private:
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  std::unique_ptr<void, Free> memory_;
};

class Model {
 public:
  Model(std::shared_ptr<const Module> module, std::span<const Setting> settings, Log log);

  const Module& module() const { return *module_; }
  void* data() const { return memory_.get(); }
  // Derives what depends on parameters alone. Empty if the parameters are in order.
  std::vector<SetupFault> setup(const Surroundings& surroundings);

 private:
  std::shared_ptr<const Module> module_;
  Memory memory_;
  Log log_;
  std::list<std::string> texts_;  // of string parameters, which the memory points to
};

class Instance {
 public:
  // The first `connected` terminals are connected. `model` outlives the instance.
  Instance(const Model& model, std::span<const Setting> settings, std::uint32_t connected, Log log);

  // To be called again when temperature [K] or model have changed.
  std::vector<SetupFault> setup(double kelvin, const Surroundings& surroundings);

  // For every node of the module the one that stands for it after collapsing, or OSDI_NONE for
  // ground. Connected terminals are never collapsed. Valid after setup().
  std::vector<std::uint32_t> collapse() const;

  const Module& module() const { return model_->module(); }
  const Log& log() const { return log_; }
  // Where the code finds the unknowns and limiting states, and puts Jacobian entries.
  std::span<std::uint32_t> node_mapping() const;
  std::span<std::uint32_t> state_indices() const;
  std::span<double*> jacobian() const;

  // Returns OsdiReturnFlags.
  std::uint32_t evaluate(OsdiSimInfo& info);
  void add_resistive_residual(double* residual) const;  // and its tangent's part beyond limits
  void add_reactive_residual(double* residual) const;
  void add_jacobian(double a0) const;  // resistive + a0 * reactive

  // The longest time step [s] that the last evaluation allows; infinity where it says nothing.
  double longest_step() const;
  // The value of an output after an evaluation that computed outputs; NaN where it is no number.
  double output(const Parameter& output) const;
  // Of Module::noise_sources(), after an evaluation that computed noise, at a frequency [Hz]:
  // A^2/Hz where they drive a current.
  std::vector<double> noise_densities(double frequency) const;

 private:
  const Model* model_;
  std::uint32_t connected_;
  Memory memory_;
  Log log_;
  std::list<std::string> texts_;
};

}  // namespace wordline::osdi
