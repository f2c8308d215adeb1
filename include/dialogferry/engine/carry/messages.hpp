#pragma once

#include <dialogferry/codec/page.hpp>
#include <dialogferry/engine/caf.hpp>
#include <dialogferry/engine/limit/messages.hpp>
#include <dialogferry/engine/moment.hpp>
#include <dialogferry/engine/record_result.hpp>
#include <dialogferry/engine/trail.hpp>
#include <dialogferry/ledger/hand_over.hpp>
#include <dialogferry/mapping/correspondence.hpp>
#include <dialogferry/mapping/mapper.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The way of a record, and what is looked up on it.
namespace dialogferry::engine {

// -- lookups ------------------------------------------------------------------

/// Asks for an application with its texts, prepared for mapping.
struct FindApplication {
  std::string app_id;
  Priority priority = Priority::history;
};

/// The prepared application, or why there is none.
struct FoundApplication {
  std::shared_ptr<const mapping::PreparedApplication> application; ///< null where the problem says why
  Problem problem;
  std::optional<Held> held = {}; ///< with a problem that is the moment's fault
};

/// Asks who parties and users are.
struct FindParties {
  std::vector<std::int64_t> parties;
  std::vector<std::int64_t> users;
  Priority priority = Priority::history;
};

/// Who was found; whoever is not in it is unknown to Register. An empty URN: known, without anything to make
/// one of (M-50). A problem where Register could not be asked.
struct FoundParties {
  std::vector<std::pair<std::int64_t, std::string>> parties;
  std::vector<std::pair<std::int64_t, std::string>> users;
  std::optional<Problem> problem;
  std::optional<Held> held = {}; ///< with a problem that is the moment's fault
};

// -- a record -----------------------------------------------------------------

/// One record to be carried.
struct RecordJob {
  std::shared_ptr<const void> keep; ///< what `row` points into
  codec::Row row;
  std::uint64_t batch = 0;
  std::uint32_t index = 0;
};

/// How many records a carrier may have under way from now on; from the engine to its carriers.
struct SetWindow {
  std::size_t records = 0;
};

/// What became of one record.
struct RecordDone {
  std::uint64_t batch = 0;
  std::uint32_t index = 0;
  RecordResult result;
};

/// What became of records, in a list (lists.hpp); back to whoever sent the jobs.
struct RecordsDone {
  using Item = RecordDone;
  std::vector<Item> items;
};

/// Reads a record at the source and what the target has of it, and maps the one against the other.
struct MapAnew {
  std::string record_id; ///< `{party id}/{guid}`
  bool is_migration = true;
  bool absence_confirmed = false; ///< an earlier look found the record gone
  Priority priority = Priority::history;
  std::optional<std::uint64_t> unless_events = {}; ///< nothing is read where its events are still these
  TrailPtr trail = {};
};

/// What a record and its events were when they were read (codec::content_digest); 0 where they were not.
struct Seen {
  std::uint64_t row = 0;
  std::uint64_t events = 0;
};

/// What is to be done with a record that was read anew; without a decision the problem says why there is
/// none.
struct MappedAnew {
  std::shared_ptr<mapping::Decision> decision;
  std::optional<SecondLook> again;
  Instant last_changed;     ///< of the version that was read; zero where the source has it no more
  std::string organisation; ///< service owner code; empty where unknown
  Problem problem;
  int http_status = 0;
  std::uint32_t attempts = 1;
  std::string record_id = {}; ///< as the source gives it; empty where it has it no more (observed.md OE-6)
  Seen seen = {};
  bool nothing_new = false;      ///< its events are those of `unless_events`: nothing else was read
  std::optional<Held> held = {}; ///< with a problem that is the moment's fault
};

/// What the target made of a record.
struct Uploaded {
  Outcome outcome = Outcome::failed;
  Problem problem;     ///< with outcome failed
  int http_status = 0; ///< with outcome failed: of the answer that refused it
  std::string body;    ///< with outcome failed: the start of that answer, masked
  std::uint32_t attempts = 1;
  std::optional<SecondLook> again;
  Instant last_changed;          ///< where the record was read anew: of the version read; otherwise zero
  std::string organisation;      ///< likewise
  std::string record_id = {};    ///< likewise, as the source gives it
  Seen seen = {};                ///< likewise
  bool nothing_new = false;      ///< its events were as they had been: nothing is to be counted
  std::optional<Held> held = {}; ///< with outcome failed, where that is the moment's fault (see defer())
  std::optional<ledger::Handed> handed = {}; ///< for the next stage of its row
};

/// What the target made of some of the records that were handed over in a list.
struct UploadsDone {
  using Item = Numbered<Uploaded>;
  std::vector<Item> items;
};

/// An attachment of a message, and what M1 is told of it.
struct FileToCarry {
  std::string source_id; ///< altinn2AttachmentId
  mapping::correspondence::AttachmentQuery query;
  std::uint64_t size = 0; ///< bytes
  std::string checksum;   ///< MD5, 32 lower-case hex digits; empty where the source has none
};

/// Attachments of one message to be taken to Correspondence, unless it has them.
struct CarryFiles {
  std::vector<FileToCarry> files;
  Day day;                           ///< when the message was created
  std::optional<Instant> until = {}; ///< as ledger::TakenFile
  Priority priority = Priority::history;
  TrailPtr trail = {};
};

/// Correspondence has a connection for a file: its bytes may come, into the sink; from the client's thread to
/// the file carrier.
struct FileWanted {
  std::uint64_t transfer = 0;
  std::shared_ptr<http::BodySink> sink;
};

/// What Correspondence calls them, in their order; or why one of them could not be taken.
struct CarriedFiles {
  std::vector<Uuid> ids;
  std::optional<Problem> problem = {};
  int http_status = 0;
  std::optional<Held> held = {}; ///< with a problem that is the moment's fault
};

/// Records of Correspondence to be made available in Dialogporten, 1 to 20 of them (observed.md OC-3).
struct Publish {
  std::vector<ledger::Handed> records;
  Priority priority = Priority::history;
  std::optional<Day> day = {}; ///< when they were created, where that is known
  TrailPtr trail = {};
};

/// What became of one of them.
struct PublishedRecord {
  Outcome outcome = Outcome::failed;
  Problem problem = {}; ///< with outcome failed
  int http_status = 0;  ///< likewise
  std::uint32_t attempts = 1;
  std::optional<Held> held = {}; ///< with outcome failed, where that is the moment's fault
  bool repaired = false;         ///< its dialog was there without it, and was made again
};

/// One each, in their order.
struct Published {
  std::vector<PublishedRecord> records;
};

} // namespace dialogferry::engine

DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FindApplication)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FoundApplication)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FindParties)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FoundParties)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::SetWindow)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::RecordsDone)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::MapAnew)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::MappedAnew)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Uploaded)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::UploadsDone)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Publish)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::Published)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::CarryFiles)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::CarriedFiles)
DIALOGFERRY_LOCAL_MESSAGE(dialogferry::engine::FileWanted)
