#include <dialogferry/http/disk_thread.hpp>

#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <mutex>
#include <set>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace dialogferry::http {

namespace {

constexpr std::size_t block_size = 64 << 10;
constexpr int blocks_a_turn = 16; ///< then another file has its turn

} // namespace

struct DiskThread::State {
  /// Whether it is taken on. What goes on with a file that is open is never too much.
  bool add(std::function<void()> task, bool goes_on) {
    const std::lock_guard lock(mutex);
    if (closing || (!goes_on && tasks.size() >= most_tasks)) return false;
    tasks.push_back(std::move(task));
    changed.notify_one();
    return true;
  }

  void run();

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::function<void()>> tasks;     ///< guarded
  std::atomic<bool> closing{false};            ///< changed while guarded
  std::set<std::shared_ptr<Reading>> readings; ///< its thread's alone
  std::array<char, block_size> block{};        ///< its thread's alone
  std::thread thread;
};

/// A file that is being read; on the disk thread.
class DiskThread::Reading : public std::enable_shared_from_this<Reading> {
public:
  Reading(std::weak_ptr<State> state, std::string path, std::shared_ptr<BodySink> sink, Done done)
      : state_(std::move(state))
      , path_(std::move(path))
      , sink_(std::move(sink))
      , done_(std::move(done)) {}
  ~Reading() {
    if (file_ >= 0) ::close(file_);
  }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  void begin(State& state) {
    struct stat facts {};
    file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (file_ < 0 || ::fstat(file_, &facts) != 0) return finish(state, because("cannot be read", errno));
    if (!S_ISREG(facts.st_mode)) return finish(state, Problem{path_, "is no file", {}});
    BodySink::Back back;
    back.more = goes_on(&Reading::step);
    back.stop = goes_on(&Reading::not_wanted);
    sink_->begin(static_cast<std::uint64_t>(facts.st_size), std::move(back));
    step(state);
  }

  void finish(State& state, std::optional<Problem> problem) {
    const auto self = shared_from_this();
    state.readings.erase(self);
    if (const auto done = std::exchange(done_, nullptr)) done(std::move(problem));
  }

private:
  void step(State& state) {
    for (int i = 0; i < blocks_a_turn && done_; ++i) {
      const auto count = ::read(file_, state.block.data(), state.block.size());
      if (count == 0) return finish(state, std::nullopt);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return finish(state, because("breaks off", errno));
      if (!sink_->write({state.block.data(), static_cast<std::size_t>(count)})) return;
    }
    const auto later = goes_on(&Reading::step);
    later();
  }

  void not_wanted(State& state) { finish(state, Problem{path_, "was not wanted to the end", {}}); }

  std::function<void()> goes_on(void (Reading::*how)(State&)) {
    return [weak = state_, reading = weak_from_this(), how] {
      const auto state = weak.lock();
      if (!state) return;
      const auto go_on = [state = state.get(), reading, how] {
        const auto self = reading.lock();
        if (self && self->done_) ((*self).*how)(*state);
      };
      state->add(go_on, true);
    };
  }

  Problem because(std::string_view what, int error) const {
    return {path_, std::string(what) + ": " + std::strerror(error), {}};
  }

  const std::weak_ptr<State> state_;
  const std::string path_;
  const std::shared_ptr<BodySink> sink_;
  Done done_; ///< empty once called
  int file_ = -1;
};

void DiskThread::State::run() {
  for (;;) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return closing || !tasks.empty(); });
    if (tasks.empty()) break;
    const auto task = std::move(tasks.front());
    tasks.pop_front();
    lock.unlock();
    task();
  }
  while (!readings.empty()) {
    const auto reading = *readings.begin();
    reading->finish(*this, Problem{"file", "is not read any more", {}});
  }
}

DiskThread::DiskThread()
    : state_(std::make_shared<State>()) {
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

DiskThread::~DiskThread() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->closing = true;
    state_->changed.notify_one();
  }
  state_->thread.join();
}

bool DiskThread::post(std::function<void()> task) {
  return state_->add(std::move(task), false);
}

bool DiskThread::is_closing() const {
  return state_->closing;
}

void DiskThread::read(std::string path, std::shared_ptr<BodySink> sink, const Done& done) {
  const auto reading = std::make_shared<Reading>(state_, std::move(path), std::move(sink), done);
  const bool taken = state_->add(
      [state = state_.get(), reading] {
        state->readings.insert(reading);
        reading->begin(*state);
      },
      false);
  if (!taken) done(Problem{"file", "cannot be read: too many wait for the disk already", {}});
}

Pipe::Start from_file(DiskThread& disk, std::string path) {
  return [&disk, path = std::move(path)](const std::shared_ptr<BodySink>& sink) {
    disk.read(path, sink, [sink](const std::optional<Problem>& problem) {
      if (problem) return sink->fail(problem->member + " " + problem->message);
      sink->end();
    });
  };
}

} // namespace dialogferry::http
