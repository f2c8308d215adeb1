#pragma once

#include "../sql/tally.hpp"
#include "connection.hpp"
#include "table.hpp"

#include <dialogferry/ledger/commit.hpp>

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace dialogferry::ledger::postgres {

/// A shard, and the row that holds it.
struct KnownShard {
  Shard shard;
  std::int64_t stage = 0;        ///< id
  std::int64_t organisation = 0; ///< id
  std::int64_t version = 0;      ///< of the row
};

/// Collects what a commit changes and sends it, a statement a table instead of a statement a row. Where what
/// is added must come after what was added before, that is sent first: the outcome is that of one after
/// another.
class Batch {
public:
  Batch(Connection& connection, Instant now)
      : connection_(&connection)
      , now_(now) {}

  void begin(const KnownShard& shard);
  /// `before` has become `after`; the object must stay where it is until it is sent. `freed_by` has it no
  /// more; 0: whoever has it keeps it.
  void change(KnownShard& after, const Shard& before, std::int64_t freed_by);
  void hand_over(std::int64_t next, const KnownShard& shard, const std::vector<Handed>& records);
  /// The next stage's shard of that day is due where it waits for that or was done already.
  void make_due(std::int64_t next, const KnownShard& shard, bool more_came);
  void forget_files(const KnownShard& shard);
  void gone_on_with(std::int64_t block) { blocks_done_.add(block); }

  /// A record that failed, of a shard or of none.
  void fail(std::int64_t stage, const Failure& failure, const ShardKey* shard);
  void resolve(ExceptionId id) { resolved_.add(id); }
  /// A record that is carried: an exception it had is resolved, and is none of the stage's failed any more.
  void settle(std::int64_t stage, const std::string& record_id);

  void count(std::int64_t stage, const Counts& added, const Counts& taken_back);
  void move_cursor(std::int64_t stage, const std::string& feed, const Checkpoint& cursor);
  void note_up_to_date(std::int64_t stage, const std::string& feed, Instant at);
  void handled(std::int64_t inbox_entry) { handled_.add(inbox_entry); }

  void woken(std::int64_t wake_up);
  void keep(const WakeUp& wake_up);

  /// Adds all of it to what the connection sends next.
  void send();

private:
  using RecordKey = std::pair<std::int64_t, std::string>;

  void touch(std::int64_t stage, const std::string& record_id);
  void send_shards();
  void send_between_stages();
  void send_days();
  void send_sums();
  void send_exceptions();
  void send_waiting();
  void send_feeds();
  void send_moved_days();
  void send(std::string_view sql, const Table& rows);
  void send(std::string_view sql, Parameters parameters, const Table& rows);

  Connection* connection_;
  Instant now_;
  sql::Tally tally_;
  std::map<KnownShard*, std::int64_t> changed_; ///< and by whom it is freed
  Table begun_{"iiiiiiiii"};
  Table blocks_{"iiib"};
  Table blocks_done_{"i"};
  Table completed_{"ii"};
  Table due_{"iiiit"};
  std::set<std::tuple<std::int64_t, Day, std::int64_t>> due_shards_; ///< stage, day, organisation
  std::set<RecordKey> records_;                                      ///< that failed or are settled
  Table failures_{"iititittttii"};
  Table fresh_{"it"}; ///< failures of no shard, which count where they are new
  Table settled_{"it"};
  Table resolved_{"i"};
  std::set<std::string> wake_up_keys_;
  Table wake_ups_{"tttitttii"};
  Table woken_{"i"};
  std::map<RecordKey, Checkpoint> cursors_;
  std::map<RecordKey, Instant> up_to_date_;
  Table handled_{"i"};
};

/// Takes the watermark of stages along after `days` of them have changed.
void send_moves(Connection& connection, const std::set<std::pair<std::int64_t, Day>>& days, Instant now);

} // namespace dialogferry::ledger::postgres
