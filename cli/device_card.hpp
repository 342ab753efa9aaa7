// A device that a command line names: as a model with parameters, or as a card that comes with
// Wordline; and the line of a deck that defines it.
#pragma once

#include <string>
#include <vector>

namespace wordline::cli {

struct DeviceCard {
  std::string line;  // ".model vteam memristor type=vteam ron=1k"
  std::string name;  // by which elements call it
};

// Throw UsageError where there is no such model, or a parameter is no name=value.
DeviceCard memristor_card(const std::string& model, const std::string& card,
                          const std::vector<std::string>& parameters);
// nmos or pmos with parameters, or a section of transistors.lib.
DeviceCard transistor_card(const std::string& model, const std::vector<std::string>& parameters);

}  // namespace wordline::cli
