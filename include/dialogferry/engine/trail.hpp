#pragma once

#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <memory>
#include <optional>
#include <string>

namespace dialogferry::engine {

/// Which record work is about, from its list row to its last request: what the log tells of it, and the APIs.
struct Trail {
  std::string row;         ///< "a3-app-instances-live"
  std::optional<Day> day;  ///< of history
  std::string record = {}; ///< as the source names it; empty: several
  Uuid trace = {};         ///< the record's guid, which is the trace of its requests; zero: several
  std::shared_ptr<const Trail> of = {}; ///< many, of which this is one: it has row and day
};

/// Shared: it is made once a record.
using TrailPtr = std::shared_ptr<const Trail>;

/// The trail of one record of many.
inline TrailPtr trail_of(TrailPtr many, std::string record, const Uuid& guid) {
  return std::make_shared<const Trail>(Trail{{}, std::nullopt, std::move(record), guid, std::move(many)});
}

} // namespace dialogferry::engine
