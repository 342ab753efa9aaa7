#include "wordline/netlist/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>

#include "wordline/base/units.hpp"

namespace wordline {

namespace {

constexpr std::size_t kShownErrors = 20;
constexpr std::size_t kShownWarnings = 100;
constexpr std::size_t kShownLineLength = 200;

// A very long line would hide the message above it.
SourceLocation shortened(SourceLocation where) {
  if (where.text.size() > kShownLineLength) {
    const auto column = static_cast<std::size_t>(std::max(where.column, 1));
    if (column > kShownLineLength) {
      where.text.clear();
    } else {
      where.text.resize(kShownLineLength);
      where.text += " ...";
    }
  }
  return where;
}

}  // namespace

void Diagnostics::error(const Fault& fault, const std::string& instance) {
  if (!seen_.emplace(sources_.origin(fault.at), fault.message).second) return;
  ++error_count_;
  if (error_count_ > kShownErrors) return;
  std::string message = fault.message;
  if (!instance.empty()) message += fmt::format(" (in instance {})", instance);
  found_.push_back(
      {Severity::kError, shortened(sources_.locate(fault.at)), std::move(message), fault.hint});
}

void Diagnostics::warn(const Fault& fault) {
  if (!seen_.emplace(sources_.origin(fault.at), fault.message).second) return;
  if (++warning_count_ > kShownWarnings) return;
  found_.push_back(
      {Severity::kWarning, shortened(sources_.locate(fault.at)), fault.message, fault.hint});
}

void Diagnostics::throw_if_errors() const {
  if (error_count_ == 0) return;
  std::vector<Diagnostic> all = found_;
  std::stable_sort(all.begin(), all.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.where.file, a.where.line, a.where.column) <
           std::tie(b.where.file, b.where.line, b.where.column);
  });
  if (error_count_ > kShownErrors) {
    all.push_back({Severity::kError,
                   {},
                   fmt::format("{} more errors are not shown", error_count_ - kShownErrors),
                   ""});
  }
  throw NetlistError(std::move(all));
}

std::vector<Diagnostic> Diagnostics::warnings() const {
  std::vector<Diagnostic> result;
  std::copy_if(found_.begin(), found_.end(), std::back_inserter(result),
               [](const Diagnostic& d) { return d.severity == Severity::kWarning; });
  if (warning_count_ > kShownWarnings) {
    result.push_back(
        {Severity::kWarning,
         {},
         fmt::format("{} more warnings are not shown", warning_count_ - kShownWarnings),
         ""});
  }
  return result;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongestName = 64;  // the distance takes quadratic time
  if (name.size() > kLongestName) return {};
  const std::string near = nearest(to_lower(name), candidates);
  return near.empty() ? std::string() : fmt::format("did you mean '{}'?", near);
}

}  // namespace wordline
