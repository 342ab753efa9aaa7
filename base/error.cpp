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

// The caret stands under its character only if each has a column of its own.
std::string one_column_each(std::string line) {
  for (char& c : line) {
    if ((static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f) c = '?';
  }
  return line;
}

}  // namespace

std::string Diagnostic::format() const {
  std::string text;
  if (!where.file.empty()) {
    text += printable(where.file) + ':';
    if (where.line > 0) text += std::to_string(where.line) + ':';
    if (where.line > 0 && where.column > 0) text += std::to_string(where.column) + ':';
    text += ' ';
  }
  text += severity == Severity::kError ? "error: " : "warning: ";
  text += printable(message);
  if (!where.text.empty()) {
    text += "\n    " + one_column_each(where.text);
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
  if (!hint.empty()) text += "\n    " + printable(hint);
  return text;
}

NetlistError::NetlistError(std::vector<Diagnostic> diagnostics)
    : Error(format_all(diagnostics)),
      diagnostics_(std::make_shared<const std::vector<Diagnostic>>(std::move(diagnostics))) {}

NetlistError::NetlistError(Diagnostic diagnostic)
    : NetlistError(std::vector<Diagnostic>{std::move(diagnostic)}) {}

std::string printable(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string result;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const auto c = static_cast<unsigned char>(text[k]);
    const auto before = static_cast<unsigned char>(k > 0 ? text[k - 1] : '\0');
    const bool low = (c < 0x20 && c != '\t' && c != '\n') || c == 0x7f;
    const bool high = c >= 0x80 && c < 0xa0 && before == 0xc2;  // U+0080 to U+009F in UTF-8
    if (low || high) {
      result += {'\\', 'x', kDigits[c >> 4U], kDigits[c & 0xfU]};
    } else {
      result += text[k];
    }
  }
  return result;
}

std::string nearest(const std::string& name, const std::vector<std::string>& candidates) {
  std::string best;
  // Something of the name must be right.
  std::size_t best_distance = std::min(name.size(), 1 + std::max<std::size_t>(1, name.size() / 3));
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
