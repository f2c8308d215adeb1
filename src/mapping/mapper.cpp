#include "build.hpp"
#include "decide.hpp"
#include "merge.hpp"
#include "unstorable.hpp"

#include <dialogferry/codec/dialog_json.hpp>
#include <dialogferry/mapping/mapper.hpp>
#include <dialogferry/model/masking.hpp>

#include <algorithm>
#include <unordered_set>

namespace dialogferry::mapping {

namespace {

constexpr std::string_view dialog_id_value = "dialog.id";

/// A UUID of version 7 whose time has come (M-4).
bool is_usable_dialog_id(const Uuid& id, Instant now) {
  std::int64_t milliseconds = 0;
  for (std::size_t i = 0; i < 6; ++i)
    milliseconds = milliseconds << 8 | id.bytes[i];
  return id.version() == 7 && (id.bytes[8] & 0xC0) == 0x80 && milliseconds <= now.unix_milliseconds();
}

bool needs_write_back(const Input& input, WriteBack when, const Uuid& dialog_id) {
  const auto& instance = *input.instance;
  const bool archived_form = is_altinn1_form(instance) || is_altinn2_form(instance);
  const bool wanted =
      archived_form || when == WriteBack::all || (when == WriteBack::live && !input.is_migration);
  return wanted && parse_uuid(instance.data_value(dialog_id_value).value_or("")) != dialog_id;
}

std::vector<Call> calls_of(Course course) {
  switch (course) {
  case Course::purge: return {Call::purge};
  case Course::remove: return {Call::remove};
  case Course::create: return {Call::create};
  case Course::create_and_remove: return {Call::create, Call::remove};
  case Course::update: return {Call::update};
  case Course::restore_and_update: return {Call::restore, Call::update};
  default: return {};
  }
}

Action action_of(Course course) {
  switch (course) {
  case Course::nothing: return Action::none;
  case Course::exclude: return Action::exclude;
  case Course::later: return Action::later;
  case Course::purge: return Action::purge;
  case Course::remove: return Action::remove;
  case Course::create:
  case Course::create_and_remove: return Action::create;
  case Course::update: return Action::update;
  case Course::restore_and_update: return Action::restore;
  }
  return Action::none;
}

bool builds(Course course) {
  return course == Course::create || course == Course::create_and_remove || course == Course::update ||
         course == Course::restore_and_update;
}

/// Room for a usual dialog before the arena asks for memory.
using Scratch = std::array<std::byte, 16 * 1024>;

std::optional<Problem> find_gaps(const Input& input) {
  const auto& instance = *input.instance;
  if (input.application == nullptr) return Problem{"application", "is missing", {}};
  if (input.events == nullptr) return Problem{"events", "is missing", {}};
  if (!instance.owner_party_id) return Problem{"instance.instanceOwner.partyId", "is missing", {}};
  if (!instance.data) return Problem{"instance.data", "is missing", {}};
  if (input.party_urn && !input.party_urn->empty()) return std::nullopt;
  return Problem{"instance.instanceOwner.partyId",
                 (input.party_urn ? "is nameless in Register: " : "is unknown to Register: ") +
                     mask_identities(*instance.owner_party_id),
                 {}};
}

/// The dialog's real id: of what is there, else what it is to be. Nothing for an instance that is gone
/// without a dialog, or whose app chose an id that cannot be used. Checked even where the dialog was found
/// (M-4).
Result<std::optional<Uuid>> find_dialog(const Mapper& mapper, const Input& input) {
  const auto stored = input.existing == nullptr ? std::nullopt : std::optional(input.existing->id);
  if (input.instance == nullptr) return stored;
  const bool off = input.application != nullptr && input.application->switches().disable_sync;
  auto id = mapper.dialog_id_of(*input.instance, off ? nullptr : input.application, input.now);
  if (!id || !*id || !stored) return id;
  return stored;
}

/// Makes the body of the update, or finds that there is nothing to send (D-5). Nothing, or what cannot be
/// stored.
std::optional<Problem> settle_update(const Material& material, const codec::DialogBody& built,
                                     Decision& decision) {
  const auto& stored = *material.input.existing;
  auto merged = merge(material, built);
  const bool unchanged = is_unchanged(material.arena, merged.body, stored.body);
  decision.form_saved_times = std::move(merged.form_saved_times);
  decision.calls.insert(decision.calls.end(), decision.form_saved_times.size(), Call::form_saved_time);
  if (!unchanged) {
    if (auto problem = find_unstorable(material.arena, stored.kept, merged.body)) return problem;
    decision.body = codec::write_update(stored.kept, merged.body);
    return std::nullopt;
  }
  std::erase(decision.calls, Call::update); // a time that moves goes alone (OR-7)
  if (!decision.form_saved_times.empty()) {
    if (decision.calls.front() == Call::form_saved_time) decision.action = Action::form_saved_time;
    return std::nullopt;
  }
  decision.write_back = false;
  if (!decision.calls.empty()) return std::nullopt;
  decision.action = Action::none;
  decision.outcome = Outcome::unchanged;
  decision.reason = "The dialog is up to date";
  return std::nullopt;
}

/// Makes the body of the new dialog. Nothing, or what cannot be stored.
std::optional<Problem> settle_create(const Material& material, codec::DialogBody& built, Decision& decision) {
  apply_create_switches(material, built);
  const auto origin = build_origin(material);
  if (auto problem = find_unstorable(material.arena, origin, built)) return problem;
  decision.body = codec::write_create(origin, built);
  return std::nullopt;
}

} // namespace

std::string_view name_of(Call call) {
  switch (call) {
  case Call::create: return "create";
  case Call::update: return "update";
  case Call::remove: return "delete";
  case Call::purge: return "purge";
  case Call::restore: return "restore";
  case Call::form_saved_time: break;
  }
  return "formSavedTime";
}

std::string_view name_of(Action action) {
  switch (action) {
  case Action::create: return "create";
  case Action::update: return "update";
  case Action::restore: return "restore";
  case Action::remove: return "delete";
  case Action::purge: return "purge";
  case Action::none: return "none";
  case Action::form_saved_time: return "formSavedTime";
  case Action::exclude: return "exclude";
  case Action::later: break;
  }
  return "later";
}

Lookups lookups_needed(const codec::Instance& instance, const codec::Events& events) {
  Lookups lookups;
  lookups.party_id = instance.owner_party_id.value_or("");
  std::unordered_set<std::int64_t> met;
  for (const auto& event : events.list)
    if (event.user && event.user->user_id && met.insert(*event.user->user_id).second)
      lookups.user_ids.push_back(*event.user->user_id);
  return lookups;
}

Mapper::Mapper(Settings settings, Wording wording)
    : impl_(std::make_unique<const Impl>(std::move(settings), std::move(wording))) {}
Mapper::~Mapper() = default;
Mapper::Mapper(Mapper&&) noexcept = default;
Mapper& Mapper::operator=(Mapper&&) noexcept = default;

Result<std::optional<Uuid>> Mapper::dialog_id_of(const codec::Instance& instance,
                                                 const PreparedApplication* application, Instant now) const {
  if (application == nullptr || !application->switches().enable_user_supplied_dialog_id)
    return version7(instance.guid, instance.created);
  const auto chosen = instance.data_value(dialog_id_value);
  if (!chosen)
    return fail("instance.dataValues.dialog.id", "is missing, but the application chooses its dialog ids");
  const auto id = parse_uuid(*chosen);
  if (!id || !is_usable_dialog_id(*id, now)) return std::optional<Uuid>{};
  return id;
}

Result<Decision> Mapper::decide(const Input& input) const {
  Decision decision;
  auto id = find_dialog(*this, input);
  if (!id) return tl::unexpected(std::move(id).error());
  if (input.instance != nullptr && !*id) {
    decision.reason = "The dialog id that the application chose cannot be used";
    decision.outcome = Outcome::excluded;
    return decision;
  }
  if (*id) decision.dialog_id = **id;
  if (input.existing != nullptr) decision.revision = input.existing->revision;
  const auto taken = choose_course(input);
  if (!taken) return tl::unexpected(taken.error());
  decision.action = action_of(taken->course);
  decision.calls = calls_of(taken->course);
  decision.reason = taken->reason;
  decision.outcome = taken->outcome;
  const bool never_live = taken->course == Course::create_and_remove ||
                          (taken->course == Course::create && input.instance->status.is_soft_deleted);
  decision.silent = input.is_migration || never_live;
  if (!builds(taken->course)) return decision;

  if (auto problem = find_gaps(input)) return tl::unexpected(std::move(*problem));
  Scratch scratch; // NOLINT(cppcoreguidelines-pro-type-member-init): memory to be, written before it is read
  codec::Arena arena(scratch);
  const auto derived = derive_status(*input.instance, input.instance->status, *input.events);
  const Material material{.mapper = *impl_,
                          .input = input,
                          .instance = *input.instance,
                          .status = input.instance->status,
                          .events = *input.events,
                          .application = input.application->parts(),
                          .dialog_id = decision.dialog_id,
                          .silent = decision.silent,
                          .derived = derived,
                          .arena = arena};
  auto built = build_body(material);
  if (!built) return tl::unexpected(std::move(built).error());
  decision.retry_at = built->retry_at;
  decision.activities_left_out = built->activities_left_out;
  decision.write_back = needs_write_back(input, impl_->settings.write_back, decision.dialog_id);
  auto problem = input.existing != nullptr ? settle_update(material, built->body, decision)
                                           : settle_create(material, built->body, decision);
  if (problem) return tl::unexpected(std::move(*problem));
  return decision;
}

namespace {

constexpr std::int64_t grace = 15 * Instant::per_second; ///< of the target (dialogporten.md 3.1)
constexpr std::int64_t longest_wait = 24 * 3600 * Instant::per_second;

/// When the target will take the record's latest time, where it would not yet (observed.md OR-6). What lies
/// further ahead than a day is not awaited: the target's refusal tells of it.
std::optional<Instant> ahead_of_clock(const Input& input) {
  auto latest = std::max(input.instance->created, input.instance->last_changed);
  for (const auto& event : input.events->list)
    if (event.created) latest = std::max(latest, *event.created);
  const Instant taken{latest.ticks - grace};
  if (taken <= input.now || taken.ticks > input.now.ticks + longest_wait) return std::nullopt;
  return taken;
}

bool sends_a_body(const Decision& decision) {
  const auto has = [&](Call call) {
    return std::find(decision.calls.begin(), decision.calls.end(), call) != decision.calls.end();
  };
  return has(Call::create) || has(Call::update) || has(Call::form_saved_time);
}

} // namespace

void await_clock(Decision& decision, const Input& input) {
  if (input.instance == nullptr || input.events == nullptr || !sends_a_body(decision)) return;
  const auto time = ahead_of_clock(input);
  if (!time) return;
  decision.action = Action::later;
  decision.calls.clear();
  decision.body.clear();
  decision.form_saved_times.clear();
  decision.reason = "The form's times are ahead of the clock";
  decision.outcome = Outcome::deferred;
  decision.write_back = false;
  decision.retry_at = time;
}

} // namespace dialogferry::mapping
