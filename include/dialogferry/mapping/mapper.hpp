#pragma once

#include <dialogferry/codec/application.hpp>
#include <dialogferry/codec/dialog.hpp>
#include <dialogferry/codec/events.hpp>
#include <dialogferry/codec/instance.hpp>
#include <dialogferry/mapping/settings.hpp>
#include <dialogferry/mapping/wording.hpp>
#include <dialogferry/model/outcome.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// App instances and archived forms to dialogs (contracts/mapping-instances.md): pure functions of their
/// input.
namespace dialogferry::mapping {

/// An application and its texts, read once and used for all its records, from any number of threads.
class PreparedApplication {
public:
  struct Parts;
  explicit PreparedApplication(std::unique_ptr<const Parts> parts);
  ~PreparedApplication();
  PreparedApplication(const PreparedApplication&) = delete;
  PreparedApplication& operator=(const PreparedApplication&) = delete;

  const Parts& parts() const { return *parts_; }
  const codec::SyncSwitches& switches() const;

private:
  std::unique_ptr<const Parts> parts_;
};

/// What a mapping needs to ask Register for.
struct Lookups {
  std::string_view party_id;          ///< the owner (M-50)
  std::vector<std::int64_t> user_ids; ///< who acted, each once, in the order of the events
};

Lookups lookups_needed(const codec::Instance& instance, const codec::Events& events);

/// A user that Register knows, and the URN that stands for them (codec::Party::urn). An empty URN is a
/// problem of the record, where a user who is not in the list at all may be told by other means (M-50,
/// M-113).
struct KnownUser {
  std::int64_t id = 0;
  std::string_view urn;
};

/// Everything that one decision rests on. Pointers and views need to live for the call only.
struct Input {
  const codec::Instance* instance = nullptr;        ///< nothing: the instance is gone (404)
  const codec::Events* events = nullptr;            ///< nothing: the answer is missing
  const PreparedApplication* application = nullptr; ///< nothing: Storage does not know it (404)
  std::optional<std::string_view> party_urn;        ///< of the owner; nothing: Register does not know it
  std::span<const KnownUser> users;
  const codec::StoredDialog* existing = nullptr; ///< what is there under the id of dialog_id_of()
  bool is_migration = false;                     ///< history and archived forms: silent, never waits
  Instant now;
};

/// A request to Dialogporten.
enum class Call : std::uint8_t { create, update, remove, purge, restore, form_saved_time };

/// What to do: the first call, or why there is none.
enum class Action : std::uint8_t {
  create,
  update,
  restore,
  remove, ///< soft delete
  purge,
  form_saved_time, ///< nothing but the time of a stored activity moves (observed.md OR-7)
  none,            ///< nothing to send
  exclude,         ///< never carried, counted
  later,           ///< not complete at the source yet
};

/// As interfaces.md spells them: "create", "delete", "formSavedTime".
std::string_view name_of(Call call);
std::string_view name_of(Action action);

/// The time of a stored FormSaved activity that moves (M-10); follows the update.
struct FormSavedTime {
  Uuid activity_id;
  Instant created_at;
};

struct Decision {
  Action action = Action::none;
  std::vector<Call> calls;              ///< all requests, in order
  bool silent = false;                  ///< the flag of these requests (M-8)
  std::string_view reason;              ///< a short sentence for people, a constant
  Outcome outcome = Outcome::unchanged; ///< what the record counts as once the calls are through
  Uuid dialog_id;                       ///< the dialog's real id (M-4, M-40, D-4)
  std::optional<Uuid> revision;         ///< If-Match of the first call (M-9); nothing for a create
  std::string body;                     ///< JSON of the create or update, empty without one
  std::vector<FormSavedTime> form_saved_times;
  /// When a submission that was held back goes out (D-3), or a record whose times are ahead of the clock
  /// (observed.md OR-6).
  std::optional<Instant> retry_at;
  std::uint32_t activities_left_out = 0; ///< of events whose user tells nothing (observed.md OR-12)
  bool write_back = false; ///< `dialog.id` is to be set in the instance's data values just before (M-6)
};

/// Puts off what the target would refuse because the record's times are ahead of the clock (observed.md
/// OR-6; dialogporten.md 3.1): the decision becomes `later`, with the time at which it will be taken. What is
/// ahead by more than a day is not waited for: the target says so itself.
void await_clock(Decision& decision, const Input& input);

/// Maps records. Immutable and free of hidden state: one serves all threads.
class Mapper {
public:
  explicit Mapper(Settings settings = {}, Wording wording = {});
  ~Mapper();
  Mapper(Mapper&&) noexcept;
  Mapper& operator=(Mapper&&) noexcept;

  /// Prepares an application with the texts that exist of it, in the order nb, nn, en (M-62).
  Result<std::shared_ptr<const PreparedApplication>>
  prepare(codec::Parser& parser, codec::Document application, std::vector<codec::Document> texts) const;

  /// The id under which the instance's dialog is, or is to be, found: chosen by the app (M-4) or derived
  /// (M-40). Nothing where the app chose none that is valid: such an instance is not synced. Fails where an
  /// app that chooses ids has not set one yet.
  Result<std::optional<Uuid>> dialog_id_of(const codec::Instance& instance,
                                           const PreparedApplication* application, Instant now) const;

  /// What is to be done (M-3, M-5). A Problem is an exception of this record: trying again changes nothing
  /// until the source, Register or the application changes.
  Result<Decision> decide(const Input& input) const;

  struct Impl;

private:
  std::unique_ptr<const Impl> impl_;
};

} // namespace dialogferry::mapping
