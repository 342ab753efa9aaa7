// Structure to circuit: every line is read in its scope, sub-circuits once for each instance.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/deck.hpp"
#include "wordline/netlist/elements/elements.hpp"
#include "wordline/netlist/expression_program.hpp"
#include "wordline/netlist/scope.hpp"
#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

class Elaborator {
 public:
  Elaborator(const Deck& deck, const Variant& variant, Diagnostics& diagnostics);

  // The circuit; whether it is whole, `diagnostics` tells. Throws Error where an override is of
  // nothing that the deck has.
  Circuit run();

  // Reads the lines of the scope's block. Throws Fault (at `where`) when instances are nested too
  // deep or are too many.
  void elaborate(Scope& scope, const Token& where);

  // Reads the line of one element.
  void read_element(const Element& element, Line& line, Scope& scope);

  Circuit& circuit() { return circuit_; }
  const Deck& deck() const { return deck_; }
  Diagnostics& diagnostics() { return diagnostics_; }
  // Nodes that are the same everywhere.
  const NameMap<Token>& globals() const { return globals_; }
  void add_globals(const NameMap<Token>& nodes);

  // What stands instead of a parameter of the top level.
  std::optional<double> overridden(std::string_view parameter);
  // The line of a model with what it takes over from others and with those of its parameters that
  // are overridden. Throws Fault.
  std::string_view complete_model(const Scope& scope, const std::string& name,
                                  std::string_view text);

  // The next random number of what is being read. It follows from the seed, the run, the name of
  // that and the numbers that it drew before.
  double draw(expression::Draw kind);
  // While one lives, an element, a parameter or a model is being read.
  class Reading {
   public:
    Reading(Elaborator& elaborator, const Scope& scope, std::string_view name)
        : elaborator_(elaborator), around_(elaborator.subject_) {
      elaborator.subject_ = {&scope, name};
    }
    ~Reading() { elaborator_.subject_ = around_; }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

   private:
    struct Subject {
      const Scope* scope = nullptr;
      std::string_view name = {};
      std::uint32_t drawn = 0;
    };
    friend class Elaborator;
    Elaborator& elaborator_;
    Subject around_;
  };

  // The index of a model card read from the line at `definition`: an equal one of the same line is
  // used again.
  std::int32_t add_model(const char* definition, ModelCard card);
  std::int32_t add_model(const char* definition, CompiledModel model);

  // The parameters being evaluated, outermost first: what a cycle is reported with.
  std::vector<std::string>& evaluating() { return evaluating_; }

  // Where the couplings stand in the text, in the order of Circuit::mutuals.
  std::vector<const char*> coupling_places;

  // What outputs may call by a bare name besides the place of a point: results that are at hand.
  std::vector<std::string> results;

  // Those of all .temp so far [C].
  std::vector<double> temperatures;

  // Whether a parameter took the temperature's value, which a sweep would not change any more.
  bool temperature_was_used = false;

 private:
  void check_definitions(const Scope& top);
  void check_models(const Scope& top);
  void read_settings(Scope& top);
  void read_statements(Scope& scope, Phase phase);
  void check_overrides() const;
  std::string_view derive(const Scope& scope, Line& own, const Token& ancestor);
  std::string_view with_overrides(const std::string& name, std::string_view text);
  std::string_view overridden_text(const Line& line, const Scope& scope);
  void read_elements(Scope& scope, bool refer);
  template <class Read>
  void guard(const Scope& scope, std::string_view text, Read read);

  const Deck& deck_;
  const Variant& variant_;
  std::vector<char> used_;                                    // of the overrides
  std::unordered_map<const char*, std::string_view> models_;  // complete, by their lines
  Diagnostics& diagnostics_;
  NameMap<Token> globals_;
  Circuit circuit_;
  std::vector<std::string> evaluating_;
  std::unordered_map<const char*, std::int32_t> last_model_;  // by the place of its definition
  Reading::Subject subject_;
  std::size_t depth_ = 0;
  std::size_t expanded_ = 0;  // lines read for instances
};

}  // namespace wordline
