// `.matmul array inputs="v.npy" [outputs="i.npy"] [drive=] [sense=] [v_wl=] [v_bl=] [v_sl=]
// [method=]`: docs/netlist.md, "Products".
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "wordline/base/units.hpp"
#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

namespace {

// By LineKind.
const std::array<std::string, 3> kLines = {"wl", "bl", "sl"};
const std::vector<std::string> kMethods = {"auto", "krylov", "multifrontal", "klu"};
const std::array<std::string, 3> kLineNames = {"word", "bit", "source"};
const std::vector<std::string> kKeys = {"inputs",    "outputs", "drive", "sense", "method",
                                        "tolerance", "v_wl",    "v_bl",  "v_sl"};

class MatmulReader {
 public:
  MatmulReader(Line& line, Scope& scope) : scope_(scope), head_(line.head()) {
    name_ = line.expect_word("the name of an array");
    while (const auto assignment = line.accept_assignment()) add(*assignment);
    line.expect_end();
  }

  void read() {
    matmul_.crossbar = find_array();
    const bool selected = array().cell == CellKind::k1T1R;
    matmul_.driven = line_kind("drive", selected ? LineKind::kBit : LineKind::kWord);
    matmul_.sensed = line_kind("sense", selected ? LineKind::kSource : LineKind::kBit);
    if (matmul_.driven == matmul_.sensed) {
      fail(find("sense") != nullptr ? *find("sense") : *find("drive"),
           fmt::format("the {} lines cannot be driven and sensed", name_of(matmul_.driven)));
    }
    if (selected && matmul_.sensed == LineKind::kWord) {
      fail(*find("sense"), "no current flows in the word lines, which are gates");
    }
    matmul_.word_bias = bias(LineKind::kWord);
    matmul_.bit_bias = bias(LineKind::kBit);
    matmul_.source_bias = bias(LineKind::kSource);
    if (selected && matmul_.driven != LineKind::kWord && find("v_wl") == nullptr) {
      fail(name_, "the word lines are the gates of the cells' transistors: they need a voltage",
           "add v_wl=");
    }
    if (selected && array().bulk != 0) {
      fail(name_, fmt::format("the bulk of the transistors of {} is not ground", array().name),
           "only with bulk=0 is an array complete without the rest of the circuit");
    }
    read_method();
    read_tolerance();
    read_inputs();
    read_output();
    scope_.circuit().analyses.push_back(
        {std::move(matmul_), scope_.sources().locate(head_.text.data())});
  }

 private:
  static const std::string& name_of(LineKind kind) {
    return kLineNames.at(static_cast<std::size_t>(kind));
  }

  const Crossbar& array() const {
    return scope_.circuit().crossbars[static_cast<std::size_t>(matmul_.crossbar)];
  }

  void add(const Assignment& assignment) {
    const std::string key = to_lower(assignment.name.text);
    if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) {
      fail(assignment.name, fmt::format(".matmul has no '{}'", assignment.name.text),
           did_you_mean(key, kKeys));
    }
    if (!given_.emplace(key, assignment).second) {
      fail(assignment.name, fmt::format("'{}' is given twice", key));
    }
  }

  const Token* find(const std::string& key) const {
    const auto found = given_.find(key);
    return found == given_.end() ? nullptr : &found->second.value;
  }

  std::int32_t find_array() const {
    const std::vector<Crossbar>& crossbars = scope_.circuit().crossbars;
    const std::string wanted(scope_.full_name(name_.text));
    std::vector<std::string> known;
    for (std::size_t k = 0; k < crossbars.size(); ++k) {
      if (crossbars[k].name == wanted) return static_cast<std::int32_t>(k);
      known.push_back(crossbars[k].name);
    }
    fail(name_, fmt::format("there is no array called '{}'", name_.text),
         did_you_mean(wanted, known));
  }

