#include "build.hpp"
#include "text.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace dialogferry::mapping {

namespace {

/// Event types by their number (storage.md 2.5), with the activity they become (M-110); those without become
/// none.
struct EventType {
  std::string_view name;
  std::string_view activity;
};

constexpr EventType event_types[] = {
    {"None", {}},
    {"Created", "DialogCreated"},
    {"Saved", "FormSaved"},
    {"Submited", "FormSubmitted"},
    {"Deleted", "DialogDeleted"},
    {"Undeleted", "DialogRestored"},
    {"ConfirmedComplete", {}},
    {"SubstatusUpdated", {}},
    {"process_StartEvent", {}},
    {"process_EndEvent", {}},
    {"process_StartTask", {}},
    {"process_EndTask", {}},
    {"process_AbandonTask", {}},
    {"Signed", "SignatureProvided"},
    {"SentToSign", "SentToSigning"},
    {"SentToPayment", "SentToPayment"},
    {"SentToSendIn", "SentToSendIn"},
    {"SentToFormFill", "SentToFormFill"},
    {"InstanceForwarded", {}},
    {"InstanceRightRevoked", {}},
    {"NotificationSentSms", {}},
    {"MessageArchived", "DialogClosed"},
    {"MessageRead", "DialogOpened"},
};

/// The activity an event type becomes; empty for none, unknown types included. Names in any case, or numbers.
std::string_view activity_type(std::string_view type) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(type.data(), type.data() + type.size(), number);
  if (error == std::errc{} && end == type.data() + type.size())
    return number < std::size(event_types) ? event_types[number].activity : std::string_view{};
  for (const auto& known : event_types)
    if (same_ignoring_case(known.name, type)) return known.activity;
  return {};
}

constexpr std::string_view representative = "PartyRepresentative";
constexpr std::string_view service_owner = "ServiceOwner";

Problem event_problem(const Material& material, const codec::Event& event, std::string_view member,
                      std::string_view message) {
  const auto index = &event - material.events.list.data();
  return {"events[" + std::to_string(index) + "]." + std::string(member), std::string(message), {}};
}

std::optional<std::string_view> urn_of(const Material& material, const codec::EventUser& user) {
  if (!user.user_id) return std::nullopt;
  for (const auto& known : material.input.users)
    if (known.id == *user.user_id) return known.urn;
  return std::nullopt;
}

/// Older Storage wrote events without anybody who acted (observed.md OR-12).
bool tells_nothing(const std::optional<codec::EventUser>& user) {
  return !user ||
         (!user->user_id && !user->end_user_system_id &&
          is_blank(user->system_user_owner_org_no.value_or("")) && is_blank(user->org_id.value_or("")));
}

/// M-113, for an event whose user tells something.
Result<codec::Actor> actor_of(const Material& material, const codec::Event& event) {
  const auto& user = *event.user;
  auto& arena = material.arena;
  if (const auto urn = urn_of(material, user)) {
    if (urn->empty())
      return tl::unexpected(event_problem(material, event, "user", "is nameless in Register"));
    static constexpr std::string_view by_name = "urn:altinn:displayName:";
    if (urn->starts_with(by_name)) return codec::Actor{representative, urn->substr(by_name.size()), {}};
    return codec::Actor{representative, {}, *urn};
  }
  if (user.end_user_system_id)
    return codec::Actor{representative, arena.store("EUS #" + std::to_string(*user.end_user_system_id)), {}};
  if (const auto& number = user.system_user_owner_org_no; number && !is_blank(*number))
    return codec::Actor{representative, {}, arena.join({"urn:altinn:organization:identifier-no:", *number})};
  if (user.org_id && !is_blank(*user.org_id)) return codec::Actor{service_owner, {}, {}};
  return tl::unexpected(
      event_problem(material, event, "user", "is not known to Register and nothing else tells who acted"));
}

/// M-111; two service owners are never the same.
bool same_actor(const codec::Actor& a, const codec::Actor& b) {
  if (a.id || b.id) return a.id == b.id;
  return a.name && a.name == b.name && !is_blank(*a.name);
}

