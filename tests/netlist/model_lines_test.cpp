// .model: derived from another (ako:), in bins, with what is not known
#include "decks.hpp"

namespace wordline {
namespace {

double parameter(const Circuit& circuit, std::int32_t model, const std::string& name) {
  const ModelCard& card = circuit.models.at(static_cast<std::size_t>(model));
  return card.values.at(static_cast<std::size_t>(card.type->find(name)));
}

TEST(Ako, TakesOverWhatIsNotGiven) {
  const Circuit circuit = read_lines(
      ".model old nmos (vto=0.5 kp={2*1e-5}\n+ gamma='0.3+0.1') ; the first\n"
      ".model new ako:old nmos (vto=0.7)\n.model newer ako: new kp=3e-5\n"
      "M1 d g 0 0 new\nM2 d g 0 0 newer\n");
  EXPECT_TRUE(circuit.warnings.empty());
  const auto model = [&](const char* name) { return element(circuit.mosfets, name).model; };
  EXPECT_EQ(parameter(circuit, model("m1"), "vto"), 0.7);
  EXPECT_EQ(parameter(circuit, model("m1"), "kp"), 2e-5);
  EXPECT_EQ(parameter(circuit, model("m2"), "vto"), 0.7);
  EXPECT_EQ(parameter(circuit, model("m2"), "kp"), 3e-5);
  EXPECT_EQ(parameter(circuit, model("m2"), "gamma"), 0.4);
}

TEST(Ako, HasFaults) {
  const std::vector<FaultyLines> cases = {
      {".model a ako:b nmos\n.model b ako:a nmos\n", 2, 8, "the model 'a' is derived from itself"},
      {".model a ako:c nmos\n", 2, 14, "there is no model 'c'"},
      {".model b d\n.model a ako:b nmos\n", 3, 16, "the model 'b' is of kind d, not nmos"},
      {".model b d is=1e-14\n.model a ako:b (iss=1)\n", 3, 17, "'iss' is no parameter of a diode"},
  };
  for (const FaultyLines& c : cases) expect_fault(c, faults_of(c.lines));
}

const std::string kBins =
    ".model n.1 nmos (lmin=0.1u lmax=1u wmin=1u wmax=10u vto=0.1)\n"
    ".model n.2 nmos (lmin=1u lmax=10u wmin=1u wmax=10u vto=0.2)\n"
    ".model n.3 nmos (lmin=1u lmax=10u wmin=10u wmax=100u vto=0.3)\n";

TEST(Bins, AreChosenBySize) {
  const auto vto = [](const std::string& size) {
    const Circuit circuit = read_lines(kBins + ".param l=5u\nM1 d g 0 0 n " + size + "\n");
    return parameter(circuit, circuit.mosfets.rows[0].model, "vto");
  };
  EXPECT_EQ(vto("L=0.5u W=2u"), 0.1);
  EXPECT_EQ(vto("L=1u W=2u"), 0.2);
  EXPECT_EQ(vto("W=20u L={l}"), 0.3);
  EXPECT_EQ(vto("W=100u L=10u"), 0.3);  // the last bin holds its end
  EXPECT_EQ(vto("W=5u L=0.1u"), 0.1);
}

TEST(Bins, AreNamedWhereNoneFits) {
  const auto faults = faults_of(kBins + "M1 d g 0 0 n L=20u W=2u\n");
  expect_fault({"", 5, 12, "no bin of model 'n' holds L = 2e-05 m, W = 2e-06 m"}, faults);
  EXPECT_NE(faults.front().hint.find("n.1: L 1e-07 to 1e-06, W 1e-06 to 1e-05"), std::string::npos);
}

TEST(Model, WarnsOfWhatIsMissing) {
  EXPECT_TRUE(has_warning(read_lines(".model m d(is=1e-14\n"), "the parenthesis is not closed"));
  EXPECT_TRUE(has_warning(read_lines(".model q npn(is=1e-15, rco=10)\n"),
                          "'rco' has no effect: quasi-saturation is not modelled"));
}

TEST(Model, WarnsOfWhatDoesNotMatter) {
  EXPECT_TRUE(has_warning(read_lines(".model d1 d is=1e-14 mfg=Acme vpk=100\nD1 a 0 d1\n"),
                          "'mfg' has no effect"));
  EXPECT_FALSE(faults_of(".model m1 memristor type=vteam mfg=1\n").empty());
}

}  // namespace
}  // namespace wordline
