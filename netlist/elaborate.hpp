// Structure to circuit: every line is read in its scope, sub-circuits once for each instance.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/deck.hpp"
#include "wordline/netlist/scope.hpp"

namespace wordline {

class Elaborator {
 public:
  Elaborator(const Deck& deck, Diagnostics& diagnostics) : deck_(deck), diagnostics_(diagnostics) {}

  // The circuit; whether it is whole, `diagnostics` tells.
  Circuit run();

  // Reads the lines of the scope's block. Throws Fault (at `where`) when instances are nested too
  // deep or are too many.
  void elaborate(Scope& scope, const Token& where);

  Circuit& circuit() { return circuit_; }
  const Deck& deck() const { return deck_; }
  Diagnostics& diagnostics() { return diagnostics_; }

  // The index of a model card read from the line at `definition`: an equal one of the same line is
  // used again.
  std::int32_t add_model(const char* definition, ModelCard card);
  std::int32_t add_model(const char* definition, CompiledModel model);

  // The parameters being evaluated, outermost first: what a cycle is reported with.
  std::vector<std::string>& evaluating() { return evaluating_; }

  // Where the couplings stand in the text, in the order of Circuit::mutuals.
  std::vector<const char*> coupling_places;

  // Whether a parameter took the temperature's value, which a sweep would not change any more.
  bool temperature_was_used = false;

 private:
  void check_definitions(const Scope& top);
  void read_statements(Scope& scope, bool before);
  void read_elements(Scope& scope, bool refer);
  template <class Read>
  void guard(const Scope& scope, std::string_view text, Read read);

  const Deck& deck_;
  Diagnostics& diagnostics_;
  Circuit circuit_;
  std::vector<std::string> evaluating_;
  std::unordered_map<const char*, std::int32_t> last_model_;  // by the place of its definition
  std::size_t depth_ = 0;
  std::size_t expanded_ = 0;  // lines read for instances
};

}  // namespace wordline
