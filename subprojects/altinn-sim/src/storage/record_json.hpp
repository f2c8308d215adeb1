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

/// `{"instanceEvents":[…]}`: in the text order of `created`, only the types asked for; none asked: all.
void append_events(std::string& out, const Record& record, std::span<const std::string> types, Ticks from,
                   Ticks to);

} // namespace altinn_sim::storage
