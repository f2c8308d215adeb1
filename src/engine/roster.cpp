#include <dialogferry/engine/roster.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

namespace dialogferry::engine {

struct Roster::State {
  struct Entry {
    std::string kind;
    caf::weak_actor_ptr actor;
    std::shared_ptr<const std::atomic<bool>> ended;
    bool has_thread; ///< which the system waits for until the actor's memory is free

    bool gone() const { return has_thread ? actor.lock() == nullptr : ended->load(); }
  };

  std::mutex mutex;
  bool closed = false;
  std::vector<Entry> entries;
  std::function<void(Problem)> failed;

  void ended(const std::string& kind, const caf::error& reason) {
    {
      const std::lock_guard lock(mutex);
      if (closed) return;
    }
    failed({"engine", "its " + kind + " failed: " + text_of(reason),
            "nothing is lost: start it again, it goes on from its last commit; please report this"});
  }

  void add(Entry entry) {
    constexpr std::size_t many = 256; // children come and go
    const std::lock_guard lock(mutex);
    if (entries.size() >= many) sweep();
    entries.push_back(std::move(entry));
  }

  void sweep() {
    std::erase_if(entries, [](const Entry& entry) { return entry.gone(); });
  }

  /// Those that are still there.
  std::vector<std::string> left() {
    const std::lock_guard lock(mutex);
    sweep();
    std::vector<std::string> kinds;
    for (const auto& entry : entries)
      kinds.push_back(entry.kind);
    return kinds;
  }
};

Roster::Roster(std::function<void(Problem)> failed)
    : state_(std::make_shared<State>()) {
  state_->failed = std::move(failed);
}

void Roster::watch(std::string kind, caf::strong_actor_ptr actor, Role role) {
  auto ended = std::make_shared<std::atomic<bool>>(false);
  const bool has_thread = actor->get()->getf(caf::abstract_actor::is_detached_flag);
  state_->add({kind, caf::weak_actor_ptr(actor.get()), ended, has_thread});
  actor->get()->attach_functor(
      [state = state_, kind = std::move(kind), role, ended](const caf::error& reason) {
        *ended = true;
        if (role == Role::essential) state->ended(kind, reason);
      });
}

void Roster::close() {
  const std::lock_guard lock(state_->mutex);
  state_->closed = true;
}

bool Roster::fail(std::string_view kind) {
  const std::lock_guard lock(state_->mutex);
  for (const auto& entry : state_->entries) {
    if (entry.kind != kind || *entry.ended) continue;
    const auto actor = entry.actor.lock();
    if (!actor) continue;
    caf::anon_send(caf::actor_cast<caf::actor>(actor), Defect{"a planted defect"});
    return true;
  }
  return false;
}

std::vector<std::string> Roster::wait_until_gone(std::chrono::milliseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  auto left = state_->left();
  while (!left.empty() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
    left = state_->left();
  }
  return left;
}

} // namespace dialogferry::engine
