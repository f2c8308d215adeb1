#pragma once

#include "live/endpoint.hpp"
#include "storage/changes.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <vector>

namespace altinn_sim::live {

/// A length of time drawn anew each time, both ends included.
struct Range {
  storage::Ticks low = 0;
  storage::Ticks high = 0;
};

/// One change that is to happen now, and how the world hears of it.
struct OneChange {
  storage::Change change;
  bool event = true;        ///< false: no CloudEvent tells of it
  std::int64_t copies = 1;  ///< the event is delivered so many times
  storage::Ticks delay = 0; ///< before the event is sent
  bool one_try = false;     ///< it is lost where the first try fails (observed.md OE-7)
  std::string party;        ///< whom the event says the instance belongs to; empty: who does (OE-6)
  /// Of a submission: when its receipt is uploaded; 0 together with it, negative never.
  storage::Ticks receipt_after = 0;
  Range event_after; ///< how long after its row the instance's events are stored (observed.md OS-1)
  bool during_write_back = false; ///< in the midst of the next PUT datavalues of the instance
  /// A change that is not about an instance, as it was ordered: its kind begins "a3_", or is "direct".
  std::optional<boost::json::value> elsewhere;
};

/// Changes that go on by themselves for a while.
struct Load {
  double rate = 100;   ///< changes per second, 0.1 … 20 000
  double seconds = 10; ///< up to a day
  std::uint64_t seed = 1;
  std::vector<std::string> organisations; ///< empty: all generated ones
  double create = 0.3;                    ///< weights of what happens
  double change = 0.6;
  double remove = 0.1;      ///< soft-deleted, brought back, hard-deleted, cleaned up
  double history = 0.3;     ///< share that hits generated records
  double without_event = 0; ///< share that no CloudEvent tells of
  double duplicates = 0.1;  ///< share of events delivered more than once
  double reorder = 0.1;     ///< share of events that later ones overtake
  double one_try = 0;       ///< share of events that are lost where the first try fails (OE-7)
  double bursts = 0.1;      ///< share of changes followed by more of the same instance within a second
  Range event_after;        ///< of every change
  double text_changes = 0;  ///< share of changes after which texts alone change, within 800 ms (OS-2)
  std::vector<storage::ChangeKind> kinds; ///< what `change` draws from; empty: whatever suits the instance
};

/// What `POST /_sim/emit` asks for.
struct Orders {
  std::optional<Endpoint> deliver_to;
  std::vector<OneChange> changes;
  std::optional<Load> load;
  bool stop = false;
  std::optional<double> retry_scale;
  std::optional<storage::Ticks> receipt_wait;
};

/// Reads them. Throws std::invalid_argument saying which member is wrong and what is allowed.
Orders read_orders(const boost::json::value& source);

} // namespace altinn_sim::live
