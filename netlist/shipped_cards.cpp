#include "wordline/netlist/shipped_cards.hpp"

#include <fmt/format.h>

#include "wordline/netlist/library.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline {

namespace {

// The comments that a section begins with, as one line.
std::string comments_of(std::string_view body) {
  std::string comments;
  while (!body.empty()) {
    const std::string_view line = body.substr(0, body.find('\n'));
    body.remove_prefix(std::min(line.size() + 1, body.size()));
    if (line.starts_with("* ")) {
      comments += (comments.empty() ? "" : " ") + std::string(line.substr(2));
    } else if (!line.empty()) {
      break;
    }
  }
  return comments;
}

}  // namespace

std::vector<ShippedCard> shipped_cards() {
  std::vector<ShippedCard> cards;
  for (const ShippedLibrary& library : shipped_libraries()) {
    for (const LibrarySection& section : find_sections(library.text)) {
      const Circuit circuit = parse(
          fmt::format("cards\n.lib \"{}\" {}\n", library.name, section.name.text), "libraries");
      for (const ModelCard& card : circuit.models) {
        cards.push_back({std::string(library.name), std::string(section.name.text),
                         comments_of(section.body), card});
      }
    }
  }
  return cards;
}

}  // namespace wordline