/// By time; events of one time have no stable order at the source, so their ids decide (observed.md OS-9).
bool comes_before(const codec::Event& a, const codec::Event& b) {
  return std::tie(a.created, a.id) < std::tie(b.created, b.id);
}

/// One event, listed twice.
bool is_same(const codec::Event& a, const codec::Event& b) {
  return a.id && a.id == b.id && a.created == b.created;
}

constexpr std::string_view form_saved = "FormSaved";

/// Makes activities of events that come in the order of their times.
class ActivityList {
public:
  explicit ActivityList(const Material& material)
      : material_(material)
      , taken_(material.arena.make<Taken>(material.events.list.size())) {}

  /// Nothing, or why the event cannot be mapped.
  std::optional<Problem> take(const codec::Event& event) {
    const auto type = activity_type(event.type);
    if (!becomes_activity(event, type)) return std::nullopt;
    if (tells_nothing(event.user)) {
      ++left_out_;
      return std::nullopt;
    }
    created_ = created_ || type == "DialogCreated";
    const auto actor = actor_of(material_, event);
    if (!actor) return actor.error();
    if (!event.created) return event_problem(material_, event, "created", "is missing");
    if (extends_last(type, *actor)) {
      taken_[count_ - 1].activity.created_at = *event.created;
      return std::nullopt;
    }
    const auto id = parse_uuid(event.id.value_or(""));
    if (!id) return event_problem(material_, event, "id", event.id ? "must be a UUID" : "is missing");
    taken_[count_++] = {&event, {version7(*id, *event.created), *event.created, type, *actor}};
    return std::nullopt;
  }

  /// Those of one time as they were listed (M-110).
  Activities list() const {
    const auto taken = taken_.first(count_);
    const auto as_listed = [](const Taken& a, const Taken& b) {
      return std::tie(a.event->created, a.event) < std::tie(b.event->created, b.event);
    };
    std::sort(taken.begin(), taken.end(), as_listed);
    const auto activities = material_.arena.make<codec::Activity>(count_);
    for (std::size_t i = 0; i < count_; ++i)
      activities[i] = taken[i].activity;
    return {activities, left_out_};
  }

private:
  struct Taken {
    const codec::Event* event = nullptr;
    codec::Activity activity;
  };

  bool becomes_activity(const codec::Event& event, std::string_view type) {
    if (type.empty()) return false;
    if (type == "DialogCreated") return !event.about_element && !created_;
    if (type == "DialogDeleted" || type == "DialogRestored") return !event.about_element;
    if (type == form_saved) return !event.user || is_blank(event.user->org_id.value_or(""));
    return true;
  }

  bool extends_last(std::string_view type, const codec::Actor& actor) const {
    if (type != form_saved || count_ == 0) return false;
    const auto& last = taken_[count_ - 1].activity;
    return last.type == form_saved && same_actor(last.performed_by, actor);
  }

  const Material& material_;
  std::span<Taken> taken_;
  std::size_t count_ = 0;
  std::uint32_t left_out_ = 0;
  bool created_ = false;
};

} // namespace

Result<Activities> build_activities(const Material& material) {
  const auto& events = material.events.list;
  const auto earlier = [](const codec::Event* a, const codec::Event* b) { return comes_before(*a, *b); };
  const auto sorted = material.arena.make<const codec::Event*>(events.size());
  for (std::size_t i = 0; i < events.size(); ++i)
    sorted[i] = &events[i];
  if (!std::is_sorted(sorted.begin(), sorted.end(), earlier))
    std::stable_sort(sorted.begin(), sorted.end(), earlier);
  ActivityList activities(material);
  const codec::Event* last = nullptr;
  for (const auto* event : sorted) {
    if (last != nullptr && is_same(*last, *event)) continue;
    if (auto problem = activities.take(*event)) return tl::unexpected(std::move(*problem));
    last = event;
  }
  return activities.list();
}

} // namespace dialogferry::mapping
