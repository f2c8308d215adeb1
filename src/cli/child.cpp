#include "child.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace dialogferry::cli {

namespace {

/// What becomes of the forked process: the program, or an end with status 127.
[[noreturn]] void become(const std::string& program, std::vector<char*>& words, int output) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  dup2(output, STDOUT_FILENO);
  execv(program.c_str(), words.data());
  _exit(127);
}

} // namespace

Result<Child> Child::start(const std::string& program, const std::vector<std::string>& arguments) {
  if (access(program.c_str(), X_OK) != 0)
    return fail(program, "cannot be run", "build it with scripts/build; it lies beside dialogferry");
  std::vector<std::string> texts = arguments;
  texts.insert(texts.begin(), program);
  std::vector<char*> words;
  words.reserve(texts.size() + 1);
  for (auto& text : texts)
    words.push_back(text.data());
  words.push_back(nullptr);

  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return fail(program, fmt::format("cannot be run: {}", std::strerror(errno)));
  const pid_t id = fork();
  if (id == 0) become(program, words, ends[1]);
  close(ends[1]);
  if (id > 0) return Child(id, ends[0]);
  close(ends[0]);
  return fail(program, fmt::format("cannot be run: {}", std::strerror(errno)));
}

Child::Child(Child&& other) noexcept
    : id_(std::exchange(other.id_, -1))
    , output_(std::exchange(other.output_, -1)) {}

Child::~Child() {
  end(SIGTERM); // what it says in the end must have a place to go
  if (output_ >= 0) close(output_);
}

void Child::kill_at_once() {
  end(SIGKILL);
}

void Child::end(int signal) {
  if (id_ <= 0) return;
  kill(id_, signal);
  while (waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
  }
  id_ = -1;
}

Result<std::string> Child::first_line(std::chrono::milliseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  std::string line;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd wanted{output_, POLLIN, 0};
    if (left.count() <= 0 || poll(&wanted, 1, static_cast<int>(left.count())) == 0)
      return fail("", fmt::format("the program said nothing within {} s", time.count() / 1000));
    char c = 0;
    if (read(output_, &c, 1) != 1) return fail("", "the program ended at once", "its own message is above");
    if (c == '\n') return line;
    line.push_back(c);
  }
}

} // namespace dialogferry::cli
