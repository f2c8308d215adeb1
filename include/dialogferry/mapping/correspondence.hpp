#pragma once

#include <dialogferry/codec/correspondence.hpp>
#include <dialogferry/codec/dialog.hpp>
#include <dialogferry/mapping/settings.hpp>
#include <dialogferry/model/problem.hpp>
#include <dialogferry/model/result.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Messages of Altinn 2 to Correspondence, and of Altinn 3 to Dialogporten (contracts/correspondence.md):
/// pure functions of their input.
namespace dialogferry::mapping::correspondence {

/// A party as Register knows it.
struct KnownParty {
  Uuid id;
  codec::OptionalText urn;      ///< externalUrn; nothing: known, without URN (a system user)
  codec::OptionalText name;     ///< displayName
  codec::OptionalText username; ///< of a self-identified user
};

/// The parties that were looked up, found by their ids. The texts are not copied.
class Directory {
public:
  Directory() = default;
  explicit Directory(std::vector<KnownParty> parties);

  /// Null: Register does not know the party.
  const KnownParty* find(const Uuid& id) const;
  /// Its URN; nothing where it is unknown or has none.
  codec::OptionalText urn(const Uuid& id) const;

private:
  std::vector<KnownParty> parties_; ///< by id
};

/// Everything that one decision rests on. Pointers and views need to live for the call only.
struct Input {
  const codec::Correspondence* record = nullptr;   ///< always there
  const codec::Correspondence* previous = nullptr; ///< the record as last carried; nothing: not carried yet
  std::optional<Uuid> correspondence_id;           ///< M2's answer
  std::span<const Uuid> attachment_ids; ///< M1's answers, of the record's attachments in their order, or none
  /// Of parties_needed(); null: nobody was looked up, and a create does not foresee the dialog. Everything
  /// else needs it.
  const Directory* parties = nullptr;
  const codec::StoredDialog* existing = nullptr; ///< the dialog as it is in Dialogporten
  bool is_migration = false;
  Instant now;
};

enum class Action : std::uint8_t {
  create,  ///< hop 1, or an Altinn 3 message whose dialog is missing
  exclude, ///< never carried, counted
  none,    ///< nothing new
  update,
  remove, ///< a new hard delete
  purge,  ///< Altinn 3: publishing failed
};

/// As 2.7 spells them: `create`, `delete`.
std::string_view name_of(Action action);

/// One field of M1's query, not yet escaped (1.2).
struct QueryField {
  std::string_view name;
  std::string value;
};

using AttachmentQuery = std::vector<QueryField>;

/// A request: to Correspondence, or to Dialogporten.
struct Call {
  std::string_view method;
  std::string path; ///< with its query, behind the platform's base address
  std::string body; ///< JSON; empty without one
};

struct Decision {
  Action action = Action::none;
  std::string_view reason; ///< a short sentence for people, a constant
  bool silent = false;     ///< of a create
  std::vector<AttachmentQuery> attachments;
  std::string migrate;           ///< body of M2; empty while the attachments have no ids yet
  std::optional<Uuid> dialog_id; ///< where the message's id is known
  std::string dialog; ///< what the dialog will be; empty where it cannot be told yet, or there is none
  std::vector<Problem> refused; ///< what Dialogporten will not take of the dialog (3.10)
  std::vector<Call> sync;       ///< M4, M6, M5
  std::vector<Call> calls;      ///< what reaches Dialogporten after the create, or by `sync`
};

/// What is to be done with a message (2.7). A Problem is an exception of this record.
Result<Decision> decide(const Input& input, const Settings& settings);

/// The label that a dialog has after an event (3.3, 3.8).
enum class DialogLabel : std::uint8_t { none, bin, archive };

/// `Default`, `Bin`, `Archive`
std::string_view name_of(DialogLabel label);

/// One call of M4, M6 or M5.
struct SyncStep {
  Call call;
  /// Of a call with the one event that changes the dialog's label: what it then is. The next such call may go
  /// out when the dialog has it (observed.md OC-5). Nothing where the label stays.
  std::optional<DialogLabel> label;
  Instant at;       ///< with a label: when it happened, by which the event is known again
  Instant known_at; ///< likewise: when its source learned of it
};

/// What M4 to M6 are to be told of a record that was carried as `previous`, in the order of events: those
/// that change the label one a call (observed.md OC-5), what else lies between two of them together;
/// notifications and forwards in one call each (OC-16). A Problem where an event breaks a limit.
Result<std::vector<SyncStep>> sync_steps(const codec::Correspondence& record,
                                         const codec::Correspondence& previous,
                                         const Uuid& correspondence_id);

/// The record as it was before `until`: without the events that the archive learned of then or later.
codec::Correspondence known_before(codec::Correspondence record, Instant until);

/// What of a live record goes into M2, so that everything else can follow one by one once it is published:
/// all that M4 to M6 would not take, and what its source knew before `carried_before`. Of a record that was
/// never carried (nothing) all but what moves a dialog or deletes it (observed.md OC-5, OC-7).
codec::Correspondence first_sent(codec::Correspondence record, std::optional<Instant> carried_before);

/// Whether it was ever published: a live one is carried only then (observed.md OC-15).
bool is_published(const codec::Correspondence& record);

/// Whether it was deleted for good: never carried (2.2).
bool is_deleted_for_good(const codec::Correspondence& record);

/// The first limit of 1.2, 1.7 and 2.1 to 2.5 that the record breaks, or where it collides with itself (1.4
/// trap 1); its member is that of the record. Lengths are UTF-16 code units (observed.md OC-10).
std::optional<Problem> find_unfit(const codec::Correspondence& record);

/// The dialog's id (3.2). `created` counts where the message's id is not version 7, `now` where that time is
/// more than 15 seconds ahead.
Uuid dialog_id_of(const Uuid& correspondence_id, Instant created, Instant now);

/// Whom Register must be asked for, each once: the recipient of a self-identified user, first reader and
/// confirmer, who forwarded and to whom; of a record that was carried, who acted since.
std::vector<Uuid> parties_needed(const codec::Correspondence& record, const codec::Correspondence* previous);

} // namespace dialogferry::mapping::correspondence
