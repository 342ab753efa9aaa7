// .osdi, `.model` of modules and N lines: what they become, and what is wrong with faulty ones.
#include <gtest/gtest.h>

#include <sstream>

#include "command_fixture.hpp"
#include "decks.hpp"
#include "models.hpp"
#include "wordline/netlist/export_ngspice.hpp"

namespace wordline {
namespace {

using testing::load_line;

// The lines below one that loads the junction.
Circuit read_junction(const std::string& lines) {
  return read_lines(load_line("junction_4") + lines);
}

template <class T>
T setting(const CompiledModel& model, const std::vector<osdi::Setting>& settings,
          const std::string& name) {
  for (const osdi::Setting& s : settings) {
    if (s.parameter == model.module->find(name)->id) return std::get<T>(s.value);
  }
  throw Error("not given: " + name);
}

TEST(OsdiNetlist, ReadsModelsAndInstances) {
  const Circuit circuit = read_junction(
      ".param width=3\n"
      ".model JJ Junction_VA (is={width*1e-15} sign=-1 LAW=\"linear\" area=2)\n"
      "N1 a 0 jj A={width} temp=50 dtemp=-5\n");
  ASSERT_EQ(circuit.compiled_models.size(), 1u);
  const CompiledModel& model = circuit.compiled_models[0];
  EXPECT_EQ(model.name, "jj");
  EXPECT_EQ(model.module->name(), "junction_va");
  EXPECT_DOUBLE_EQ(setting<double>(model, model.settings, "is"), 3e-15);
  EXPECT_EQ(setting<std::int32_t>(model, model.settings, "sign"), -1);
  EXPECT_EQ(setting<std::string>(model, model.settings, "law"), "linear");
  EXPECT_EQ(setting<double>(model, model.settings, "area"), 2);
  const CompiledDevice& device = element(circuit.compiled_devices, "n1");
  EXPECT_EQ(device.nodes, (std::vector<NodeId>{*circuit.nodes.find("a"), 0}));
  EXPECT_EQ(setting<double>(model, device.settings, "area"), 3);
  EXPECT_EQ(device.temperature, 50);
  EXPECT_EQ(device.warmer_by, -5);
}

TEST(OsdiNetlist, InstancesOfSubcircuitsShareTheirModelAndMultiply) {
  const Circuit circuit = read_junction(
      ".subckt s a\n.model jj junction_va\nN1 a 0 jj m=2\n.ends\nX1 a s m=3\nX2 b s\n");
  EXPECT_EQ(circuit.compiled_models.size(), 1u);
  const CompiledModel& model = circuit.compiled_models[0];
  EXPECT_EQ(setting<double>(model, element(circuit.compiled_devices, "x1.n1").settings, "m"), 6);
  EXPECT_EQ(setting<double>(model, element(circuit.compiled_devices, "x2.n1").settings, "m"), 2);
}

TEST(OsdiNetlist, FindsLibrariesBesideTheFileThatNamesThem) {
  const testing::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "models");
  std::filesystem::copy_file(testing::model_library("drift_4"), folder / "models/drift.osdi");
  testing::write_text(folder / "models/all.inc", ".osdi drift.osdi\n");
  testing::write_text(folder / "deck.cir",
                      "title\n.include models/all.inc\n.model m drift_va\nN1 a 0 m\n");
  EXPECT_EQ(load(folder / "deck.cir").compiled_devices.size(), 1u);
}

TEST(OsdiNetlist, LoadsALibraryTwiceAndSeveralSideBySide) {
  const Circuit circuit =
      read_junction(load_line("junction_4") + load_line("drift_3") + ".model m drift_va\n");
  EXPECT_EQ(circuit.modules.size(), 2u);
}

TEST(OsdiNetlist, WarningsOfModelsAreWarnings) {
  EXPECT_TRUE(has_warning(read_junction(".model jj junction_va tt=-1n\n"), "a transit time of"));
  EXPECT_TRUE(has_warning(read_junction(".model jj junction_va is=1f js=2f\n"), "given twice"));
  EXPECT_TRUE(has_warning(read_lines(load_line("faulty_limit")), "mylim"));
}

// Below a title and the line that loads the junction: the first line is line 3.
const std::vector<FaultyLines> kCases = {
    {".model jj junction_va iss=1f", 3, 23, "'iss' is no parameter of module 'junction_va'",
     "did you mean 'is'?"},
    {".model jj junction_vb", 3, 11, "models of kind 'junction_vb' are not supported",
     "did you mean 'junction_va'?"},
    {".model jj junction_va nf=-1", 3, 26, "'nf' of module 'junction_va' is out of its bounds"},
    {".model jj junction_va sign=1.5", 3, 28, "sign = 1.5 must be an integer"},
    {".model jj junction_va law=\"cubic\"", 3, 8, "gives up: there is no such law"},
    {".model jj junction_va is=abc", 3, 26, "there is no parameter 'abc'"},
    {".model jj junction_va is=1f\nN1 a 0 jj rs=1", 4, 11, "'rs' is a parameter of models of"},
    {".model jj junction_va\nN1 a 0 jj areaa=1", 4, 11, "is no parameter of an instance of",
     "did you mean 'area'?"},
    {".model jj junction_va\nN1 a 0 jj area=0", 4, 16, "'area' of module 'junction_va' is out of"},
    {".model jj junction_va\nN1 a 0 b jj", 4, 8, "module 'junction_va' has 2 terminals, not 3"},
    {".model jj junction_va\nN1 jj", 4, 6, "nodes and a model are expected here"},
    {".model jj junction_va\nN1 a 0 jk", 4, 8, "there is no model 'jk'", "did you mean 'jj'?"},
    {".model jj junction_va\nN1 a 0 jj temp=-300", 4, 1, "K is below absolute zero"},
    {".model jj junction_va\nN1 a 0 jj m=0", 4, 13, "m = 0 is no number of parallel devices"},
    {".model jj junction_va\nD1 a 0 jj", 4, 8, "is of the compiled module 'junction_va'",
     "its instances begin with N"},
    {".model dd d\nN1 a 0 dd", 4, 8, "the model 'dd' is of no compiled module"},
    {".model jj junction_va\nN1 a 0 jj\nN1 b 0 jj", 5, 1, "already an element of this name"},
    {".osdi none.osdi", 3, 7, "there is no file 'none.osdi'"},
    {".osdi", 3, 6, "the line ends where a file name is expected"},
};

TEST(OsdiNetlist, FaultsAreReportedWithTheirPlace) {
  for (const FaultyLines& c : kCases) {
    const std::vector<Diagnostic> faults = faults_of(load_line("junction_4") + c.lines);
    EXPECT_EQ(faults.size(), 1u) << c.lines;
    expect_fault(c, faults);
  }
}

TEST(OsdiNetlist, AllFaultsOfASetupAreReported) {
  const auto faults = faults_of(load_line("junction_4") + ".model jj junction_va nf=0 rs=-1\n");
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_EQ(faults[0].where.column, 26);
  EXPECT_EQ(faults[1].where.column, 31);
}

TEST(OsdiNetlist, NHasNoUseWithoutALibrary) {
  const auto faults = faults_of(".model dd d\nN1 a 0 dd\n");
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].hint, "load its library with .osdi");
}

