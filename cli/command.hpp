// What the subcommands of `wordline` share. A subcommand is one file: it adds itself to the
// application, and its callback leaves the exit code.
#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "wordline/base/error.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline::cli {

enum ExitCode {
  kOk = 0,
  kAnalysisFailed = 1,
  kBadInput = 2,     // usage or netlist
  kSystemError = 3,  // a file, another program, memory
  kInterrupted = 130,
};

// A command line that parses but asks for what does not exist.
class UsageError : public Error {
 public:
  using Error::Error;
};

void add_run_command(CLI::App& app, int& exit_code);
void add_check_command(CLI::App& app, int& exit_code);
void add_matmul_command(CLI::App& app, int& exit_code);
void add_mc_command(CLI::App& app, int& exit_code);
void add_program_command(CLI::App& app, int& exit_code);
void add_convert_command(CLI::App& app, int& exit_code);
void add_plot_command(CLI::App& app, int& exit_code);
void add_export_command(CLI::App& app, int& exit_code);
void add_characterize_command(CLI::App& app, int& exit_code);
void add_models_command(CLI::App& app, int& exit_code);
void add_info_command(CLI::App& app, int& exit_code);

// How a deck is read.
struct DeckReading {
  std::string dialect;  // one of --dialect, or empty
  std::vector<std::filesystem::path> folders;
};

// The circuit of a netlist file ("-": standard input); its warnings go to stderr. `keep_source`:
// for samples that no .mc asks for.
Circuit read_deck(const std::string& path, const DeckReading& reading = {},
                  bool keep_source = false);

// --dialect and -I, of the commands that read decks.
void add_reading_options(CLI::App& command, DeckReading& reading);

}  // namespace wordline::cli
