#pragma once

#include "../supervisor_fixture.hpp"

#include <dialogferry/engine/live/live_feed.hpp>
#include <dialogferry/source/storage.hpp>

#include <algorithm>

namespace dialogferry::engine::test {

/// The ascending list of Storage, of one version each record.
struct LiveList {
  struct Row {
    std::string id; ///< `{party id}/{guid}`
    Instant at;
    std::string broken = {}; ///< stands in the row's place where it is not empty
    std::string title = {};  ///< among its presentation texts
    bool readable = true;    ///< otherwise every page that holds it is refused (observed.md OS-4)
  };
  std::vector<Row> rows;
  std::string unreadable =
      R"("The JSON value could not be converted to System.String. Path: $.DataValues.n")";

  Answered answer(const Call& call) const;
};

/// A feed between a list, a ledger whose inbox holds what the test puts in, and an uploader that answers when
/// told.
class FeedWorld : public World {
public:
  FeedWorld();

  static std::string record(std::uint32_t n);

  void start();

  /// The ledger has noted a change of it, joined with what waits already; the feed is not told yet.
  void note(const std::string& record_id);
  void event(const std::string& record_id);

  /// The uploader is done with the `index`th record.
  void finish(std::size_t index, Uploaded uploaded);
  void finish(std::size_t index, Outcome outcome = Outcome::created, Instant version = {});

  std::vector<std::string> carried() const;
  /// What was committed, but cursors that moved alone.
  std::vector<ledger::FeedCommit> commits() const;
  std::optional<Checkpoint> cursor() const;

  LedgerDesks ledger{*this};
  LiveList list;
  std::vector<ledger::InboxEntry> inbox;
  std::int64_t last_id = 0;
  DueLoaded due; ///< told once
  std::shared_ptr<RowControls> controls = std::make_shared<RowControls>();
  FeedSetup setup;
  std::shared_ptr<LiveProbe> probe = std::make_shared<LiveProbe>();
  std::shared_ptr<Desk<Call, Answered>> storage = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<Upload, Uploaded>> uploads = std::make_shared<Desk<Upload, Uploaded>>();
  std::vector<std::string> told;
  bool ended = false; ///< the feed, by itself
  feed_actor actor;

private:
  void set_up_ledger();
  InboxLoaded open_inbox(const LoadInbox& load) const;
  void watch(const feed_actor& feed);
};

} // namespace dialogferry::engine::test
