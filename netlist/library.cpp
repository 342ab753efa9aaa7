#include "wordline/netlist/library.hpp"

#include <fmt/format.h>

#include "wordline/base/units.hpp"
#include "wordline/netlist/line.hpp"

namespace wordline {

namespace {

class SectionFinder {
 public:
  explicit SectionFinder(Dialect dialect) : dialect_(dialect), line_(dialect) {}

  std::vector<LibrarySection> run(std::string_view text) {
    LogicalLines lines(text, dialect_);
    for (std::string_view line = lines.next(); !line.empty(); line = lines.next()) {
      // Only these lines are looked at closely; libraries are large.
      const bool begins = equal_ignoring_case(line.substr(0, 4), ".lib");
      if (!begins && !equal_ignoring_case(line.substr(0, 5), ".endl")) continue;
      line_.reset(line);
      if (begins && equal_ignoring_case(line_.head().text, ".lib")) begin_section(line);
      if (!begins && equal_ignoring_case(line_.head().text, ".endl")) end_section(line);
    }
    if (is_open_) fail_unclosed();
    return std::move(sections_);
  }

 private:
  void begin_section(std::string_view line) {
    if (line_.peek(1).kind != Token::Kind::kEnd) return;  // reads a section of a file
    if (is_open_) fail_unclosed();
    const Token name = line_.expect_value("the name of a section");
    is_open_ = true;
    sections_.push_back({name, {line.data() + line.size(), 0}});
  }

  void end_section(std::string_view line) {
    if (!is_open_) fail(line_.head(), "there is no .lib section that this closes");
    LibrarySection& section = sections_.back();
    if (!line_.done()) {
      const Token name = line_.expect_value("the name of a section");
      if (to_lower(name.text) != to_lower(section.name.text)) {
        fail(name, fmt::format("this closes '{}', not '{}'", section.name.text, name.text));
      }
    }
    line_.expect_end();
    const char* const first = section.body.data();
    section.body = {first, static_cast<std::size_t>(line.data() - first)};
    is_open_ = false;
  }

  [[noreturn]] void fail_unclosed() const {
    const Token& name = sections_.back().name;
    fail(name, fmt::format("the section '{}' is not closed", name.text),
         "close it with .endl; .include reads a file without sections");
  }

  Dialect dialect_;
  std::vector<LibrarySection> sections_;
  bool is_open_ = false;  // the last of them
  Line line_;
};

}  // namespace

std::vector<LibrarySection> find_sections(std::string_view text, Dialect dialect) {
  return SectionFinder(dialect).run(text);
}

}  // namespace wordline
