#pragma once

#include "../actor_fixture.hpp"

#include <dialogferry/engine/history/day_shard.hpp>
#include <dialogferry/source/storage.hpp>

#include <algorithm>
#include <set>

namespace dialogferry::engine::test {

inline const Day shard_day = *parse_day("2025-03-01");

/// The list of Storage as it behaves: newest first, at equal times by row id, tokens only where rows are
/// equal.
struct Listing {
  struct Row {
    std::string guid;
    Instant at;
    std::string broken;   ///< stands in the row's place where it is not empty
    bool readable = true; ///< otherwise every page that holds it is refused (observed.md OS-4)
  };

  /// A row so many microseconds after the day's start.
  void add(std::int64_t microseconds, const std::string& broken = {});

  Answered answer(const Call& call) const;
  static std::string json(const Row& row);
  Digest digest() const;

  std::vector<Row> rows;
  std::string unreadable =
      R"("The JSON value could not be converted to System.String. Path: $.DataValues.n")";
};

/// A shard between a list, carriers and a ledger that answer when told.
class ShardWorld : public World {
public:
  ShardWorld();

  void start();

  /// The carriers are done with the `index`th job of all.
  void finish(std::size_t index, Outcome outcome = Outcome::created);
  void finish_all();

  const ledger::Commit& commit(std::size_t index) const;
  void acknowledge(std::size_t index);

  /// Finishes and acknowledges whatever comes until nothing comes any more.
  void let_go();

  Counts counts() const;
  std::set<std::string> carried() const;
  const ShardEnded& end() const;

  Listing list;
  Shard shard;
  std::shared_ptr<RowControls> controls = std::make_shared<RowControls>();
  ShardSetup setup;
  std::shared_ptr<RowProbe> probe = std::make_shared<RowProbe>();
  std::shared_ptr<Desk<Call, Answered>> storage = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<NoteProgress, Noted>> ledger = std::make_shared<Desk<NoteProgress, Noted>>();
  std::vector<Carry> hands;
  std::vector<std::size_t> taken_by = {0, 0}; ///< hands by carrier
  std::vector<RecordJob> jobs;
  std::set<std::string> finished;
  std::size_t done = 0;
  std::vector<ShardEnded> ended;
  supervisor_actor parent;
  shard_actor actor;

private:
  void take(std::size_t carrier, const Carry& hand);
};

} // namespace dialogferry::engine::test
