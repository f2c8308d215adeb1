#pragma once

#include <dialogferry/ledger/commit.hpp>
#include <dialogferry/model/outcome.hpp>
#include <dialogferry/model/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

/// What becomes of one record.
namespace dialogferry::engine {

/// For whom a record waits, where what stopped it is the moment's fault and not its own (decisions.md, "A
/// refusal is taken for the record's fault").
struct Held {
  std::string api;            ///< "dialogporten"; "engine" where nobody answered inside
  std::string why;            ///< a code: the name of a Verdict::Reason
  Instant since = {};         ///< when it was deferred first
  std::uint32_t attempts = 0; ///< of all its tries together
  int http_status = 0;        ///< of the last answer; 0 without one
  Problem problem = {};       ///< of the last try

  bool operator==(const Held&) const = default;
};

/// A record that must be looked at again at a certain time.
struct SecondLook {
  enum class Why : std::uint8_t {
    import,   ///< an archived form that is not wholly imported yet (storage.md 3.2)
    receipts, ///< a submission that waits for its PDFs (decisions.md D-3)
    absence,  ///< the source says that it is gone, which must be confirmed before a purge (storage.md 2.10)
    late,     ///< a live record read so early that its events may come behind it (observed.md OS-1)
    readable, ///< listed at a time that could not be read before (observed.md OS-4)
    moment,   ///< somebody could not take it at that moment: `held` says who
    early,    ///< its times are ahead of the clock (observed.md OR-6)
    revived,  ///< gone, while another engine's history may make its dialog of what was listed before
  };
  Why why = Why::import;
  Instant due;
  std::string record_id = {};    ///< which, where the one who is told cannot know
  std::optional<Held> held = {}; ///< with moment

  bool operator==(const SecondLook&) const = default;
};

/// What became of one record, as its shard is told.
struct RecordResult {
  Outcome outcome = Outcome::failed;
  std::optional<ledger::Failure> failure = {}; ///< with outcome failed
  std::optional<SecondLook> again = {};
  std::optional<ledger::Handed> handed = {}; ///< for the next stage of its row
};

/// True where the target acknowledged the record: what counts into Shard::digest_acked.
inline bool acknowledged(Outcome outcome) {
  return outcome != Outcome::excluded && outcome != Outcome::deferred && outcome != Outcome::failed;
}

} // namespace dialogferry::engine
