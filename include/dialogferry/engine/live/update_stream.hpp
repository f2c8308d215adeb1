#pragma once

#include <dialogferry/engine/listing/row_head.hpp>
#include <dialogferry/model/shard.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace dialogferry::engine {

/// The changes of one organisation in the order they were made, read over and over, without any I/O
/// (decisions.md D-12): begin() starts a poll, next() says what to ask, the answer goes into on_page(). Each
/// poll goes back by `overlap`, since changes become visible out of order (storage.md 2.9); what was handed
/// out before is passed by, unless its row says something else at the same time (observed.md OS-2). The
/// cursor never runs ahead of a record that is not done.
class UpdateStream {
public:
  /// `begin` is where the stream itself starts: what lies before belongs to history, whatever the overlap.
  UpdateStream(std::string organisation, Instant begin, std::optional<Checkpoint> cursor,
               std::chrono::milliseconds overlap);

  struct Query {
    Instant from;                                 ///< lastChanged, inclusive
    std::string token;                            ///< continuation token of the answer before; mostly empty
    unsigned size = 0;                            ///< rows to ask for; 0: a page
    std::optional<Instant> before = std::nullopt; ///< lastChanged, exclusive
  };
  /// A row to be carried; done(ticket) says that it is.
  struct New {
    std::size_t index = 0; ///< into the rows of the page
    std::uint64_t ticket = 0;
  };

  const std::string& organisation() const { return organisation_; }

  void begin();
  bool polling() const { return polling_; }
  Query next() const { return {from_, token_, size_, end_}; }

  /// The rows that were not handed out before, or with another content. `next_token` is empty on the last
  /// page, which ends the poll. So does a page that cannot be gone on from, see is_stuck().
  std::vector<New> on_page(std::span<const RowHead> rows, std::string next_token);
  /// The poll has failed; the next one begins where the cursor is.
  void give_up() { polling_ = false; }

  /// What is listed at `at` cannot be read (observed.md OS-4): the stream goes on around it, in this poll and
  /// in those that come.
  void leave_out(Instant at);

  /// The page with a token could not be read: asks once more for what is at its time alone. False where that
  /// was asked already, so that it is this time that cannot be read; or where there is no token.
  bool narrow_to_tie();

  /// The last page ended its poll since none of its rows, however many were asked for, says where the list
  /// is (size_with_token()).
  bool is_stuck() const { return stuck_; }

  void done(std::uint64_t ticket);

  /// Where the stream stands, if that has moved since it was last asked for.
  std::optional<Checkpoint> take_cursor();

  /// The same, moved or not.
  const Checkpoint& cursor() const { return cursor_; }

  /// Of the oldest record handed out and not done.
  std::optional<Instant> oldest() const;
  bool waiting() const { return !pending_.empty(); }

private:
  using Version = std::pair<Instant, Uuid>;
  struct Pending {
    Version version;
    Instant reached; ///< everything listed before this is in front of it
    bool done = false;
  };

  Instant start() const;
  void begin_at(Instant from);
  void forget();
  void go_on(std::span<const RowHead> rows, Instant from, std::string token);
  void advance();

  std::string organisation_;
  Instant begin_;
  Checkpoint cursor_;
  std::chrono::milliseconds overlap_;
  std::map<Version, std::uint64_t> handed_out_; ///< since the overlap's begin; with what content
  std::deque<Pending> pending_;
  std::uint64_t first_ = 0; ///< ticket of pending_.front()
  Instant furthest_;        ///< that was reached by what is or was pending
  bool polling_ = false;
  bool moved_ = false;
  bool stuck_ = false;
  Instant from_;
  std::string token_;
  unsigned size_ = 0;
  std::set<Instant> left_out_; ///< since the overlap's begin
  std::optional<Instant> end_; ///< of what is asked for now
};

} // namespace dialogferry::engine
