#include "wordline/netlist/bus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "wordline/netlist/elaborate.hpp"
#include "wordline/netlist/elements/source_functions.hpp"
#include "wordline/netlist/index_range.hpp"

namespace wordline {

namespace {

using Tokens = std::vector<Token>;

// The tokens of an element before its values: name, n+, n-.
constexpr std::size_t kTwoTerminals = 3;

bool is_waveform(const Token& token) { return token.is_word() && is_time_function(token.text); }

bool begins(const Tokens& tokens, std::size_t at, std::string_view word) {
  return at + 1 < tokens.size() && tokens[at].is_word() &&
         equal_ignoring_case(tokens[at].text, word) && tokens[at + 1].is('(');
}

bool may_have_range(const Token& token) {
  return token.is_word() || token.kind == Token::Kind::kExpression;
}

class BusLine {
 public:
  BusLine(const Line& line, Scope& scope) : scope_(scope) {
    split(line.tokens());
    find_ranges();
    find_selected();
  }

  // The lines of all indices.
  std::vector<std::string_view> write() {
    std::vector<std::size_t> ends;
    for (std::int64_t k = 0; k < first_range_.count; ++k) {
      write_line(k);
      ends.push_back(text_.size());
      text_ += '\n';
    }
    const std::string_view all = scope_.sources().add_derived(std::move(text_), std::move(pieces_));
    std::vector<std::string_view> lines;
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
      lines.push_back(all.substr(begin, end - begin));
      begin = end + 1;
    }
    return lines;
  }

 private:
  // `line(...)=` and what follows it.
  struct Part {
    Tokens selection;
    Tokens content;
  };

  void split(const Tokens& tokens) {
    const std::size_t end = tokens.size() - 1;  // of kEnd
    std::size_t at = 0;
    while (at < end && !begins(tokens, at, "line")) base_.push_back(tokens[at++]);
    while (at < end) {
      const Token& where = tokens[at];
      Part part;
      for (at += 2; at < end && !tokens[at].is(')'); ++at) {
        if (!tokens[at].is(',')) part.selection.push_back(tokens[at]);
      }
      if (at == end || !tokens[at + 1].is('=')) {
        fail(where, "lines are selected by line(3)=... or line(0:2, 7)=...");
      }
      for (at += 2; at < end && !begins(tokens, at, "line"); ++at) {
        part.content.push_back(tokens[at]);
      }
      if (part.content.empty()) fail(where, "nothing stands after '=' for these lines");
      parts_.push_back(std::move(part));
    }
    constexpr std::string_view kLetters = "rclviRCLVI";
    if (!parts_.empty() && kLetters.find(base_.front().text.front()) == std::string_view::npos) {
      fail(parts_.front().selection.front(), "line(...)= is for the elements R, C, L, V and I");
    }
  }

  void find_ranges() {
    find_ranges(base_);
    for (const Part& part : parts_) find_ranges(part.content);
  }

  void find_ranges(const Tokens& tokens) {
    for (const Token& token : tokens) {
      if (!may_have_range(token)) continue;
      for (const std::string_view text : wordline::find_ranges(token.text)) {
        const IndexRange range = parse_range(text, scope_);
        if (ranges_.empty()) {
          first_range_ = range;
        } else if (range.count != first_range_.count) {
          throw Fault{text.data(), fmt::format("[{}] has {} indices, the range before has {}", text,
                                               range.count, first_range_.count)};
        }
        ranges_.emplace(text.data(), range);
      }
    }
  }

  void find_selected() {
    for (std::size_t p = 0; p < parts_.size(); ++p) {
      for (const Token& token : parts_[p].selection) {
        const IndexRange range = parse_range(token.text, scope_);
        for (std::int64_t k = 0; k < range.count; ++k) {
          if (!first_range_.contains(range[k])) {
            fail(token, fmt::format("the range of this line has no index {}", range[k]));
          }
          if (!selected_.emplace(range[k], p).second) {
            fail(token, fmt::format("the index {} is selected twice", range[k]));
          }
        }
      }
    }
  }

  void write_line(std::int64_t k) {
    const auto selected = selected_.find(first_range_[k]);
    if (selected == selected_.end()) {
      write_tokens(base_, base_.size(), k);
      return;
    }
    const Tokens& content = parts_[selected->second].content;
    std::size_t kept = std::min(kTwoTerminals, base_.size());
    if (is_waveform(content.front())) {
      while (kept < base_.size() && !is_waveform(base_[kept])) ++kept;
    }
    write_tokens(base_, kept, k);
    text_ += ' ';
    write_tokens(content, content.size(), k);
  }

