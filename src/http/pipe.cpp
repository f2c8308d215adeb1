#include "md5.hpp"

#include <dialogferry/http/pipe.hpp>

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

namespace dialogferry::http {

namespace {

constexpr std::size_t block_size = 64 << 10;
constexpr std::size_t most_buffered = 2 * block_size; ///< past it the source waits
constexpr std::size_t room_again = block_size;        ///< down to which it then waits

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return text;
}

} // namespace

/// One attempt: sink of the download and reader of the upload, each on a thread of its own.
class Pipe::Passage final : public BodySink, public BodyReader {
public:
  explicit Passage(ExpectedBytes expected)
      : expected_(std::move(expected)) {
    if (!expected_.md5.empty()) digest_.emplace();
  }

  // -- from the source -----------------------------------------------------------

  void begin(std::optional<std::uint64_t> length, Back back) override {
    std::unique_lock lock(mutex_);
    back_ = std::move(back);
    if (fault_ != Fault::none) return stop_source(lock);
    if (length && *length != expected_.size) fall(lock, Fault::size, "has " + bytes(*length) + instead());
  }

  bool write(std::string_view bytes) override {
    if (digest_) digest_->add(bytes); // the source's thread alone uses it
    std::unique_lock lock(mutex_);
    if (fault_ != Fault::none) return true;
    received_ += bytes.size();
    if (received_ > expected_.size) {
      fall(lock, Fault::size, "is longer than " + Passage::bytes(expected_.size));
      return true;
    }
    store(bytes);
    offer(lock);
    if (!lock) lock.lock(); // something was given
    is_full_ = fault_ == Fault::none && received_ - given_ >= most_buffered;
    return !is_full_;
  }

  void end() override {
    const auto md5 = digest_ ? digest_->hex() : std::string{};
    std::unique_lock lock(mutex_);
    if (fault_ != Fault::none) return;
    if (received_ < expected_.size) return fall(lock, Fault::size, "has " + bytes(received_) + instead());
    if (digest_ && md5 != lower_case(expected_.md5))
      return fall(lock, Fault::digest, "has the MD5 " + md5 + " instead of " + expected_.md5);
    is_right_ = true;
    offer(lock);
  }

  void fail(std::string_view why) override {
    std::unique_lock lock(mutex_);
    if (fault_ == Fault::none) fall(lock, Fault::source, "could not be had: " + std::string(why));
  }

  // -- from the target -------------------------------------------------------------

  void read(Take take) override {
    std::unique_lock lock(mutex_);
    take_ = std::move(take);
    offer(lock);
  }

  void ended() {
    std::unique_lock lock(mutex_);
    take_ = nullptr;
    const bool all_given = is_right_ && given_ == expected_.size;
    if (fault_ == Fault::none && !all_given) fall(lock, Fault::target, "was not taken to the end");
  }

  Fault fault() const {
    const std::lock_guard lock(mutex_);
    return fault_;
  }

  std::optional<Problem> problem() const {
    const std::lock_guard lock(mutex_);
    return fault_ == Fault::none ? std::nullopt : std::optional(Problem{"attachment", text_, {}});
  }

private:
  using Lock = std::unique_lock<std::mutex>;

  static std::string bytes(std::uint64_t count) { return std::to_string(count) + " bytes"; }
  std::string instead() const { return " instead of " + std::to_string(expected_.size); }

  /// Into blocks of one size, so that their memory is used again.
  void store(std::string_view bytes) {
    while (!bytes.empty()) {
      if (waiting_.empty() || waiting_.back().size() == block_size) waiting_.push_back(fresh_block());
      auto& block = waiting_.back();
      const auto part = bytes.substr(0, block_size - block.size());
      block += part;
      bytes.remove_prefix(part.size());
    }
  }

  std::string fresh_block() {
    std::string block;
    if (!used_.empty()) {
      block = std::move(used_.back());
      used_.pop_back();
    }
    block.clear();
    block.reserve(std::min<std::uint64_t>(block_size, expected_.size));
    return block;
  }

  /// Gives what may be given to who waits for it, and asks the source for more.
  void offer(Lock& lock) {
    if (!take_) return;
    if (fault_ != Fault::none) return give(lock, std::nullopt);
    if (waiting_.empty()) {
      if (is_right_ && expected_.size == 0) give(lock, std::string_view{});
      return;
    }
    const bool is_last = given_ + waiting_.front().size() == expected_.size;
    if (is_last && !is_right_) return;
    if (!lent_.empty()) used_.push_back(std::move(lent_));
    lent_ = std::move(waiting_.front());
    waiting_.pop_front();
    given_ += lent_.size();
    give(lock, lent_);
  }

  void give(Lock& lock, std::optional<std::string_view> block) {
    const auto take = std::exchange(take_, nullptr);
    std::function<void()> more;
    if (is_full_ && received_ - given_ <= room_again) {
      is_full_ = false;
      more = back_.more;
    }
    lock.unlock();
    take(block);
    if (more) more();
  }

  void fall(Lock& lock, Fault fault, std::string text) {
    fault_ = fault;
    text_ = std::move(text);
    waiting_.clear();
    used_.clear();
    if (take_) {
      give(lock, std::nullopt);
      lock.lock();
    }
    if (fault != Fault::source) stop_source(lock);
  }

  void stop_source(Lock& lock) {
    const auto stop = back_.stop;
    lock.unlock();
    if (stop) stop();
  }

  const ExpectedBytes expected_;
  std::optional<Md5> digest_;
  mutable std::mutex mutex_; ///< guards what follows; nothing is called while it is held
  Back back_;
  Take take_;
  std::deque<std::string> waiting_; ///< received and not given
  std::string lent_;                ///< being sent
  std::vector<std::string> used_;
  std::uint64_t received_ = 0;
  std::uint64_t given_ = 0;
  bool is_full_ = false;  ///< the source waits
  bool is_right_ = false; ///< all is there and as expected
  Fault fault_ = Fault::none;
  std::string text_;
};

Pipe::Pipe(ExpectedBytes expected, Start start)
    : expected_(std::move(expected))
    , start_(std::move(start)) {}

Pipe::~Pipe() {
  ended();
}

std::shared_ptr<BodyReader> Pipe::open() {
  auto passage = std::make_shared<Passage>(expected_);
  {
    const std::lock_guard lock(mutex_);
    passage_ = passage;
  }
  start_(passage);
  return passage;
}

void Pipe::ended() {
  if (const auto last = passage()) last->ended();
}

Pipe::Fault Pipe::fault() const {
  const auto last = passage();
  return last ? last->fault() : Fault::none;
}

std::optional<Problem> Pipe::problem() const {
  const auto last = passage();
  return last ? last->problem() : std::nullopt;
}

std::shared_ptr<Pipe::Passage> Pipe::passage() const {
  const std::lock_guard lock(mutex_);
  return passage_;
}

std::string_view name_of(Pipe::Fault fault) {
  switch (fault) {
  case Pipe::Fault::none: return "none";
  case Pipe::Fault::size: return "size";
  case Pipe::Fault::digest: return "digest";
  case Pipe::Fault::source: return "source";
  case Pipe::Fault::target: return "target";
  }
  return "none";
}

} // namespace dialogferry::http
