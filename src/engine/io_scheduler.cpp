#include <dialogferry/engine/io_scheduler.hpp>
#include <dialogferry/engine/resident.hpp>

#include <caf/policy/unprofiled.hpp>
#include <caf/scheduler/coordinator.hpp>

#include <atomic>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace dialogferry::engine {

namespace {

using Job = caf::resumable*;

constexpr std::size_t jobs_per_turn = 32;    ///< actors that run before the network is looked at again
constexpr std::size_t messages_per_job = 32; ///< that one of them takes before the next has its turn
constexpr std::size_t jobs_to_spare = 4;     ///< a worker with so many gives new ones to one that waits

thread_local void* worker_of_this_thread = nullptr;

/// What CAF asks of a scheduling policy. Each worker has a queue of its own and one loop of the pool, and
/// what its actors and its loop bring about stays with it while others are busy too, but for what is for a
/// resident of another.
class LoopSharing : public caf::policy::unprofiled {
public:
  struct coordinator_data {
    explicit coordinator_data(caf::scheduler::abstract_coordinator* parent)
        : pool(static_cast<const IoScheduledConfig&>(parent->config()).pool) {}

    http::IoPool& pool;
  };

  class worker_data {
  public:
    explicit worker_data(caf::scheduler::abstract_coordinator*) {}
    worker_data(const worker_data&) {} // CAF copies an empty one for each worker

    std::deque<Job> queue;          ///< of the worker's thread alone
    std::size_t left_of_turn = 0;   ///< jobs before the next look at the network
    std::atomic<bool> waits{false}; ///< for its loop, with nothing else to do

    /// From any thread. True when the worker must be woken.
    bool put(Job job) {
      const std::lock_guard lock(mutex_);
      inbox_.push_back(job);
      return inbox_.size() == 1;
    }
    void take_inbox() {
      {
        const std::lock_guard lock(mutex_);
        taken_.swap(inbox_);
      }
      queue.insert(queue.end(), taken_.begin(), taken_.end());
      taken_.clear();
    }

  private:
    std::mutex mutex_;
    std::vector<Job> inbox_; ///< guarded
    std::vector<Job> taken_;
  };

  template <class Coordinator>
  void central_enqueue(Coordinator* self, Job job) {
    auto* here = static_cast<typename Coordinator::worker_type*>(worker_of_this_thread);
    if (here != nullptr && here->parent() == self) return internal_enqueue(here, job);
    auto* worker = self->worker_by_id(next_++ % self->num_workers());
    auto* home = home_of(worker, job);
    (home != nullptr ? home : worker)->external_enqueue(job);
  }

  template <class Worker>
  void external_enqueue(Worker* self, Job job) {
    if (self->data().put(job)) pool_of(self).wake(self->id());
  }

  template <class Worker>
  void internal_enqueue(Worker* self, Job job) {
    auto& queue = self->data().queue;
    auto* other = home_of(self, job);
    if (other == nullptr && queue.size() >= jobs_to_spare) other = waiting_beside(self);
    if (other == nullptr || other == self) return queue.push_back(job);
    external_enqueue(other, job);
  }

  template <class Worker>
  void resume_job_later(Worker* self, Job job) {
    internal_enqueue(self, job);
  }

  template <class Worker>
  Job dequeue(Worker* self) {
    worker_of_this_thread = self;
    auto& data = self->data();
    while (data.queue.empty() || data.left_of_turn == 0)
      look_after_network(self);
    --data.left_of_turn;
    auto* job = data.queue.front();
    data.queue.pop_front();
    return job;
  }

  template <class Worker, class Function>
  void foreach_resumable(Worker* self, Function each) {
    auto& data = self->data();
    data.take_inbox();
    for (auto* job : std::exchange(data.queue, {}))
      each(job);
  }

  template <class Coordinator, class Function>
  void foreach_central_resumable(Coordinator*, Function) {}

private:
  template <class Worker>
  static http::IoPool& pool_of(Worker* self) {
    return d(self->parent()).pool;
  }

  template <class Worker>
  void look_after_network(Worker* self) {
    auto& data = self->data();
    data.take_inbox();
    const bool idle = data.queue.empty();
    data.waits = idle;
    pool_of(self).turn(self->id(), idle);
    data.waits = false;
    data.take_inbox();
    data.left_of_turn = jobs_per_turn;
  }

  /// Null where the actor has none.
  template <class Worker>
  static Worker* home_of(Worker* self, Job job) {
    const auto* resident = dynamic_cast<const Resident*>(job);
    if (resident == nullptr) return nullptr;
    return self->parent()->worker_by_id(resident->home() % self->parent()->num_workers());
  }

  template <class Worker>
  static Worker* waiting_beside(Worker* self) {
    auto* parent = self->parent();
    for (std::size_t i = 0; i < parent->num_workers(); ++i) {
      auto& waits = parent->worker_by_id(i)->data().waits;
      if (waits && waits.exchange(false)) return parent->worker_by_id(i);
    }
    return nullptr;
  }

  std::atomic<std::size_t> next_{0}; ///< whose turn it is to take what comes from outside
};

} // namespace

IoScheduledConfig::IoScheduledConfig(http::IoPool& io)
    : pool(io) {
  set("scheduler.max-threads", pool.threads());
  set("scheduler.max-throughput", messages_per_job);
  load<caf::scheduler::coordinator<LoopSharing>>();
}

} // namespace dialogferry::engine
