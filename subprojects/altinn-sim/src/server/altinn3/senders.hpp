#pragma once

#include "correspondence/service.hpp"
#include "dialogporten/service.hpp"
#include "live/emitter.hpp"
#include "storage/world.hpp"

#include <boost/json/object.hpp>

#include <atomic>

namespace altinn_sim {

class JsonReader;

/// Service owners that use Altinn 3 itself: they send correspondences, and write dialogs of their own.
class Senders {
public:
  /// What is referred to outlives it.
  Senders(const storage::World& world, correspondence::Service& correspondence,
          dialogporten::Service& dialogs)
      : world_(world)
      , correspondence_(correspondence)
      , dialogs_(dialogs) {}

  /// A change of `POST /_sim/emit` of kind `a3_create`, `a3_publish`, `a3_publish_failed`, `a3_read`,
  /// `a3_confirm`, `a3_archive`, `a3_purge` or `direct`; what was made. Throws std::invalid_argument saying
  /// which member is wrong and what is allowed.
  boost::json::object obey(const boost::json::value& change, storage::Ticks now);

private:
  boost::json::object create(JsonReader& members);
  boost::json::object happen(JsonReader& members, int status, storage::Ticks now);
  boost::json::object write(JsonReader& members, storage::Ticks now);
  correspondence::NewCorrespondence made_up(std::uint64_t number) const;

  const storage::World& world_;
  correspondence::Service& correspondence_;
  dialogporten::Service& dialogs_;
  std::atomic<std::uint64_t> made_{0};
};

/// The event of a correspondence as Altinn Events pushes it (correspondence.md 6.2): `name` without prefix,
/// told to the recipient where it is published, to the sender else.
live::CloudEvent event_of(const std::string& name, const correspondence::Record& record, std::uint64_t number,
                          storage::Ticks now);

} // namespace altinn_sim
