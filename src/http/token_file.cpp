#include "token_cache.hpp"

#include <dialogferry/http/auth.hpp>

#include <fstream>
#include <mutex>
#include <sys/stat.h>
#include <utility>

namespace dialogferry::http {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t longest_token = 64 << 10;

Result<std::string> read_token(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!file || !std::getline(file, line)) return fail("auth.token_file", "cannot be read: " + path);
  const auto end = line.find_last_not_of(" \t\r");
  line.resize(end == std::string::npos ? 0 : end + 1);
  if (line.rfind("Bearer ", 0) == 0) line.erase(0, 7);
  if (line.size() > longest_token || !is_token(line)) {
    return fail("auth.token_file", "does not begin with a line that is a token: " + path);
  }
  return line;
}

class FileToken final : public TokenSource {
public:
  FileToken(std::string path, SteadyNow now)
      : path_(std::move(path))
      , now_(std::move(now)) {}

  Token at_hand() override {
    const std::lock_guard lock(mutex_);
    refresh();
    return token_;
  }

  void token(Receiver receiver) override {
    Result<Token> result;
    {
      const std::lock_guard lock(mutex_);
      refresh();
      result = token_ ? Result<Token>(token_) : tl::unexpected(problem_);
    }
    receiver(std::move(result));
  }

  void invalidate(const Token& used) override {
    const std::lock_guard lock(mutex_);
    if (used == token_) token_.reset();
  }

private:
  /// Which content the file has, as far as its entry tells.
  struct Mark {
    timespec changed{};
    off_t size = 0;
    ino_t inode = 0;
    bool operator==(const Mark& other) const {
      return changed.tv_sec == other.changed.tv_sec && changed.tv_nsec == other.changed.tv_nsec &&
             size == other.size && inode == other.inode;
    }
  };

  void refresh() {
    const auto now = now_();
    if (token_ && now < look_at_) return;
    look_at_ = now + 1s;
    struct stat entry {};
    const bool there = ::stat(path_.c_str(), &entry) == 0;
    const Mark mark{entry.st_mtim, entry.st_size, entry.st_ino};
    if (token_ && (!there || mark == mark_)) return; // a file being replaced: the old token meanwhile
    auto text = read_token(path_);
    if (text) {
      token_ = std::make_shared<const std::string>(std::move(*text));
      mark_ = mark;
    } else {
      problem_ = std::move(text.error());
    }
  }

  const std::string path_;
  const SteadyNow now_;
  std::mutex mutex_;
  Token token_;
  Problem problem_;
  Mark mark_;
  std::chrono::steady_clock::time_point look_at_{};
};

} // namespace

Result<std::shared_ptr<TokenSource>> token_file(std::string path, SteadyNow steady) {
  auto source = std::make_shared<FileToken>(std::move(path), std::move(steady));
  Result<Token> first;
  source->token([&](Result<Token> token) { first = std::move(token); });
  if (!first) return tl::unexpected(first.error());
  return source;
}

} // namespace dialogferry::http
