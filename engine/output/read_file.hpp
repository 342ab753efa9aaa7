// What the readers of waveform files share.
#pragma once

#include <string>
#include <string_view>

#include "wordline/engine/waveforms.hpp"

namespace wordline {

// The whole file ("-": standard input). Throws Error naming the file and the call.
std::string read_file(const std::string& path);

// A signal with the quantity and unit that go with a rawfile's type word: "voltage", "V".
Signal signal_of_type(std::string name, std::string type);
// The same where only the name is known: "time", "v(...)", "i(...)", "@...[g]".
Signal signal_of_name(std::string name);

}  // namespace wordline
