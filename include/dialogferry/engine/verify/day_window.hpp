#pragma once

#include <dialogferry/codec/instance_head.hpp>
#include <dialogferry/engine/history/scan.hpp>
#include <dialogferry/engine/listing/pages.hpp>
#include <dialogferry/engine/verify/actors.hpp>
#include <dialogferry/engine/verify/party_book.hpp>
#include <dialogferry/http/body_store.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dialogferry::engine::verify {

/// What the windows of one row have in common.
struct WindowSetup {
  Pages pages;
  gate_actor dialogporten;
  metadata_actor metadata;
  register_actor registry;
  std::shared_ptr<const mapping::Mapper> mapper;
  std::shared_ptr<PartyBook> parties;
  std::shared_ptr<http::BodyStore> bodies; ///< gets the buffers of pages back; may be null
  std::function<Instant()> now;
  Priority priority = Priority::history; ///< of pages; what others may wait for as well has the usual one
  unsigned source_page = 250; ///< rows; a page of either side fits a buffer that is kept (BodyStore::largest)
  unsigned target_page = 500; ///< dialogs
  bool archived_forms = false; ///< the row is of forms of Altinn 1 and 2, or of all others
};

/// A part of a day of one organisation.
struct Window {
  std::string organisation;
  Instant from;           ///< inclusive
  Instant to;             ///< exclusive
  bool may_split = false; ///< ends after the first page where there is more, so that windows beside each
                          ///< other read the rest
  bool searches = true;   ///< false: everything that the source has is a suspect
};

/// Reads both sides of a window, newest first, and compares them as it reads: the source by the loss-free
/// scan of storage.md 1.5, the target by search in the order of updatedAt, which a carried dialog has from
/// its record's lastChanged. It reads of a side only what it needs next.
class DayWindow : public actor_base<window_actor> {
public:
  DayWindow(caf::actor_config& config, Window window, std::shared_ptr<const WindowSetup> setup,
            verifier_actor parent);
  const char* name() const override { return "day window"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  /// What is known of an application, once it was asked for.
  struct App {
    FoundApplication found;
    std::uint64_t resource = 0;
  };

  void go_on();
  bool has_room() const { return suspects_.size() < most_suspects; }
  void deliver();
  void end(std::optional<Problem> problem = {});
  void no_answer(std::string_view member, const caf::error& error);

  // -- the source -----------------------------------------------------------------
  bool may_read_source() const;
  void ask_source(const ListQuery& query);
  void on_source(const ListQuery& query, const Answered& answered);
  Result<std::optional<ScanBatch>> take(const ListQuery& query, codec::HeadPage page);
  void prepare(const ScanBatch& batch);
  void ask_for_missing();
  void ask_for_application(const std::string& app_id);
  void ask_for_parties(std::vector<std::int64_t> parties);
  void arrived();
  void take_rows();
  void take_row(const codec::InstanceHead& row, std::uint64_t party, std::vector<Head>& heads);

  // -- the target -----------------------------------------------------------------
  bool may_read_target() const;
  void ask_target();
  void on_target(const Answered& answered);
  bool is_of_row(const codec::DialogHead& dialog) const;

  static constexpr std::size_t most_suspects = 1000;

  Window window_;
  std::shared_ptr<const WindowSetup> setup_;
  verifier_actor parent_;
  Scan scan_;
  Merge merge_;
  WindowEnded tally_;
  std::vector<Suspect> suspects_;       ///< not delivered yet
  std::optional<codec::HeadPage> page_; ///< what the next batch's rows are in
  std::optional<codec::HeadPage> tie_;
  std::vector<const codec::InstanceHead*> rows_; ///< of the batch that is prepared
  std::vector<std::int64_t> owners_;             ///< theirs
  std::map<std::string, App, std::less<>> apps_;
  std::size_t lookups_ = 0; ///< under way for the batch
  std::string token_;       ///< of the next page of the target
  bool asking_source_ = false;
  bool source_over_ = false;
  bool asking_target_ = false;
  bool target_over_ = false;
  bool delivering_ = false;
  bool ended_ = false;
};

} // namespace dialogferry::engine::verify
