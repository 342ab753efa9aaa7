#include "wordline/devices/osdi/device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <new>
#include <numeric>
#include <utility>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"
#include "wordline/base/version.hpp"

namespace wordline::osdi {

namespace {

// The interface takes names and texts as char*, and does not write to them.
char* text(const char* constant) { return const_cast<char*>(constant); }

template <class Code>
void set(const Setting& setting, const Module& module, std::uint32_t flags, Code access,
         std::list<std::string>& texts) {
  void* const place = access(setting.parameter, flags | OSDI_ACCESS_SET);
  if (place == nullptr) {
    throw Error(fmt::format("module '{}' gives no access to its parameter '{}'", module.name(),
                            module.parameter(setting.parameter).names.front()));
  }
  if (const auto* const real = std::get_if<double>(&setting.value)) {
    *static_cast<double*>(place) = *real;
  } else if (const auto* const integer = std::get_if<std::int32_t>(&setting.value)) {
    *static_cast<std::int32_t*>(place) = *integer;
  } else {
    texts.push_back(std::get<std::string>(setting.value));
    *static_cast<char**>(place) = texts.back().data();
  }
}

// Takes the errors out of the result of a setup, and frees them.
std::vector<SetupFault> take_faults(const OsdiInitInfo& result, const Module& module,
                                    const Log& log) {
  std::vector<SetupFault> faults;
  for (std::uint32_t k = 0; k < result.num_errors; ++k) {
    const OsdiInitError& error = result.errors[k];
    if (error.code == OSDI_OUT_OF_BOUNDS) {
      faults.push_back(
          {error.parameter,
           fmt::format("'{}' of module '{}' is out of its bounds",
                       module.parameter(error.parameter).names.front(), module.name())});
    } else {
      faults.push_back(
          {OSDI_NONE, fmt::format("module '{}' reports the error {}", module.name(), error.code)});
    }
  }
  if (result.num_errors > 0) std::free(result.errors);
  if ((result.flags & OSDI_FATAL) != 0) {
    faults.push_back({OSDI_NONE, fmt::format("module '{}' gives up{}{}", module.name(),
                                             log.last_error.empty() ? "" : ": ", log.last_error)});
  }
  return faults;
}

}  // namespace

SimParameters::SimParameters(const Surroundings& s) {
  static const std::array<const char*, 11> kNames = {"gmin",
                                                     "gdev",
                                                     "tnom",
                                                     "sourceScaleFactor",
                                                     "simulatorVersion",
                                                     "simulatorSubversion",
                                                     "reltol",
                                                     "vntol",
                                                     "abstol",
                                                     "scale",
                                                     nullptr};
  static const std::array<const char*, 4> kTextNames = {"analysis_name", "analysis_type",
                                                        "simulator", nullptr};
  // "0.1.0" is version 0.1, sub-version 0.
  const std::string number(version());
  const std::size_t last_point = number.rfind('.');
  values_ = {s.gmin,
             s.gmin,
             s.nominal_temperature,
             s.source_scale,
             std::stod(number.substr(0, last_point)),
             std::stod(number.substr(last_point + 1)),
             s.reltol,
             s.vntol,
             s.abstol,
             1};
  char* const analysis = text(s.transient ? "tran" : "dc");
  texts_ = {analysis, analysis, text("wordline")};
  view_ = {const_cast<char**>(kNames.data()), values_.data(), const_cast<char**>(kTextNames.data()),
           texts_.data()};
}

Memory::Memory(std::uint32_t size) : memory_(std::calloc(1, std::max(size, 1U))) {
  if (memory_ == nullptr) throw std::bad_alloc();
}

Model::Model(std::shared_ptr<const Module> module, std::span<const Setting> settings, Log log)
    : module_(std::move(module)), memory_(module_->descriptor().model_size), log_(std::move(log)) {
  for (const Setting& setting : settings) {
    set(
        setting, *module_, OSDI_ACCESS_READ,
        [this](std::uint32_t id, std::uint32_t flags) {
          return module_->descriptor().access(nullptr, memory_.get(), id, flags);
        },
        texts_);
  }
}

std::vector<SetupFault> Model::setup(const Surroundings& surroundings) {
  SimParameters parameters(surroundings);
  OsdiInitInfo result{};
  module_->descriptor().setup_model(&log_, memory_.get(), &parameters.view(), &result);
  return take_faults(result, *module_, log_);
}

Instance::Instance(const Model& model, std::span<const Setting> settings, std::uint32_t connected,
                   Log log)
    : model_(&model),
      connected_(connected),
      memory_(model.module().descriptor().instance_size),
      log_(std::move(log)) {
  for (const Setting& setting : settings) {
    set(
        setting, module(), OSDI_ACCESS_INSTANCE,
        [this](std::uint32_t id, std::uint32_t flags) {
          return module().descriptor().access(memory_.get(), model_->data(), id, flags);
        },
        texts_);
  }
}

std::vector<SetupFault> Instance::setup(double kelvin, const Surroundings& surroundings) {
  // What is not collapsed is not written to.
  bool* const collapsed = memory_.at<bool>(module().descriptor().collapsed_offset);
  std::fill_n(collapsed, module().collapsible().size(), false);
  SimParameters parameters(surroundings);
  OsdiInitInfo result{};
  module().descriptor().setup_instance(&log_, memory_.get(), model_->data(), kelvin, connected_,
                                       &parameters.view(), &result);
  return take_faults(result, module(), log_);
}

std::vector<std::uint32_t> Instance::collapse() const {
  std::vector<std::uint32_t> stands(module().nodes().size());
  std::iota(stands.begin(), stands.end(), 0U);
  const bool* const collapsed = memory_.at<bool>(module().descriptor().collapsed_offset);
  const auto is_fixed = [this](std::uint32_t node) {
    return node == OSDI_NONE || node < connected_;
  };
  for (std::size_t k = 0; k < module().collapsible().size(); ++k) {
    if (!collapsed[k]) continue;
    const OsdiNodePair& pair = module().collapsible()[k];
    std::uint32_t from = stands[pair.first];
    std::uint32_t to = pair.second == OSDI_NONE ? OSDI_NONE : stands[pair.second];
    if (is_fixed(from)) std::swap(from, to);
    if (is_fixed(from)) continue;  // the circuit's own nodes stay apart
    std::replace(stands.begin(), stands.end(), from, to);
  }
  return stands;
}

std::span<std::uint32_t> Instance::node_mapping() const {
  return {memory_.at<std::uint32_t>(module().descriptor().node_mapping_offset),
          module().nodes().size()};
}

std::span<std::uint32_t> Instance::state_indices() const {
  return {memory_.at<std::uint32_t>(module().descriptor().state_index_offset),
          module().descriptor().num_states};
}

std::span<double*> Instance::jacobian() const {
  return {memory_.at<double*>(module().descriptor().resistive_jacobian_offset),
          module().jacobian_entries().size()};
}

std::uint32_t Instance::evaluate(OsdiSimInfo& info) {
  return module().descriptor().eval(&log_, memory_.get(), model_->data(), &info);
}

void Instance::add_resistive_residual(double* residual) const {
  const OsdiDescriptor& d = module().descriptor();
  d.load_residual_resistive(memory_.get(), model_->data(), residual);
  d.load_limit_resistive(memory_.get(), model_->data(), residual);
}

void Instance::add_reactive_residual(double* residual) const {
  const OsdiDescriptor& d = module().descriptor();
  d.load_residual_reactive(memory_.get(), model_->data(), residual);
  d.load_limit_reactive(memory_.get(), model_->data(), residual);
}

void Instance::add_jacobian(double a0) const {
  const OsdiDescriptor& d = module().descriptor();
  if (a0 == 0) {
    d.load_jacobian_resistive(memory_.get(), model_->data());
  } else {
    d.load_jacobian_transient(memory_.get(), model_->data(), a0);
  }
}

double Instance::longest_step() const {
  const std::uint32_t offset = module().descriptor().bound_step_offset;
  const double bound = offset == OSDI_NONE ? 0 : *memory_.at<double>(offset);
  return bound > 0 ? bound : std::numeric_limits<double>::infinity();
}

double Instance::output(const Parameter& output) const {
  const void* const place =
      module().descriptor().access(memory_.get(), model_->data(), output.id, OSDI_ACCESS_READ);
  if (place != nullptr && !output.is_array) {
    if (output.type == Type::kReal) return *static_cast<const double*>(place);
    if (output.type == Type::kInteger) return *static_cast<const std::int32_t*>(place);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

std::vector<double> Instance::noise_densities(double frequency) const {
  const std::size_t count = module().noise_sources().size();
  std::vector<double> densities(count), logarithms(count);
  if (count == 0) return densities;
  void (*const load)() = module().descriptor().load_noise;
  if (module().minor() == 3) {
    using Load = void (*)(void*, void*, double, double*, double*);
    reinterpret_cast<Load>(load)(memory_.get(), model_->data(), frequency, densities.data(),
                                 logarithms.data());
  } else {
    using Load = void (*)(void*, void*, double, double*);
    reinterpret_cast<Load>(load)(memory_.get(), model_->data(), frequency, densities.data());
  }
  return densities;
}

}  // namespace wordline::osdi