  void write_tokens(const Tokens& tokens, std::size_t count, std::int64_t k) {
    for (std::size_t at = 0; at < count; ++at) {
      if (begins(tokens, at, "values")) {
        at = write_value(tokens, at, k);
      } else {
        write_token(tokens[at], k);
        if (&tokens[at] == name_token() && wordline::find_ranges(tokens[at].text).empty()) {
          text_ += fmt::format("[{}]", first_range_[k]);
        }
      }
    }
  }

  // The element's name, which a line that begins with Y has as its second word. Statements have
  // none.
  const Token* name_token() const {
    const char first = base_[0].text.front();
    if (first == '.') return nullptr;
    const bool is_second = base_.size() > 1 && (first == 'y' || first == 'Y');
    return &base_[is_second ? 1 : 0];
  }

  void write_token(const Token& token, std::int64_t k) {
    if (token.spaced) text_ += ' ';
    pieces_.push_back({text_.size(), token.text.data(), token.text.size()});
    if (token.kind == Token::Kind::kExpression) {
      text_ += '{' + with_index(token.text, k, true) + '}';
    } else if (token.kind == Token::Kind::kString) {
      text_ += '"' + std::string(token.text) + '"';
    } else {
      text_ += with_index(token.text, k, false);
    }
  }

  // A text with the k-th index for its ranges, in expressions also for the word `line`.
  std::string with_index(std::string_view text, std::int64_t k, bool is_expression) const {
    std::string result;
    std::size_t at = 0;
    for (const std::string_view range : wordline::find_ranges(text)) {
      const auto begin = static_cast<std::size_t>(range.data() - text.data());
      result += text.substr(at, begin - at);
      result += fmt::format("{}", ranges_.at(range.data())[k]);
      at = begin + range.size();
    }
    result += text.substr(at);
    return is_expression ? with_line(result, first_range_[k]) : result;
  }

  static std::string with_line(std::string_view text, std::int64_t index) {
    const auto is_name_part = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
    };
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
      std::size_t end = at;
      while (end < text.size() && is_name_part(text[end])) ++end;
      end = std::max(end, at + 1);
      const std::string_view word = text.substr(at, end - at);
      result += equal_ignoring_case(word, "line") ? fmt::format("{}", index) : std::string(word);
      at = end;
    }
    return result;
  }

  // Writes the k-th of `values ( ... )`; returns the place of its closing parenthesis.
  std::size_t write_value(const Tokens& tokens, std::size_t at, std::int64_t k) {
    const Token& where = tokens[at];
    Tokens list;
    for (at += 2; at < tokens.size() && !tokens[at].is(')'); ++at) {
      if (tokens[at].is('(')) fail(tokens[at], "an expression among values stands in braces");
      if (!tokens[at].is(',')) list.push_back(tokens[at]);
    }
    if (at == tokens.size()) fail(where, "the parenthesis of values is not closed");
    text_ += ' ';
    if (list.size() == 1 && list.front().kind == Token::Kind::kString) {
      pieces_.push_back({text_.size(), list.front().text.data(), 0});
      text_ += fmt::format("{}", file_values(list.front())[static_cast<std::size_t>(k)]);
    } else {
      check_count(where, list.size());
      write_token(list[static_cast<std::size_t>(k)], k);
    }
    return at;
  }

  void check_count(const Token& where, std::size_t count) const {
    if (std::cmp_equal(count, first_range_.count)) return;
    fail(where, fmt::format("{} values for {} lines", count, first_range_.count));
  }

  const std::vector<double>& file_values(const Token& name) {
    const auto known = files_.find(name.text.data());
    if (known != files_.end()) return known->second;
    Matrix matrix = scope_.matrix(name);
    if (!matrix.is_vector()) {
      fail(name, fmt::format("{} holds {} x {} numbers; one row or one column is expected",
                             name.text, matrix.rows, matrix.cols));
    }
    check_count(name, matrix.values.size());
    return files_.emplace(name.text.data(), std::move(matrix.values)).first->second;
  }

  Scope& scope_;
  Tokens base_;
  std::vector<Part> parts_;
  IndexRange first_range_;
  std::map<const char*, IndexRange> ranges_;          // by their places in the text
  std::map<std::int64_t, std::size_t> selected_;      // index: position in parts_
  std::map<const char*, std::vector<double>> files_;  // by the places of their names
  std::string text_;
  std::vector<Sources::Piece> pieces_;
};

}  // namespace

bool has_range(const Line& line) {
  return std::any_of(line.tokens().begin(), line.tokens().end(), [](const Token& token) {
    return may_have_range(token) && !find_ranges(token.text).empty();
  });
}

void read_each(const Line& line, Scope& scope, const Element& element) {
  Line one(scope.dialect());
  for (const std::string_view text : BusLine(line, scope).write()) {
    one.reset(text);
    scope.elaborator().read_element(element, one, scope);
  }
}

}  // namespace wordline
