#include "process.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace dialogferry::system {

namespace {

[[noreturn]] void become(const std::vector<char*>& words, const Outputs& outputs) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  constexpr int mode = O_WRONLY | O_CREAT | O_TRUNC;
  const int out = open(outputs.out.c_str(), mode, 0600);
  const int err = open(outputs.err.c_str(), mode, 0600);
  if (out >= 0 && err >= 0 && dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0)
    execv(words[0], words.data());
  _exit(127);
}

} // namespace

Process::Process(const std::string& program, const std::vector<std::string>& arguments,
                 const Outputs& outputs) {
  std::vector<char*> words = {const_cast<char*>(program.c_str())};
  for (const auto& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  id_ = fork();
  if (id_ == 0) become(words, outputs);
  if (id_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  handle_ = static_cast<int>(syscall(SYS_pidfd_open, id_, 0));
  if (handle_ < 0) throw std::system_error(errno, std::generic_category(), "pidfd_open");
}

Process::~Process() {
  if (!status_) {
    signal(SIGKILL);
    waitpid(id_, nullptr, 0);
  }
  close(handle_);
}

std::optional<int> Process::wait_for(std::chrono::milliseconds time) {
  if (status_) return status_;
  pollfd ended{handle_, POLLIN, 0};
  if (poll(&ended, 1, static_cast<int>(time.count())) != 1) return std::nullopt;
  int status = 0;
  waitpid(id_, &status, 0);
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return status_;
}

void Process::signal(int number) const {
  if (!status_) kill(id_, number);
}

std::uint64_t Process::peak_memory() const {
  std::ifstream status("/proc/" + std::to_string(id_) + "/status");
  for (std::string name; status >> name;) {
    std::uint64_t kilobytes = 0;
    if (name == "VmHWM:" && status >> kilobytes) return kilobytes;
  }
  return 0;
}

std::string contents(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace dialogferry::system
