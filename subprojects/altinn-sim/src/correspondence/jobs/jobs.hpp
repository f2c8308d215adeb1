#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <vector>

namespace altinn_sim::correspondence {

/// Microseconds of a clock that never goes back, as in Request::begins_us.
using Moment = std::int64_t;

struct Job;

/// What comes of a try: done, with what follows from it; or again, later.
struct Outcome {
  bool again = false;
  std::vector<Job> then;
};

/// Something the service does after it has answered.
struct Job {
  std::string_view kind; ///< "label", for counting
  std::function<Outcome(Moment)> act;
  unsigned tries = 0;
};

struct JobSettings {
  unsigned workers = 4;
  std::chrono::microseconds time{20'000};   ///< a worker is at work on a job so long
  std::chrono::microseconds retry{400'000}; ///< until it is tried again; grows with the tries
};

/// The service's job store and its workers. Jobs are taken in order; when within its time a job acts is a
/// matter of chance, so those taken together overtake each other (observed.md OC-5), and what is tried again
/// comes after its successors (OC-6). Not safe from several threads.
class Jobs {
public:
  static constexpr unsigned most_tries = 10;

  explicit Jobs(std::uint64_t seed)
      : state_(seed) {}

  JobSettings settings;

  void add(Job job, Moment now) { add_at(std::move(job), now, now); }
  /// Not before `due`.
  void add_at(Job job, Moment due, Moment now);

  /// Does everything that is due by then. The moment of what is due next; nothing where there is none.
  std::optional<Moment> run(Moment until);

  /// Jobs that were not done yet.
  std::size_t open() const { return open_; }
  std::uint64_t retried() const { return retried_; }
  std::uint64_t given_up() const { return given_up_; } ///< after the last try

private:
  struct Event {
    Moment at = 0;
    std::uint64_t order = 0;
    std::shared_ptr<Job> job;                  ///< null: a worker is free again
    bool operator<(const Event& other) const { // the earliest is the greatest
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  void take(Moment now);
  void act(Job& job, Moment now);
  std::uint64_t chance();

  std::uint64_t state_;
  std::uint64_t order_ = 0;
  unsigned busy_ = 0;
  std::size_t open_ = 0;
  std::uint64_t retried_ = 0;
  std::uint64_t given_up_ = 0;
  std::deque<Job> waiting_;
  std::multimap<Moment, Job> later_;
  std::priority_queue<Event> events_;
};

} // namespace altinn_sim::correspondence
