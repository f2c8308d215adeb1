#include "process.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace bench {

namespace {

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

/// Runs in the new process: takes no memory, as other threads may have held its lock.
[[noreturn]] void become(char* const* arguments, int output, const std::string& errors) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(output, STDOUT_FILENO);
  if (!errors.empty()) {
    const int file = open(errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file >= 0) dup2(file, STDERR_FILENO);
  }
  execvp(*arguments, arguments);
  _exit(127);
}

} // namespace

Process::Process(const std::vector<std::string>& command, const std::string& errors)
    : name_(command.front())
    , started_(std::chrono::steady_clock::now()) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const auto& argument : command)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  id_ = fork();
  if (id_ < 0) throw std::runtime_error("no process for " + name_);
  if (id_ == 0) become(arguments.data(), ends[1], errors);
  close(ends[1]);
  output_ = ends[0];
}

Process::~Process() {
  if (!ended_) {
    kill(id_, SIGKILL);
    reap(0);
  }
  close(output_);
}

std::optional<std::string> Process::line() {
  std::array<char, 4096> buffer{};
  auto end = read_.find('\n');
  while (end == std::string::npos) {
    const auto size = read(output_, buffer.data(), buffer.size());
    if (size <= 0 && read_.empty()) return std::nullopt;
    if (size <= 0) break;
    read_.append(buffer.data(), static_cast<std::size_t>(size));
    end = read_.find('\n');
  }
  auto line = read_.substr(0, end);
  read_.erase(0, end == std::string::npos ? end : end + 1);
  return line;
}

double Process::cpu_seconds() const {
  std::ifstream file("/proc/" + std::to_string(id_) + "/stat");
  std::string text;
  std::getline(file, text, ')'); // the name may hold blanks
  for (int field = 3; field < 14; ++field)
    file >> text;
  double user = 0;
  double system = 0;
  file >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

void Process::signal(int number) const {
  if (!ended_) kill(id_, number);
}

bool Process::ended() {
  return reap(WNOHANG);
}

Usage Process::wait() {
  reap(0);
  return usage_;
}

Usage Process::stop(int number, std::chrono::milliseconds patience) {
  signal(number);
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!ended() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  signal(SIGKILL);
  return wait();
}

bool Process::reap(int options) {
  if (ended_) return true;
  int status = 0;
  rusage used{};
  if (wait4(id_, &status, options, &used) != id_) return false;
  ended_ = true;
  usage_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  usage_.cpu_seconds = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
  usage_.rss_mb = static_cast<double>(used.ru_maxrss) * 1024 / 1e6;
  usage_.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return true;
}

double machine_cpu_seconds() {
  std::ifstream file("/proc/stat");
  std::string name;
  double user = 0;
  double nice = 0;
  double system = 0;
  double ignored = 0;
  double interrupts = 0;
  double soft_interrupts = 0;
  file >> name >> user >> nice >> system >> ignored >> ignored >> interrupts >> soft_interrupts;
  return (user + nice + system + interrupts + soft_interrupts) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

} // namespace bench
