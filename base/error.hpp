// Errors of Wordline. Bad input is reported as a list of located diagnostics, thrown as one
// NetlistError; a file or external program that fails is an Error naming the call. A solve that
// does not converge is no exception: it is an outcome in the analysis report.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace wordline {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A place in a user's text, resolved for printing. Lines and columns count from 1; line 0 means
// "not from a text" (a circuit built in code).
struct SourceLocation {
  std::string file;
  int line = 0;
  int column = 0;
  std::string text;  // the source line, shown above the caret
};

enum class Severity { kWarning, kError };

struct Diagnostic {
  Severity severity = Severity::kError;
  SourceLocation where;
  std::string message;
  std::string hint;  // what would be right, or the near name; may be empty

  // "file:line:column: error: message", the source line, a caret under the column, the hint.
  std::string format() const;
};

class NetlistError : public Error {
 public:
  explicit NetlistError(std::vector<Diagnostic> diagnostics);
  explicit NetlistError(Diagnostic diagnostic);

  const std::vector<Diagnostic>& diagnostics() const { return *diagnostics_; }

 private:
  // Shared, because an exception must be copyable without throwing.
  std::shared_ptr<const std::vector<Diagnostic>> diagnostics_;
};

// A text for a terminal: what would steer it, control characters other than tab and line end, is
// written as \x1b.
std::string printable(std::string_view text);

// The candidate nearest to `name` by edit distance, if near enough to be a slip of the pen; else
// "".
std::string nearest(const std::string& name, const std::vector<std::string>& candidates);

}  // namespace wordline
