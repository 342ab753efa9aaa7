#include "wordline/netlist/statements/statements.hpp"

#include <algorithm>
#include <array>

namespace wordline {

void read_ac(Line& line, Scope& scope);
void read_crossbar(Line& line, Scope& scope);
void read_dc(Line& line, Scope& scope);
void read_fft(Line& line, Scope& scope);
void read_four(Line& line, Scope& scope);
void read_ic(Line& line, Scope& scope);
void read_matmul(Line& line, Scope& scope);
void read_mc(Line& line, Scope& scope);
void read_measure(Line& line, Scope& scope);
void read_nodeset(Line& line, Scope& scope);
void read_noise(Line& line, Scope& scope);
void read_op(Line& line, Scope& scope);
void read_options(Line& line, Scope& scope);
void read_osdi(Line& line, Scope& scope);
void read_output(Line& line, Scope& scope);
void read_sens(Line& line, Scope& scope);
void read_step(Line& line, Scope& scope);
void read_temperatures(Line& line, Scope& scope);
void read_tf(Line& line, Scope& scope);
void read_tran(Line& line, Scope& scope);

std::span<const Statement> statements() {
  static constexpr std::array<Statement, 27> kStatements = {{
      {".options", Phase::kSettings, false, read_options},
      {".option", Phase::kSettings, false, read_options},
      {".opt", Phase::kSettings, false, read_options},
      {".temp", Phase::kSettings, false, read_temperatures},
      {".osdi", Phase::kSettings, false, read_osdi},
      {".op", Phase::kAfter, false, read_op},
      {".dc", Phase::kAfter, false, read_dc},
      {".tran", Phase::kAfter, false, read_tran},
      {".tr", Phase::kAfter, false, read_tran},  // HSPICE's decks have it
      {".step", Phase::kAfter, false, read_step},
      {".mc", Phase::kAfter, false, read_mc},
      {".matmul", Phase::kAfter, false, read_matmul},
      {".ac", Phase::kAfter, false, read_ac},
      {".noise", Phase::kAfter, false, read_noise},
      {".tf", Phase::kAfter, false, read_tf},
      {".sens", Phase::kAfter, false, read_sens},
      {".four", Phase::kAfter, false, read_four},
      {".fft", Phase::kAfter, false, read_fft},
      {".ic", Phase::kAfter, true, read_ic},
      {".nodeset", Phase::kAfter, true, read_nodeset},
      {".print", Phase::kAfter, false, read_output},
      {".plot", Phase::kAfter, false, read_output},
      {".save", Phase::kAfter, false, read_output},
      {".probe", Phase::kAfter, false, read_output},
      {".measure", Phase::kAfter, false, read_measure},
      {".meas", Phase::kAfter, false, read_measure},
      {".crossbar", Phase::kBefore, true, read_crossbar},
  }};
  return kStatements;
}

const Statement* find_statement(std::string_view name) {
  const auto table = statements();
  const auto found = std::find_if(table.begin(), table.end(), [name](const Statement& statement) {
    return equal_ignoring_case(name, statement.name);
  });
  return found == table.end() ? nullptr : &*found;
}

}  // namespace wordline
