#pragma once

#include "storage/changes.hpp"

#include <string>
#include <string_view>

namespace altinn_sim::live {

/// What subscriptions choose by (storage.md 4.7).
struct CloudEvent {
  std::string source;
  std::string resource; ///< empty: none
  std::string subject;
  std::string alternative_subject;
  std::string type;
  std::string body; ///< the bare event, structured JSON
};

/// The event that an app publishes of a change (storage.md 4.5), received now. Its body is what the real
/// service pushes, to the byte (observed.md OE-1). `party`: whom it says the instance belongs to, as text;
/// empty: who does (OE-6).
CloudEvent event_of(const storage::Changed& change, storage::Guid id, storage::Ticks now,
                    const std::string& hostname, std::string_view party = {});

/// The first event that a subscription gets: neither subject nor time.
CloudEvent validation_event(std::int64_t subscription, storage::Guid id, const std::string& hostname);

} // namespace altinn_sim::live
