// What other simulators have built in and Wordline has not, for messages that name it.
#pragma once

#include <string_view>

namespace wordline {

// What the models of a kind (lower case) are: "power MOSFETs" of vdmos; empty of what is no kind.
std::string_view foreign_kind(std::string_view kind);

// The model behind a level of a kind: "BSIM4" of nmos 54; empty where none is known.
std::string_view foreign_level(std::string_view kind, double level);

// The elements that begin with a letter (lower case), and what to do without them.
struct ForeignElement {
  char letter = 0;
  std::string_view what = {}, instead = {};
};
// Of letter 0 if there are none.
ForeignElement foreign_element(char letter);

}  // namespace wordline