TEST(OsdiNetlist, TwoLibrariesWithOneNameAreAFault) {
  const auto faults = faults_of(load_line("junction_4") + load_line("junction_3"));
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].where.line, 3);
  EXPECT_NE(faults[0].message.find("already a module 'junction_va' of another library"),
            std::string::npos);
}

TEST(OsdiNetlist, ModulesWithoutMultiplicityRefuseIt) {
  const auto faults = faults_of(load_line("drift_4") + ".model m drift_va\nN1 a 0 m m=2\n");
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_NE(faults[0].message.find("($mfactor)"), std::string::npos);
}

TEST(OsdiNetlist, ExportNamesWhatADeckCannotHold) {
  std::ostringstream out;
  try {
    export_ngspice(read_junction(".model jj junction_va\nN1 a 0 jj\n"), out);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("'n1' is a compiled model"), std::string::npos);
  }
}

// What users see, and the exit code of every other fault of a netlist.
class OsdiCommand : public testing::WordlineCommand {};

TEST_F(OsdiCommand, FaultyLibrariesAreFaultsOfTheNetlist) {
  write("text.osdi", "no library\n");
  write("deck.cir", "title\nr1 a 0 1\n.osdi text.osdi\n.op\n.end\n");
  const auto text = wordline("run deck.cir");
  EXPECT_EQ(text.exit_code, 2);
  EXPECT_TRUE(testing::contains(text.err, "deck.cir:3:7: error: ")) << text.err;
  for (const char* name : {"faulty_version", "faulty_symbol", "faulty_empty", "faulty_type"}) {
    write("deck.cir", "title\nr1 a 0 1\n" + load_line(name) + ".op\n.end\n");
    const auto run = wordline("run deck.cir");
    EXPECT_EQ(run.exit_code, 2) << name;
    EXPECT_TRUE(testing::contains(run.err, "deck.cir:3:8: error: ")) << run.err;
    EXPECT_TRUE(testing::contains(run.err, name)) << run.err;
  }
}

}  // namespace
}  // namespace wordline
