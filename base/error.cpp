#include "wordline/base/error.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace wordline {

namespace {

std::string format_all(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics) {
    if (!text.empty()) text += '\n';
    text += d.format();
  }
  return text;
}

// Levenshtein distance, two rows.
std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substitute = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, diagonal + 1, substitute});
    }
  }
  return row.back();
}

}  // namespace

std::string Diagnostic::format() const {
  std::string text;
  if (!where.file.empty()) {
    text += where.file + ':';
    if (where.line > 0) text += std::to_string(where.line) + ':';
    if (where.line > 0 && where.column > 0) text += std::to_string(where.column) + ':';
    text += ' ';
  }
  text += severity == Severity::kError ? "error: " : "warning: ";
  text += message;
  if (!where.text.empty()) {
    text += "\n    " + where.text;
    if (where.column > 0) {
      text += "\n    ";
      // Tabs are kept, so that the caret stands under its column whatever the tab width.
      for (int k = 1; k < where.column; ++k) {
        const auto at = static_cast<std::size_t>(k - 1);
        text += at < where.text.size() && where.text[at] == '\t' ? '\t' : ' ';
      }
      text += '^';
    }
  }
  if (!hint.empty()) text += "\n    " + hint;
  return text;
}

NetlistError::NetlistError(std::vector<Diagnostic> diagnostics)
    : Error(format_all(diagnostics)),
      diagnostics_(std::make_shared<const std::vector<Diagnostic>>(std::move(diagnostics))) {}

NetlistError::NetlistError(Diagnostic diagnostic)
    : NetlistError(std::vector<Diagnostic>{std::move(diagnostic)}) {}

std::string nearest(const std::string& name, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = 1 + std::max<std::size_t>(1, name.size() / 3);
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace wordline
