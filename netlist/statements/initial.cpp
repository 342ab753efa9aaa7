// .ic and .nodeset: v(node)=value ...
#include <fmt/format.h>

#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

namespace {

void read_voltages(Line& line, const Scope& scope, std::map<NodeId, double>& voltages) {
  do {
    const Token& keyword = line.expect_word("v(node)=value");
    if (!equal_ignoring_case(keyword.text, "v")) {
      fail(keyword, fmt::format("v(node)=value is expected here, not '{}'", keyword.text));
    }
    line.expect('(');
    const Token name = line.expect_word("a node");
    if (line.peek().is(',')) fail(line.peek(), "the voltage of one node is given here, to ground");
    line.expect(')');
    line.expect('=');
    const Token value = line.expect_value("the voltage of the node");
    const NodeId node = scope.existing_node(name);
    if (node == 0) fail(name, "the voltage of ground is 0");
    voltages[node] = scope.value(value);
    line.accept(',');
  } while (!line.done());
}

}  // namespace

void read_ic(Line& line, Scope& scope) {
  read_voltages(line, scope, scope.circuit().initial_conditions);
}

void read_nodeset(Line& line, Scope& scope) {
  read_voltages(line, scope, scope.circuit().node_sets);
}

}  // namespace wordline
