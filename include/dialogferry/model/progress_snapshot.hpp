#pragma once

#include <dialogferry/model/outcome.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/wait.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dialogferry {

/// A day whose source and target could not be compared.
struct NotCompared {
  Day day;
  std::string why;
  Instant again; ///< when it is tried again, at the earliest

  bool operator==(const NotCompared&) const = default;
};

/// How one row comes along, as the progress display shows it.
struct RowProgress {
  std::string id;
  std::string stage = {};                 ///< of a row with several: this is the last
  std::vector<RowProgress> before = {};   ///< the stages before it, in their order
  bool history = true;                    ///< days count; a live row has a lag instead
  std::vector<std::string> organisations; ///< service owners that it is for; empty: all (observed.md OR-4)
  std::optional<Day> not_over;            ///< first day of the range that waits to be over (observed.md OR-1)

  std::uint32_t days_planned = 0;
  std::uint32_t days_complete = 0;
  std::uint32_t days_parked = 0;
  std::optional<Day> migrated_back_to; ///< the watermark
  std::uint32_t shards = 0;            ///< at work now
  std::uint32_t in_flight = 0;         ///< records between being read and acknowledged

  Counts counts;                ///< of the ledger
  std::uint64_t exceptions = 0; ///< open ones
  std::optional<std::chrono::milliseconds> live_lag;

  std::optional<Wait> wait = {}; ///< what holds it up

  std::optional<Day> comparing = {};          ///< the day that source and target are compared of now
  std::vector<NotCompared> not_compared = {}; ///< newest first, a few

  double records_per_second = 0;                 ///< filled by cli::Pace
  std::optional<std::chrono::seconds> time_left; ///< filled by cli::Pace; nothing = estimating
};

/// How fast an API may be asked right now, and why not faster.
struct ApiProgress {
  std::string name;
  double rate = 0; ///< requests per second allowed now; 0 = no ceiling
  std::uint32_t in_flight = 0;
  std::uint32_t concurrency_limit = 0;
  std::string reason; ///< "free", "configured rate", "found limit", "retry-after pause", "latency", "outage",
                      ///< "operator"
  std::optional<Instant> paused_until;
  std::optional<Wait> wait = {};   ///< it is left alone: for longer than a few seconds in all, or it is down
  std::size_t waiting_live = 0;    ///< calls that are to be sent
  std::size_t waiting_history = 0; ///< likewise
};

/// What has become of the events that came in over HTTP since the start: of each event where they could be
/// told apart, of each request where not.
struct EventsProgress {
  std::uint64_t noted = 0;            ///< events that named an instance and are in the ledger
  std::uint64_t joined = 0;           ///< of these, those of a record named before in the same batch
  std::uint64_t without_instance = 0; ///< events that named none
  std::uint64_t validations = 0;      ///< of these, checks of a subscription
  std::uint64_t broken = 0;           ///< entries of batches that are no events
  std::uint64_t refused_secret = 0;   ///< requests without the right secret
  std::uint64_t refused_type = 0;     ///< requests of another content type
  std::uint64_t refused_invalid = 0;  ///< requests that are no CloudEvents
  std::uint64_t refused_too_many = 0; ///< batches of more than may wait at all
  std::uint64_t shed = 0;             ///< events turned away because too many wait
  std::uint64_t failed = 0;           ///< events that could not be noted
  std::uint64_t under_way = 0;        ///< records on their way to the ledger now

  bool operator==(const EventsProgress&) const = default;
};

/// What an engine tells of itself at one moment.
struct ProgressSnapshot {
  Instant as_of;
  bool draining = false; ///< told to stop, waiting for what is in flight
  std::vector<RowProgress> rows;
  std::vector<ApiProgress> apis;
  std::optional<EventsProgress> events; ///< where it takes events
};

} // namespace dialogferry
