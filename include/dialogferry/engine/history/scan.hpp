#pragma once

#include <dialogferry/engine/listing/row_head.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/shard.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

namespace dialogferry::engine {

/// The next list request of a scan (storage.md 1.2).
struct ListQuery {
  enum class Kind : std::uint8_t {
    page, ///< newest first in [from, before), without a token
    tie,  ///< every row at exactly `at`, ascending, following tokens
  };
  Kind kind = Kind::page;
  Instant from;
  Instant before;
  Instant at;
  std::string token; ///< tie only: continuation token of the previous answer, as it is sent; empty at first
  unsigned size = 0; ///< rows to ask for; 0: a page

  bool operator==(const ListQuery&) const = default;
};

/// Rows that may be carried now, and where the shard stands once they and all rows before them are done.
struct ScanBatch {
  /// Which rows: index into the rows of the last page answer (first) and of this tie answer (second).
  std::vector<std::uint32_t> from_page;
  std::vector<std::uint32_t> from_tie;
  Checkpoint checkpoint;
  /// A microsecond that could not be read and is done with once it is an exception (leave_out()).
  std::optional<Instant> left_out = std::nullopt;
};

/// The loss-free newest-first scan of one window (storage.md 1.5), without any I/O: next() says what to ask,
/// the answer goes into on_page() or on_tie(). A page is held until the group of equal times at its end is
/// known, so that no row is lost or carried twice whatever the server's paging does at ties.
class Scan {
public:
  /// Starts at `checkpoint` inside [from, to). A checkpoint at `to` is a fresh start.
  Scan(Instant from, Instant to, Checkpoint checkpoint);

  /// What to ask next; nothing once the window is done.
  std::optional<ListQuery> next() const;

  /// The answer to a page query. `more` = the server names a next page. The batch is empty where the tie
  /// group must be read first; the page's rows then come with it.
  Result<std::optional<ScanBatch>> on_page(std::span<const RowHead> rows, bool more);

  /// The answer to a tie query; `next_token` is empty on the last one.
  Result<ScanBatch> on_tie(std::span<const RowHead> rows, std::string next_token);

  /// What is listed at `at` cannot be read (observed.md OS-4): the scan goes on around it. Where its tie
  /// group was asked for, the rows of the page that waited for it come at once; otherwise with the page that
  /// reaches it.
  std::optional<ScanBatch> leave_out(Instant at);

  bool done() const { return state_ == State::done; }

  /// Pages asked so far: the measure of `split_after`.
  std::uint32_t pages() const { return pages_; }

  /// Where the rest of the window ends (exclusive): what a split divides. Only between pages, see
  /// at_boundary().
  Instant rest() const { return before_; }

  /// True when no tie group is under way, so that [from, rest()) is exactly what is left.
  bool at_boundary() const { return state_ == State::page; }

private:
  enum class State : std::uint8_t { page, tie, done };

  bool fresh(const Uuid& id);
  Instant floor() const;
  void finish_window(ScanBatch& batch);
  void note_displaced(std::span<const RowHead> rows);
  Result<std::optional<ScanBatch>> ask_for_more(std::size_t rows, unsigned asked);
  void hold(std::span<const RowHead> rows, std::int64_t lowest);

  Instant from_;
  Instant before_;
  State state_ = State::page;
  std::optional<Instant> left_out_; ///< pages are read down to behind it first
  unsigned size_ = 0;               ///< of the next request, where not a page
  std::uint32_t pages_ = 0;

  // -- the tie group under way --------------------------------------------------
  Instant tie_at_;
  std::string tie_token_;
  std::vector<std::uint32_t> held_;   ///< rows of the page that wait for the tie group
  std::vector<std::uint32_t> at_tie_; ///< rows of the page that are of it
  std::vector<Uuid> tie_ids_;         ///< done at tie_at_, in order of reading
  std::unordered_set<Uuid>
      seen_; ///< what must not be carried again: the tie group, the last page, displaced rows
  std::vector<Uuid> displaced_; ///< rows seen below their own time (storage.md 2.8), may come again
};

/// Divides [from, to) into `parts` windows of equal length, newest first; fewer where the window is too short
/// to divide at microseconds.
std::vector<std::pair<Instant, Instant>> split_window(Instant from, Instant to, unsigned parts);

} // namespace dialogferry::engine
