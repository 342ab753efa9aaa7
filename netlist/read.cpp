#include "wordline/netlist/read.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elaborate.hpp"
#include "wordline/netlist/noise_cost.hpp"

namespace wordline {

namespace {

std::optional<Dialect> dialect_of_line(std::string_view text) {
  Line line;
  line.reset(text);
  while (!line.done()) {
    const auto assignment = line.accept_assignment();
    if (!assignment) {
      line.take();
    } else if (equal_ignoring_case(assignment->name.text, "dialect")) {
      return find_dialect(to_lower(assignment->value.text));
    }
  }
  return std::nullopt;
}

// What `.options dialect=` says, which decides how all lines are read. What is wrong with such a
// line is reported when it is read.
std::optional<Dialect> dialect_option(std::string_view text) {
  constexpr std::string_view kStatement = ".option";
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at)) {
    ++at;
    if (at >= text.size() || text[at] != '.') continue;
    if (!equal_ignoring_case(text.substr(at, kStatement.size()), kStatement)) continue;
    try {
      if (const auto dialect = dialect_of_line(LogicalLines(text.substr(at)).next()))
        return dialect;
    } catch (const Fault&) {
      continue;
    }
  }
  return std::nullopt;
}

bool needs_source(const Circuit& circuit) {
  const auto sweeps_the_netlist = [](const Analysis& analysis) {
    const auto* const dc = std::get_if<DcAnalysis>(&analysis.what);
    return dc != nullptr &&
           std::any_of(dc->sweeps.begin(), dc->sweeps.end(),
                       [](const Sweep& sweep) { return sweep.target == Sweep::Target::kNetlist; });
  };
  return !circuit.steps.empty() || circuit.monte_carlo || !circuit.control.empty() ||
         std::any_of(circuit.analyses.begin(), circuit.analyses.end(), sweeps_the_netlist);
}

// The circuit keeps its text where it will be read again; what is stepped is tried at once.
Circuit read(const std::shared_ptr<const CircuitSource>& source, const ReadOptions& options) {
  Circuit circuit = source->make(options.variant);
  if (!options.keep_source && !needs_source(circuit)) return circuit;
  circuit.source = source;
  if (!circuit.steps.empty()) at_step(circuit, 0);
  return circuit;
}

}  // namespace

struct CircuitSource::Text {
  Sources sources;
  Diagnostics diagnostics{sources};  // of the deck
  Deck deck;
  std::mutex in_use;

  void read(std::string_view text, const ReadOptions& options) {
    sources.search_in(options.folders);
    const auto dialect = options.dialect ? options.dialect : dialect_option(text);
    deck = read_deck(text, dialect.value_or(Dialect::kNgspice), sources, diagnostics);
  }
};

CircuitSource::CircuitSource(const std::filesystem::path& path, const ReadOptions& options)
    : text_(std::make_unique<Text>()) {
  text_->read(text_->sources.open(path), options);
}

CircuitSource::CircuitSource(std::string text, const std::string& name, const ReadOptions& options)
    : text_(std::make_unique<Text>()) {
  text_->read(text_->sources.add(std::move(text), name), options);
}

CircuitSource::~CircuitSource() = default;

Circuit CircuitSource::make(const Variant& variant) const {
  const std::lock_guard lock(text_->in_use);
  const Sources::Mark mark(text_->sources);
  Diagnostics diagnostics = text_->diagnostics;
  Circuit circuit = Elaborator(text_->deck, variant, diagnostics).run();
  diagnostics.throw_if_errors();
  circuit.warnings = diagnostics.warnings();
  for (Diagnostic& warning : warn_of_noise(circuit)) {
    circuit.warnings.push_back(std::move(warning));
  }
  for (const std::string_view command : text_->deck.control) {
    circuit.control.push_back({std::string(command), text_->sources.locate(command.data())});
  }
  circuit.files = text_->sources.files();
  return circuit;
}

Circuit load(const std::filesystem::path& path, const ReadOptions& options) {
  return read(std::make_shared<const CircuitSource>(path, options), options);
}

Circuit parse(std::string text, const std::string& name, const ReadOptions& options) {
  return read(std::make_shared<const CircuitSource>(std::move(text), name, options), options);
}

// ---- steps ----

std::size_t step_count(const Circuit& circuit) {
  std::size_t count = 1;
  for (const Step& step : circuit.steps) count *= step.count();
  return count;
}

std::vector<Override> step_values(const Circuit& circuit, std::size_t k) {
  std::vector<Override> values;
  for (const Step& step : circuit.steps) {
    const auto row = step.row(k % step.count());
    k /= step.count();
    for (std::size_t column = 0; column < row.size(); ++column) {
      values.push_back({step.targets[column], row[column]});
    }
  }
  return values;
}

Circuit at_step(const Circuit& circuit, std::size_t k) {
  if (circuit.source == nullptr) throw Error("the circuit has no steps");
  Circuit one = circuit.source->make({step_values(circuit, k), k + 1});
  one.steps.clear();
  one.source = circuit.source;
  return one;
}

Circuit at_sample(const Circuit& circuit, std::uint64_t seed) {
  if (circuit.source == nullptr) throw Error("a circuit without a netlist has no samples");
  Circuit one = circuit.source->make({circuit.variant.overrides, 0, seed});
  one.steps.clear();
  one.monte_carlo.reset();
  one.source = circuit.source;
  return one;
}

}  // namespace wordline
