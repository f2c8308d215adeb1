#pragma once

#include <dialogferry/source/listing.hpp>

/// Messages of Altinn 3 as a source (correspondence.md 6).
namespace dialogferry::source::correspondence {

/// Nothing is listed: there is no list of changes (6.3), events tell of messages. It says who belongs in one
/// lane.
extern const Listing by_events;

} // namespace dialogferry::source::correspondence
