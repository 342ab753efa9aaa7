#include "wordline/cli/gnuplot.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "wordline/base/error.hpp"
#include "wordline/base/output_file.hpp"
#include "wordline/engine/output/read_file.hpp"

extern char** environ;

namespace wordline::cli {

namespace {

namespace fs = std::filesystem;

Error system_error(const std::string& what, const char* call, int error) {
  return Error(fmt::format("{}: {}: {}", what, call, std::strerror(error)));
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "wordline-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw system_error(name, "mkdtemp", errno);
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string file(const char* name) const { return (path_ / name).string(); }
  const std::string& path() const { return path_.native(); }

 private:
  fs::path path_;
};

void write_file(const std::string& path, std::string_view bytes) {
  OutputFile file(path);
  file.append(bytes);
  file.close();
}

// Runs gnuplot inside `folder` on its file "script"; the picture goes to its file "image", messages
// to "messages". No shell is involved, and names in the script need no path.
void run_gnuplot(const TemporaryFolder& folder) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr int kCreate = O_WRONLY | O_CREAT | O_TRUNC;
  constexpr mode_t kMode = 0600;
  posix_spawn_file_actions_addchdir_np(&actions, folder.path().c_str());
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "image", kCreate, kMode);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "messages", kCreate, kMode);
  std::string program = "gnuplot";
  std::string defaults = "--default-settings";
  std::string script = "script";
  std::array<char*, 4> arguments = {program.data(), defaults.data(), script.data(), nullptr};
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT) {
    throw Error("gnuplot, which draws the figures, is not installed (Debian: gnuplot-nox)");
  }
  if (error != 0) throw system_error(program, "posix_spawn", error);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw system_error(program, "waitpid", errno);
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw Error(fmt::format("gnuplot failed: {}", read_file(folder.file("messages"))));
  }
}

void draw(const std::string& script, const std::vector<double>& data, const std::string& path) {
  const TemporaryFolder folder;
  write_file(folder.file("script"), script);
  write_file(folder.file("data"),
             {reinterpret_cast<const char*>(data.data()), data.size() * sizeof(double)});
  spdlog::debug("gnuplot in {}", folder.path());
  run_gnuplot(folder);
  const std::string image = read_file(folder.file("image"));
  if (image.empty()) {
    throw Error(fmt::format("gnuplot drew nothing: {}", read_file(folder.file("messages"))));
  }
  write_file(path, image);
}

}  // namespace

void draw(const Figure& figure, ImageFormat format, const std::string& path) {
  draw(gnuplot_script(figure, format), figure.data, path);
}

void draw(const HeatMap& map, ImageFormat format, const std::string& path) {
  draw(gnuplot_script(map, format), map.values, path);
}

}  // namespace wordline::cli
