// No input crashes, hangs or reads well by accident.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <unistd.h>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>

#include "decks.hpp"

namespace wordline {
namespace {

// Reads the text; any outcome but a NetlistError or a circuit is a failure of the test.
bool reads(const std::string& text) {
  try {
    parse(text, "hostile.cir");
    return true;
  } catch (const NetlistError& error) {
    EXPECT_FALSE(error.diagnostics().empty());
    return false;
  }
}

// Decks that make ngspice 39 crash or abort.
TEST(HostileDeck, CrashesNobodyAsItDoesNgspice) {
  EXPECT_TRUE(reads("x\n.op\n.end"));
  EXPECT_FALSE(reads("x\n.func f(x) {f(x)}\n.param a={f(1)}\n.end"));
  EXPECT_FALSE(reads("x\n.model foo\n.end"));
  EXPECT_FALSE(reads("x\nR1 1 0 i(\n.end"));
  EXPECT_FALSE(reads("x\np1 1 2 0 3 4 0 m\n.model m cpl\n.end"));
  const auto path = std::filesystem::temp_directory_path() /
                    ("wordline_self_" + std::to_string(::getpid()) + ".cir");
  std::ofstream(path) << "x\n.include " << path.filename().string() << "\n";
  EXPECT_THROW(load(path), NetlistError);
  std::filesystem::remove(path);
}

TEST(HostileDeck, MayBeCutAnywhere) {
  const std::string deck =
      "title\n.param a={1+2*(3)}\n.subckt s p q r=1k\nR1 p q {r*a}\n.ends\nX1 n 0 s r='a'\n"
      "V1 n 0 DC 1 PULSE(0 1 1n 1n 1n 5n 10n)\nB1 b 0 V=v(n,0)^2+i(V1)\n"
      ".model m memristor (type=vteam, roff=1k)\nYMEMRISTOR y1 n 0 m x0=1n\n"
      ".ic v(n)=1\n.dc V1 0 1 0.1\n.print tran v(n) @y1[x]\n.end\n";
  EXPECT_TRUE(reads(deck));
  for (std::size_t k = 0; k <= deck.size(); ++k) reads(deck.substr(0, k));
}

TEST(HostileDeck, MayBeNestedDeeply) {
  const std::string open(100'000, '(');
  const std::string close(100'000, ')');
  EXPECT_FALSE(reads("t\nR1 a 0 {" + open + "1" + close + "}\n"));
  EXPECT_FALSE(
      reads("t\nR1 a 0 {" + std::string(100'000, '{') + "1" + std::string(100'000, '}') + "}\n"));
  EXPECT_FALSE(reads("t\nR1 a 0 {" + std::string(100'000, '-') + "1}\n"));
  std::string powers;
  for (int k = 0; k < 100'000; ++k) powers += "2**-";
  EXPECT_FALSE(reads("t\nR1 a 0 {" + powers + "1}\n"));
  std::string choices;
  for (int k = 0; k < 100'000; ++k) choices += "1?2:";
  EXPECT_FALSE(reads("t\nR1 a 0 {" + choices + "1}\n"));
  std::string subcircuits = "t\n";
  for (int k = 0; k < 10'000; ++k) subcircuits += ".subckt s" + std::to_string(k) + " a\n";
  EXPECT_FALSE(reads(subcircuits));
}

TEST(HostileDeck, MayHaveParametersThatDependOnEachOtherDeeply) {
  std::string lines = "t\n";
  for (int k = 0; k < 20'000; ++k) {
    lines += ".param p" + std::to_string(k) + "={p" + std::to_string(k + 1) + "}\n";
  }
  EXPECT_FALSE(reads(lines + ".param p20000=1\nR1 a 0 p0\n"));
}

// 2^60 resistors.
TEST(HostileDeck, MayExpandWithoutEnd) {
  std::string lines = "t\n.subckt s0 a\nR1 a 0 1\n.ends\n";
  for (int k = 1; k <= 60; ++k) {
    lines += fmt::format(".subckt s{0} a\nX1 a s{1}\nX2 a s{1}\n.ends\n", k, k - 1);
  }
  EXPECT_FALSE(reads(lines + "X1 a s60\n"));
}

TEST(HostileDeck, MayHaveChainsOfSubcircuitsThatAreTooDeep) {
  std::string lines = "t\n.subckt s0 a\nR1 a 0 1\n.ends\n";
  for (int k = 1; k <= 1000; ++k) {
    lines += ".subckt s" + std::to_string(k) + " a\nX1 a s" + std::to_string(k - 1) + "\n.ends\n";
  }
  EXPECT_FALSE(reads(lines + "X1 a s1000\n"));
}

TEST(HostileDeck, MayBeOneLongLine) {
  EXPECT_FALSE(reads("t\nR1 a 0 " + std::string(1'000'000, 'x') + "\n"));
  EXPECT_FALSE(reads("t\n" + std::string(1'000'000, 'r')));
  std::string continued = "t\nR1 a 0 {1";
  for (int k = 0; k < 100'000; ++k) continued += "\n+ +1";
  EXPECT_TRUE(reads(continued + "}\n"));
  EXPECT_TRUE(reads("t\nV1 a 0 1\n" + std::string(1'000'000, '\n')));
}

// A small deterministic generator (Knuth's MMIX constants), so that a failure can be repeated.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t bound) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>(state_ >> 33) % bound;
  }

 private:
  std::uint64_t state_;
};

TEST(HostileDeck, MayBeJunk) {
  Random random(1);
  for (int run = 0; run < 300; ++run) {
    std::string text(random.below(400), '\0');
    for (char& c : text) c = static_cast<char>(random.below(256));
    reads("t\n" + text);
  }
}

const std::vector<std::string> kSeeds = {
    R"deck(sources and analyses
V1 in 0 PULSE(0 1 1n 1n 1n 5n 10n)
R1 in out {1k*2}
C1 out 0 1p ic=0.5
.tran 0.1n 20n uic
.print tran v(in) v(out,in) i(V1)
.ic v(out)=1
.end
)deck",
    R"deck(parameters and sub-circuits
.param a=1 b={a*2} c='max(a,b)'
.subckt s x y params: r={b} q=2
R1 x m {r}
X1 m y t
.ends s
.subckt t p q
R1 p q 'c'
.ends
X1 1 0 s r=5 m=2
X2 1 2 s
V1 1 0 2
.dc V1 0 1 0.1 temp 0 50 25
)deck",
    R"deck(devices
.model m memristor (level=6 ron=100 roff=10k window=team)
.model d1 d(is=1e-14 n=1.2)
.model n1 nmos (vto=0.7 kp=100u)
YMEMRISTOR y1 a b m x0=1n
D1 b 0 d1 2
M1 a g 0 0 n1 W=1u L=1u
Vg g 0 1
Va a 0 SIN(0 1 1k)
.options reltol=1e-4 method=gear
)deck",
    R"deck(controlled sources
B1 a 0 V=if(v(b)>0.5, sqrt(v(b)), table(time,0,0,1n,1))
E1 b 0 a 0 2
G1 c 0 value={v(a)}
H1 d 0 V1 3
F1 d 0 V1 2
V1 c 0 PWL(0 0 1n 1,2n 0) r=0 td=1n
L1 d 0 1u
L2 c 0 1u
K1 L1 L2 0.9
I1 0 d EXP(0 1 1n 1n 2n 1n)
.global vdd
+ vss
.nodeset v(d)=1 $ x
)deck",
    R"deck(functions, conditions and steps
.param k=2 f(x)={x*k}
.func g(x,y) {f(x)+y*agauss(1,0.1,3)}
.if (k==2)
R1 a 0 {g(1,2)}
.model n.1 nmos lmin=1u lmax=2u wmin=1u wmax=9u
.elseif f(k)>3
.include nowhere
.else
.param k=3
.endif
.model o nmos (vto=1)
.model p ako:o (kp=1e-5)
M1 a a 0 0 n L=1.5u W=2u
M2 a a 0 0 p
.data t k p(vto)
2 2
+ 2 {2*k}
.enddata
.step data=t
.step r1 list 1 2 param z 1 2 1
.options dialect=ngspice
.op
)deck",
    R"deck(an array
.model m memristor (type=vteam)
.crossbar xb rows=2 cols=2 cell=1r memristor=m
Vw xb.wl[0:1] 0 1
Rb xb.bl[0:1] 0 1k
.op
)deck",
};

const std::string kAlphabet = "(){}'\",=+-*/^.:;$\\[]@#!?<>& \t\n0123456789eEkmunpfgvirx_";

// One change of a kind that people and broken disks make.
void mutate(std::string& text, Random& random) {
  if (text.empty()) return;
  const std::size_t at = random.below(text.size());
  switch (random.below(6)) {
    case 0:
      text.erase(at, 1 + random.below(8));
      break;
    case 1:
      text.insert(at, 1, kAlphabet[random.below(kAlphabet.size())]);
      break;
    case 2:
      text[at] = kAlphabet[random.below(kAlphabet.size())];
      break;
    case 3:
      text.insert(at, text.substr(random.below(text.size()), random.below(40)));
      break;
    case 4:
      text[at] = static_cast<char>(random.below(256));
      break;
    default:
      std::swap(text[at], text[random.below(text.size())]);
      break;
  }
}

TEST(HostileDeck, MayBeMutated) {
  Random random(2);
  const auto begin = std::chrono::steady_clock::now();
  constexpr int kRuns = 4000;
  for (int run = 0; run < kRuns; ++run) {
    std::string text = kSeeds[random.below(kSeeds.size())];
    for (std::size_t n = 1 + random.below(6); n > 0; --n) mutate(text, random);
    try {
      reads(text);
    } catch (const std::exception& error) {
      FAIL() << error.what() << "\n" << text;
    }
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(taken.count() / kRuns, 0.05) << "seconds a deck";
}

TEST(HostileDeck, SeedsReadWell) {
  for (const std::string& seed : kSeeds) EXPECT_TRUE(reads(seed)) << seed;
}

}  // namespace
}  // namespace wordline
