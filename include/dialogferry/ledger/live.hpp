#pragma once

#include <dialogferry/model/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace dialogferry::ledger {

/// The version of a record that a list has shown.
struct Listed {
  Instant last_changed;
  std::uint64_t content = 0; ///< codec::content_digest() of its row

  bool operator==(const Listed&) const = default;
};

/// A change that somebody told us of, or that one engine has found in a stream and another one carries.
struct InboxEvent {
  std::string row;
  std::string record_id; ///< as the source names it
  Instant received_at;
  std::optional<Listed> listed = {}; ///< of one that was found
};

/// Changes of one record that wait to be looked at, joined.
struct InboxEntry {
  std::int64_t id = 0; ///< an event that joins later gives the entry a new one, so that it is not lost when
                       ///< the entry read before is handled
  std::string record_id;
  Instant received_at;               ///< of the first event
  std::uint32_t events = 1;          ///< how many were joined
  std::optional<Listed> listed = {}; ///< the last of them, where all were found: whoever has carried it
                                     ///< already need not look again

  bool operator==(const InboxEntry&) const = default;
};

/// Something that must be looked at again at a certain time: a submission that waits for its receipts
/// (decisions.md D-3), the second confirmation before a purge.
struct WakeUp {
  std::int64_t id = 0; ///< given by the ledger
  std::string row;
  std::string stage;
  std::string key; ///< what for and which record: `purge/50001234/0dbc1da6-…`
  Instant due;
  std::string payload;  ///< what the one who wakes needs to know; at most 64 KiB
  std::string api = {}; ///< who is waited for, where somebody is: `dialogporten`; what is counted by
  std::string why = {}; ///< with api: a code
  Instant since = {};   ///< with api: when the record was deferred first

  bool operator==(const WakeUp&) const = default;
};

} // namespace dialogferry::ledger
