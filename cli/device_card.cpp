#include "wordline/cli/device_card.hpp"

#include <fmt/format.h>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/devices/registry.hpp"

namespace wordline::cli {

namespace {

void check_parameters(const std::vector<std::string>& parameters, const char* option) {
  for (const std::string& parameter : parameters) {
    if (parameter.find_first_of("\n\r") != std::string::npos ||
        parameter.find('=') == std::string::npos) {
      throw UsageError(fmt::format("{}: '{}' is no name=value", option, parameter));
    }
  }
}

// A name goes into a line of a deck.
void check_name(const std::string& name) {
  if (name.empty() || name.find_first_of("\n\r\" \t") != std::string::npos) {
    throw UsageError(fmt::format("'{}' is no name of a card", name));
  }
}

}  // namespace

DeviceCard memristor_card(const std::string& model, const std::string& card,
                          const std::vector<std::string>& parameters) {
  if (!card.empty()) {
    if (!parameters.empty()) {
      throw UsageError("a card has all its parameters: no --set with --card");
    }
    check_name(card);
    return {fmt::format(".lib \"memristors.lib\" {}", card), card};
  }
  const std::string name = to_lower(model);
  if (find_model_type("memristor", name) == nullptr) {
    std::vector<std::string> known;
    for (const ModelType& type : model_types()) {
      if (type.kind == "memristor") known.emplace_back(type.name);
    }
    const std::string near = nearest(name, known);
    throw UsageError(fmt::format("no memristor model '{}'{}", model,
                                 near.empty()
                                     ? fmt::format("; there are {}", fmt::join(known, ", "))
                                     : fmt::format("; did you mean '{}'?", near)));
  }
  check_parameters(parameters, "--set");
  return {fmt::format(".model {} memristor type={} {}", name, name, fmt::join(parameters, " ")),
          name};
}

DeviceCard transistor_card(const std::string& model, const std::vector<std::string>& parameters) {
  const std::string name = to_lower(model);
  if (name == "nmos" || name == "pmos") {
    check_parameters(parameters, "--transistor-set");
    return {fmt::format(".model select_{} {} {}", name, name, fmt::join(parameters, " ")),
            "select_" + name};
  }
  if (!parameters.empty()) {
    throw UsageError("a card has all its parameters: no --transistor-set with a card");
  }
  check_name(model);
  return {fmt::format(".lib \"transistors.lib\" {}", model), model};
}

}  // namespace wordline::cli
