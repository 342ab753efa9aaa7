// Faults found in a netlist, collected so that one run reports them all.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wordline/base/error.hpp"
#include "wordline/netlist/text.hpp"

namespace wordline {

// Thrown by whoever reads a line and cannot go on with it. The loop over the lines catches it,
// collects it and goes on with the next line.
struct Fault {
  const char* at;  // the character the caret points to
  std::string message;
  std::string hint = {};
};

class Diagnostics {
 public:
  explicit Diagnostics(Sources& sources) : sources_(sources) {}

  // `instance` is the path of the sub-circuit instance being elaborated, or empty. A fault of one
  // line is reported once, however often its sub-circuit is instantiated.
  void error(const Fault& fault, const std::string& instance = {});
  void warn(const Fault& fault);

  bool has_errors() const { return error_count_ > 0; }
  // Throws NetlistError with the errors and warnings so far, if there are errors.
  void throw_if_errors() const;
  std::vector<Diagnostic> warnings() const;
  Sources& sources() const { return sources_; }

 private:
  Sources& sources_;
  std::vector<Diagnostic> found_;
  std::set<std::pair<const char*, std::string>> seen_;
  std::size_t error_count_ = 0;
  std::size_t warning_count_ = 0;
};

// "did you mean 'x'?" for the candidate nearest to `name`, or "".
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace wordline