  LineKind line_kind(const std::string& key, LineKind usual) const {
    const Token* const token = find(key);
    if (token == nullptr) return usual;
    const auto* const found = std::find(kLines.begin(), kLines.end(), to_lower(token->text));
    if (found == kLines.end()) {
      fail(*token, fmt::format("'{}' is no choice for {}", token->text, key),
           fmt::format("one of: {}", fmt::join(kLines, ", ")));
    }
    const auto kind = static_cast<LineKind>(found - kLines.begin());
    if (kind == LineKind::kSource && array().cell == CellKind::k1R) {
      fail(*token, fmt::format("{} has no source lines", array().name),
           "cells have source lines with cell=1t1r");
    }
    return kind;
  }

  double bias(LineKind kind) const {
    const auto given = given_.find("v_" + kLines.at(static_cast<std::size_t>(kind)));
    if (given == given_.end()) return 0;
    if (kind == matmul_.driven) {
      fail(given->second.name, fmt::format("the {} lines have the inputs' voltages", name_of(kind)),
           "drive= chooses others for the inputs");
    }
    if (kind == LineKind::kSource && array().cell == CellKind::k1R) {
      fail(given->second.name, fmt::format("{} has no source lines", array().name));
    }
    return scope_.value(given->second.value);
  }

  void read_method() {
    const Token* const token = find("method");
    if (token == nullptr) return;
    matmul_.method = to_lower(token->text);
    if (std::find(kMethods.begin(), kMethods.end(), matmul_.method) == kMethods.end()) {
      fail(*token, fmt::format("'{}' is no choice for method", token->text),
           fmt::format("one of: {}", fmt::join(kMethods, ", ")));
    }
  }

  void read_tolerance() {
    const Token* const token = find("tolerance");
    if (token == nullptr) return;
    matmul_.tolerance = scope_.value(*token);
    if (!(matmul_.tolerance > 0 && matmul_.tolerance < 1)) {
      fail(*token, fmt::format("a tolerance of {:g} is not between 0 and 1", matmul_.tolerance));
    }
  }

  static bool is_name(const Token& token) {
    return token.is_word() || token.kind == Token::Kind::kString;
  }

  // A row an input; a vector is one input, however it stands in the file.
  void read_inputs() {
    const Token* const file = find("inputs");
    if (file == nullptr)
      fail(name_, ".matmul needs the voltages to multiply", "add inputs=\"file\"");
    if (!is_name(*file)) fail(*file, "the name of a file is expected");
    Matrix inputs = scope_.matrix(*file);
    const std::int64_t lines = count(matmul_.driven);
    if (inputs.cols != lines && inputs.cols == 1 && inputs.rows == lines) {
      std::swap(inputs.rows, inputs.cols);
    }
    if (inputs.cols != lines) {
      fail(*file,
           fmt::format("{} holds {} numbers in a row for an array of {} {} lines", file->text,
                       inputs.cols, lines, name_of(matmul_.driven)),
           inputs.rows == lines ? "transpose it: a row is an input" : "");
    }
    matmul_.inputs = std::move(inputs);
  }

  void read_output() {
    const Token* const file = find("outputs");
    if (file == nullptr) return;
    if (!is_name(*file) || file->text.empty()) fail(*file, "the name of a file is expected");
    const std::filesystem::path inputs = require_file(*find("inputs"), scope_.sources());
    std::error_code absent;
    if (std::filesystem::equivalent(inputs, file->text, absent)) {
      fail(*file, "the inputs would be overwritten");
    }
    matmul_.output = std::string(file->text);
  }

  std::int64_t count(LineKind kind) const {
    if (kind == LineKind::kSource)
      return array().source_along_columns ? array().cols : array().rows;
    return kind == LineKind::kWord ? array().rows : array().cols;
  }

  Scope& scope_;
  Token head_;
  Token name_;
  std::map<std::string, Assignment> given_;
  MatmulAnalysis matmul_;
};

}  // namespace

void read_matmul(Line& line, Scope& scope) { MatmulReader(line, scope).read(); }

}  // namespace wordline
