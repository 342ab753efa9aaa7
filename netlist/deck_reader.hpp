// Text to deck: the reader of the lines that give a netlist its structure. Its parts are deck.cpp
// (lines), deck_files.cpp (included files and libraries) and deck_definitions.cpp (what blocks
// define, sub-circuits and conditionals).
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wordline/netlist/deck.hpp"
#include "wordline/netlist/library.hpp"

namespace wordline {

class DeckReader {
 public:
  DeckReader(Dialect dialect, Sources& sources, Diagnostics& diagnostics);

  Deck run(std::string_view text);

 private:
  using Handler = void (DeckReader::*)();
  struct Structural {
    std::string_view name;
    Handler read;
  };
  // The statements that shape the deck; all others are elaborated later.
  static std::span<const Structural> structural();

  // What is open: a sub-circuit, or a branch of the last conditional of the block around it.
  struct Open {
    Block* block;
    Conditional* conditional;  // null: a sub-circuit
    Token where;
  };

  Block& block() { return open_.empty() ? deck_.top : *open_.back().block; }
  bool in_subcircuit() const;
  void report(const Fault& fault);

  // ---- lines ----
  void read_lines(LogicalLines& lines);
  bool read_line(std::string_view text);  // false after `.end`
  [[noreturn]] static void refuse_element(std::string_view text);
  bool read_statement(std::string_view text);
  void read_control();
  void refuse_end_of_control();
  static bool is_statement(std::string_view text, std::string_view name);
  void read_preprocessing();
  [[noreturn]] void fail_unsupported() const;
  void read_title(std::string_view text);
  bool looks_like_a_line(std::string_view text);
  void replace_title();
  void ignore() {}

  // ---- included files and sections of libraries ----
  struct OpenFile {
    std::filesystem::path path;
    std::string section;  // lower case; empty for a file read as a whole

    bool operator==(const OpenFile&) const = default;
    std::string format() const;
  };
  using Libraries = std::map<std::filesystem::path, std::vector<LibrarySection>>;

  void read_include();
  void read_library();
  void refuse_end_of_section();
  void skip_section(const Token& name);
  bool is_open(const OpenFile& file) const;
  // Reads the text of `file` where `where` asks for it, unless that never ends.
  template <class Text>
  void read_text(const Token& where, const OpenFile& file, Text text);
  std::string_view open(const Token& name, const std::filesystem::path& path);
  Libraries::const_iterator find_library(const Token& name);

  // ---- definitions ----
  void open_subcircuit();
  void read_ports(Block& block);
  void close_subcircuit();
  void open_conditional();
  void open_branch();
  void close_conditional();
  Token read_condition();
  void begin_branch(Conditional& conditional, std::optional<Token> condition, const Token& where);
  Conditional& require_conditional();
  void add_variable(Block& block, const Assignment& definition);
  void read_parameters();
  void read_function();
  void add_function(const Token& name);
  void read_model();
  void read_globals();
  void read_data();
  void read_step();
  std::optional<Token> first_value_in_file();

  Sources& sources_;
  Diagnostics& diagnostics_;
  Deck deck_;
  std::vector<Open> open_;            // not yet closed, outermost first
  std::vector<OpenFile> open_files_;  // being read, the netlist first
  std::size_t includes_ = 0;
  Libraries libraries_;                                           // that have been opened
  std::set<std::pair<const Block*, const char*>> sections_read_;  // where, and their text
  std::vector<Assignment> stepped_;  // parameters of `.step` with their first values
  LogicalLines* lines_ = nullptr;    // those after the line being read
  std::string_view text_;            // the line being read
  Line line_;
};

}  // namespace wordline
