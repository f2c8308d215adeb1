#pragma once

#include <dialogferry/engine/carry/generation_cache.hpp>
#include <dialogferry/engine/carry/waiting.hpp>
#include <dialogferry/engine/controls.hpp>
#include <dialogferry/engine/hope.hpp>
#include <dialogferry/engine/listing/narrowing.hpp>
#include <dialogferry/engine/listing/pages.hpp>
#include <dialogferry/engine/live/update_stream.hpp>
#include <dialogferry/engine/probes.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace dialogferry::engine {

/// What a live feed works with.
struct FeedSetup {
  std::string row;
  std::string stage = "carry";
  Pages pages;
  std::vector<std::string> organisations;      ///< a stream each
  Instant begin;                               ///< of a stream that has no cursor yet
  std::chrono::milliseconds poll{5'000};       ///< between two readings of a stream
  std::chrono::milliseconds overlap{120'000};  ///< a reading goes back by so much
  std::chrono::milliseconds reconcile{0};      ///< between two passes over recent days (OS-5); 0: never
  std::chrono::milliseconds look_every{1'000}; ///< for what the clock or an operator has made due
  unsigned page_size = 100;
  std::shared_ptr<const RowControls> controls = std::make_shared<RowControls>(); ///< never null
  bool is_migration = false;
  bool is_shared = false; ///< engines may share its records and streams; otherwise this one has them all
  std::chrono::milliseconds retry_for{86'400'000}; ///< what time may cure is tried so long (defer())
  std::chrono::milliseconds hope{0};               ///< of a run that is to end (Hope); 0: it is not
  ledger_actor ledger;
  std::vector<carrier_actor> carriers;
  std::vector<uploader_actor> uploaders;
  engine_actor engine; ///< told when the row is idle or busy again; may be null
  std::function<Instant()> now;
  std::function<Moment()> clock;
  std::shared_ptr<LiveProbe> probe; ///< may be null
};

/// The changes of one row as they are made: events from the ledger's inbox, what the update streams find
/// besides, records whose time has come. Many changes of one record at once are one reading of it; a change
/// that comes while it is read has it read again. Nothing is forgotten before its outcome is in the ledger.
/// While the row is paused nothing is read and no record begun; events wait in the inbox.
///
/// Of a row that engines share it carries the records of its partitions, and reads its streams; what these
/// show of other partitions goes into the inbox, with the cursor that passes it. A pass over recent days is
/// as history: who reads it carries what it finds.
class LiveFeed : public actor_base<feed_actor> {
public:
  LiveFeed(caf::actor_config& config, FeedSetup setup);
  const char* name() const override { return "live feed"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  struct Stream {
    enum class Hold : std::uint8_t {
      ours,
      leaving, ///< another engine is to have it, once nothing of it is under way here
      none,
    };
    UpdateStream changes;
    Hold hold = Hold::ours;
    Moment next_poll{};
    bool asking = false;
    bool fails = false;               ///< since it was last read
    std::optional<Instant> read = {}; ///< to its end, the last time
    Instant begun{};                  ///< when this reading began
    Instant told{};                   ///< the last `begun` noted as the time the stream was up to date
    /// Of a pass over recent days for what no stream can show: when the last one began. Nothing for a stream.
    std::optional<Instant> passed = {};
    std::optional<Narrowing> narrowing = {}; ///< looks for what the source cannot read
    Answered refusal = {};                   ///< of the page that it looks into
  };

  /// Why a record is to be carried: what is done with once it is.
  struct Reasons {
    std::vector<std::int64_t> inbox;
    std::vector<std::pair<std::size_t, std::uint64_t>> tickets; ///< stream, ticket
    std::vector<std::int64_t> woken;
    std::optional<Waiting> waited; ///< of the last one woken
    bool asked_for = false;        ///< by an operator
    Instant since;                 ///< told of first
  };
  struct Work {
    std::string record_id; ///< `{party id}/{guid}`
    Instant begun;         ///< the reading under way
    Reasons now;
    std::optional<Reasons> next; ///< came while it was read
    bool running = false;
  };

  // -- what there is to do ----------------------------------------------------------
  void load(std::vector<std::string> organisations);
  void on_loaded(const std::vector<std::string>& organisations, const CursorsLoaded& loaded);
  void tick();
  void look();
  void on_due(const DueLoaded& due);
  void look_into_inbox();
  void on_inbox(const InboxLoaded& loaded, const ledger::Partitions& asked);
  bool is_taken(const ledger::InboxEntry& entry) const;
  Reasons& reasons(const std::string& record_id);
  bool has(const std::string& record_id) const;
  bool room(std::size_t more) const;
  bool may_begin() const { return !draining_ && !setup_.controls->paused; }
  std::size_t window() const { return setup_.controls->credit; }

  // -- what is ours (live_feed_share.cpp) -------------------------------------------
  void take_share(const Share& share);
  void take_streams(const std::set<std::string>& organisations);
  void leave(Stream& stream) const;
  void let_go();
  void give_over(const ledger::Partitions& lost);
  void strip(Reasons& why, const Work& work, bool is_lost, ledger::FeedCommit& found);
  Share in_use() const;
  bool is_mine(const std::string& record_id) const;
  void place(Stream stream);

  // -- streams ----------------------------------------------------------------------
  void read(std::size_t stream);
  void on_page(std::size_t stream, const Answered& answered);
  void ask(std::size_t stream, const source::ListRequest& list);
  void poll_failed(std::size_t stream);
  void on_refused(std::size_t stream, const Answered& answered);
  void narrow(std::size_t stream);
  void on_narrowed(std::size_t stream, const Answered& answered, std::size_t rows);
  void look_at_unreadable(const ledger::Exception& exception, Instant at);
  void on_read_after_all(const ledger::Exception& exception, const Answered& answered);
  void hand_out(std::size_t stream, const codec::Row& row, std::uint64_t content, std::uint64_t ticket);
  void note_cursor(std::size_t stream);
  bool is_at_target(const Uuid& guid, const ledger::Listed& listed);

  // -- passes -----------------------------------------------------------------------
  void add_pass(const std::string& organisation, const std::optional<Checkpoint>& last);
  void begin_if_due(Stream& stream);
  void end_pass(std::size_t stream);
  bool is_background(const Reasons& why) const;

  // -- carrying ---------------------------------------------------------------------
  void go_on();
  void begin(const std::string& key);
  void finish(const std::string& key, const Uploaded& uploaded);
  static std::string feed_of(const UpdateStream& stream);
  ledger::FeedCommit outcome_of(const Work& work, Uploaded uploaded);
  Instant carried_before(const Reasons& why) const;
  static bool is_look_behind(const Reasons& why);
  void look_again(ledger::FeedCommit& commit, const Work& work, Uploaded& uploaded) const;
  void look_for_revived(ledger::FeedCommit& commit, const Work& work, const Uploaded& uploaded) const;
  void commit(ledger::FeedCommit commit, bool is_work = true);

  bool idle() const;
  void tell_idle();
  void publish();
  void give_up(const Problem& problem);

  FeedSetup setup_;
  codec::Parser parser_;
  std::vector<Stream> streams_;
  std::unordered_map<std::string, Work> works_; ///< by key_of(): an event may name another party (OE-6)
  std::deque<std::string> queue_;               ///< keys of works_ that are to begin
  std::size_t running_ = 0;
  std::size_t commits_ = 0; ///< of work, under way
  struct Version {
    Instant last_changed;
    std::uint64_t content = 0; ///< Seen::row
  };
  GenerationCache<Uuid, Version> carried_; ///< which version of a record is at the target
  std::int64_t inbox_read_ = 0;            ///< id of the last entry taken
  bool inbox_may_hold_ = true;
  bool asking_inbox_ = false;
  std::set<std::string> looked_at_;       ///< what the source could not read, asked for once more
  Share mine_;                            ///< where the row is shared
  bool has_share_ = false;                ///< knows what is its own
  bool elsewhere_ = false;                ///< other engines have something to do
  std::uint64_t waiting_ = 0;             ///< in the inbox, of all engines
  std::vector<ledger::InboxEvent> found_; ///< on the page that is read, for others
  std::set<std::string> loading_;         ///< organisations whose cursors are asked for
  bool ticks_ = false;
  bool due_may_hold_ = false; ///< more that is due than was told
  std::size_t woken_ = 0;     ///< works that a wake-up asks for
  bool looking_ = false;
  bool looked_ = false;
  bool draining_ = false;
  bool idle_told_ = false;
  std::uint64_t held_ = 0; ///< records that wait for somebody, as the ledger said last
  Hope hope_;
};

} // namespace dialogferry::engine
