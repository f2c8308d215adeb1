#include "truth_activities.hpp"

#include "text16.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace altinn_sim::storage {

namespace {

constexpr std::array<std::string_view, 16> asked_for{"Created",
                                                     "Deleted",
                                                     "Saved",
                                                     "Submited",
                                                     "Undeleted",
                                                     "SubstatusUpdated",
                                                     "Signed",
                                                     "SentToSign",
                                                     "SentToPayment",
                                                     "SentToSendIn",
                                                     "SentToFormFill",
                                                     "InstanceForwarded",
                                                     "MessageArchived",
                                                     "InstanceRightRevoked",
                                                     "NotificationSentSms",
                                                     "MessageRead"};
constexpr std::array<std::string_view, 8> always_shown{"Submited",     "Signed",        "MessageArchived",
                                                       "MessageRead",  "SentToSign",    "SentToPayment",
                                                       "SentToSendIn", "SentToFormFill"};

template <class Names>
bool among(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Whose activity it is, in the sense of M-111: two are of one actor where kind and text are the same.
struct Performer {
  enum class Kind : std::uint8_t { id, name, service_owner };
  Kind kind;
  std::string text;

  bool same(const Performer& other) const {
    return kind == other.kind && kind != Kind::service_owner && !blank(text) && text == other.text;
  }
};

// M-113
std::optional<Performer> performer(const World& world, const Actor& user) {
  using Kind = Performer::Kind;
  if (user.user_id > 0) {
    if (const auto found = world.user(user.user_id)) {
      if (found->kind == PartyKind::enterprise_user) return Performer{Kind::name, found->display_name};
      return Performer{Kind::id, "user " + std::to_string(user.user_id)};
    }
  }
  if (user.end_user_system > 0) return Performer{Kind::name, "EUS #" + std::to_string(user.end_user_system)};
  if (!blank(user.system_user_owner)) return Performer{Kind::id, user.system_user_owner};
  if (!blank(user.org_id)) return Performer{Kind::service_owner, ""};
  return {};
}

/// Older Storage wrote events without anybody who acted: they become nothing (observed.md OR-12).
bool tells_nothing(const Actor& user) {
  return user.absent || (user.user_id <= 0 && user.end_user_system <= 0 && blank(user.system_user_owner) &&
                         blank(user.org_id));
}

/// M-110: what an event becomes; null for nothing. `created` tells whether a creation was seen before.
std::optional<ActivityKind> kind_of(const Event& event, bool& created) {
  if (tells_nothing(event.user)) return {};
  if (event.type == "Submited") return ActivityKind::form_submitted;
  if (event.type == "Saved")
    return blank(event.user.org_id) ? std::optional(ActivityKind::form_saved) : std::nullopt;
  if (event.type == "Created") {
    if (event.about_data || created) return {};
    created = true;
    return ActivityKind::other;
  }
  if (event.type == "Deleted" || event.type == "Undeleted") {
    return event.about_data ? std::nullopt : std::optional(ActivityKind::other);
  }
  return among(always_shown, event.type) ? std::optional(ActivityKind::other) : std::nullopt;
}

} // namespace

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (auto& letter : out) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return out;
}

std::vector<const Event*> answered_events(const Record& record) {
  std::vector<const Event*> out;
  for (const auto& event : record.events) {
    if (among(asked_for, event.type)) out.push_back(&event);
  }
  std::stable_sort(out.begin(), out.end(), [](const Event* a, const Event* b) {
    const auto second_a = floor_to(a->created, second);
    const auto second_b = floor_to(b->created, second);
    return second_a == second_b ? time_text(a->created) < time_text(b->created) : second_a < second_b;
  });
  return out;
}

std::optional<std::vector<Activity>> activities_of(const World& world, std::vector<const Event*> events) {
  // Those of one time come in no stable order (observed.md OS-9): their ids decide.
  std::stable_sort(events.begin(), events.end(), [](auto* a, auto* b) {
    return std::tie(a->created, a->id) < std::tie(b->created, b->id);
  });
  std::vector<Activity> out;
  std::optional<Performer> saver; // of the activity before, where that was a FormSaved
  bool created = false;
  for (const auto* event : events) {
    const auto kind = kind_of(*event, created);
    if (!kind) continue;
    auto actor = performer(world, event->user);
    if (!actor) return {};
    const bool saved = *kind == ActivityKind::form_saved;
    if (saved && saver && saver->same(*actor)) {
      out.back().created_at = event->created;
      continue;
    }
    out.push_back({*kind, event->created});
    saver = saved ? std::move(actor) : std::nullopt;
  }
  return out;
}

} // namespace altinn_sim::storage
