#pragma once

#include "record.hpp"

#include <span>
#include <string>
#include <string_view>

namespace altinn_sim::storage {

/// How an instance is written.
struct InstanceStyle {
  std::string_view hostname;        ///< of the links: https://platform.{hostname}/…
  bool with_elements = true;        ///< includeDataElements
  bool elements_by_created = false; ///< a single GET sorts them, a list does not (storage.md 1.7)
};

/// An Instance as Storage sends it (storage.md 2.2–2.4): nulls left out, bools and numbers always there.
void append_instance(std::string& out, const Record& record, const InstanceStyle& style);

/// Which events are asked for, and when.
struct EventQuery {
  std::span<const std::string> types; ///< none: all
  Ticks from = no_time;               ///< effective together with `to`
  Ticks to = no_time;
  Ticks now = std::numeric_limits<Ticks>::max(); ///< what is stored later is not there yet
  unsigned turn = 0; ///< events of one time come in no stable order: another one every other turn
};

/// `{"instanceEvents":[…]}`: in the text order of `created`; what has no `created` is never listed
/// (observed.md OS-9).
void append_events(std::string& out, const Record& record, const EventQuery& query);

} // namespace altinn_sim::storage
