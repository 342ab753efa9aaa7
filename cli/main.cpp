// The `wordline` command: parses the command line, runs a subcommand, turns errors into messages
// and exit codes.
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <CLI/CLI.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "wordline/base/version.hpp"
#include "wordline/cli/command.hpp"

namespace wordline::cli {

namespace {

constexpr const char* kFooter = R"(Examples:
  wordline run array.cir                        simulate; results go to array.raw
  wordline run array.cir -o out.csv             the same as CSV
  wordline plot array.raw                       list the signals of a file
  wordline plot array.raw 'v(bl[3])' 'i(v1)' -o array.svg
  wordline matmul -g g.npy -i v.npy -o i.npy    inputs times conductances
  wordline mc amplifier.cir -n 1000 --limit gain=9:11   statistics and yield
  wordline plot --map g.npy                     a matrix as a heat map
  wordline program array.cir -t g.npy -o cells.csv   a deck's cells to conductances
  wordline export array.cir -o flat.cir         a flat deck for ngspice
  wordline models vteam                         the parameters of a model
  wordline characterize vteam                   its loops and switching, as tables and plots

Exit codes: 0 ok, 1 an analysis failed, 2 bad usage or bad netlist,
3 file or system error, 130 interrupted.)";

// A message without what would steer the terminal: names in it come from files.
class PrintableMessage final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
              spdlog::memory_buf_t& out) override {
    const std::string text = printable({message.payload.data(), message.payload.size()});
    out.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<PrintableMessage>();
  }
};

// Messages go to stderr, with colours where it is a terminal.
void set_up_logging() {
  spdlog::set_default_logger(spdlog::stderr_color_mt("wordline"));
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<PrintableMessage>('*').set_pattern("wordline: %^%l%$: %*");
  spdlog::set_formatter(std::move(formatter));
}

// CLI11 only says that a word was not expected; a slip of the pen deserves the right name.
void check_command_name(const CLI::App& app, int argc, char** argv) {
  int at = 1;
  while (at < argc && argv[at][0] == '-') ++at;
  if (at == argc) return;
  const std::string name = argv[at];
  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands({})) commands.push_back(command->get_name());
  if (std::find(commands.begin(), commands.end(), name) != commands.end()) return;
  const std::string near = nearest(name, commands);
  throw UsageError(fmt::format("no command '{}'; {}", name,
                               near.empty() ? fmt::format("there are {}", fmt::join(commands, ", "))
                                            : fmt::format("did you mean '{}'?", near)));
}

int report_parse_error(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
  const auto chosen = app.get_subcommands();
  spdlog::error("{}", error.what());
  fmt::print(stderr, "See 'wordline {}--help'.\n",
             chosen.empty() ? "" : chosen.front()->get_name() + " ");
  return kBadInput;
}

int run_command(int argc, char** argv) {
  int exit_code = kOk;
  CLI::App app("Wordline simulates circuits, above all memristive crossbars.", "wordline");
  app.set_version_flag("--version", fmt::format("wordline {}", version()));
  app.add_flag_callback(
      "-v,--verbose", [] { spdlog::set_level(spdlog::level::debug); }, "Say what is being done");
  app.footer(kFooter);
  app.require_subcommand(1);
  app.fallthrough();
  add_run_command(app, exit_code);
  add_check_command(app, exit_code);
  add_matmul_command(app, exit_code);
  add_mc_command(app, exit_code);
  add_program_command(app, exit_code);
  add_convert_command(app, exit_code);
  add_plot_command(app, exit_code);
  add_export_command(app, exit_code);
  add_characterize_command(app, exit_code);
  add_models_command(app, exit_code);
  add_info_command(app, exit_code);
  try {
    check_command_name(app, argc, argv);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_code = report_parse_error(app, error);
  }
  return exit_code;
}

int guarded(int argc, char** argv) {
  try {
    const int exit_code = run_command(argc, argv);
    // A full disk behind standard output shows at the last flush.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      throw Error(fmt::format("standard output: write: {}", std::strerror(errno)));
    }
    return exit_code;
  } catch (const NetlistError& error) {
    fmt::print(stderr, "{}\n", error.what());
    return kBadInput;
  } catch (const UsageError& error) {
    spdlog::error("{}", error.what());
    return kBadInput;
  } catch (const std::bad_alloc&) {
    spdlog::error("out of memory");
  } catch (const std::exception& error) {
    spdlog::error("{}", error.what());
  }
  return kSystemError;
}

}  // namespace

}  // namespace wordline::cli

int main(int argc, char** argv) {
  wordline::cli::set_up_logging();
  return wordline::cli::guarded(argc, argv);
}
