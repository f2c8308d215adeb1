#include "dialogporten/api/prepare.hpp"
#include "dialogporten/model/text.hpp"
#include "dialogporten/validation/party.hpp"

#include <algorithm>
#include <unordered_map>

// What is judged after the checks of a body: answers 403, 409, 422 and 500.
namespace altinn_sim::dialogporten {

namespace {

constexpr int max_depth = 100;
constexpr int max_children = 100;

void for_each_actor(As<Dialog> auto& dialog, auto visit) {
  for (auto& transmission : dialog.transmissions)
    if (transmission.sender) visit(*transmission.sender);
  for (auto& activity : dialog.activities)
    if (activity.performed_by) visit(*activity.performed_by);
}

/// The depth of every transmission below its root, found once each; a cycle counts as endless.
class Depths {
public:
  explicit Depths(const std::vector<Transmission>& transmissions) {
    for (const auto& transmission : transmissions)
      parents_.emplace(*transmission.id, transmission.related_transmission_id);
  }

  int of(const Uuid& id) {
    std::vector<Uuid> chain;
    std::optional<Uuid> at = id;
    int depth = 0;
    while (at) {
      const auto known = depths_.find(*at);
      if (known != depths_.end()) {
        depth = known->second;
        break;
      }
      depths_.emplace(*at, endless); // until the chain is finished: met again, it is a cycle
      chain.push_back(*at);
      const auto parent = parents_.find(*at);
      at = parent == parents_.end() ? std::nullopt : parent->second;
    }
    for (auto it = chain.rbegin(); it != chain.rend(); ++it)
      depths_[*it] = depth = std::min(depth + 1, endless);
    return depth;
  }

private:
  static constexpr int endless = 1'000'000;

  std::unordered_map<Uuid, std::optional<Uuid>, UuidHash> parents_;
  std::unordered_map<Uuid, int, UuidHash> depths_;
};

/// The resources that a body refers to: its own, and those of authorization attributes.
std::vector<std::string> referenced_resources(const Dialog& dialog) {
  std::vector<std::string> resources{std::string{dialog.service_resource}};
  const auto add = [&](const Text& attribute) {
    if (attribute && lower(*attribute).starts_with("urn:altinn:resource:"))
      resources.emplace_back(*attribute);
  };
  for (const auto& action : dialog.gui_actions)
    add(action.authorization_attribute);
  for (const auto& action : dialog.api_actions)
    add(action.authorization_attribute);
  for (const auto& transmission : dialog.transmissions)
    add(transmission.authorization_attribute);
  std::sort(resources.begin(), resources.end());
  resources.erase(std::unique(resources.begin(), resources.end()), resources.end());
  return resources;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts)
    out += (out.empty() ? "" : ", ") + part;
  return out;
}

} // namespace

std::vector<std::string_view> plain_names(const Dialog& dialog) {
  std::vector<std::string_view> names;
  for_each_actor(dialog, [&](const Actor& actor) {
    if (!actor.id && actor.name) names.push_back(*actor.name);
  });
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::optional<Response> register_down(const Call& call, const Dialog& dialog) {
  if (!call.request.register_down) return std::nullopt;
  bool asks = false;
  for_each_actor(dialog, [&](const Actor& actor) { asks = asks || actor.id; });
  if (!asks) return std::nullopt;
  auto answer = problem(call.request, 502);
  answer.refusal = "register_down";
  return answer;
}

Response with_new_names(const Call& call, const std::vector<std::string_view>& names,
                        const std::function<Response()>& write) {
  auto& known = call.store.actor_names();
  const auto verdict = known.add(names, call.request.begins_us, call.write_ends);
  if (!verdict.taken.empty()) {
    auto answer = problem(call.request, 422,
                          {{"ActorName", "Key ('ActorId', 'Name')=(null, " + std::string{verdict.taken} +
                                             ") already exists."}});
    answer.refusal = "name_race";
    answer.ready_us = verdict.free_at;
    return answer;
  }
  auto answer = write();
  if (verdict.added.empty()) return answer;
  if (answer.status / 100 == 2) return at_its_end(call, std::move(answer));
  known.forget(verdict.added);
  return answer;
}

Complaints name_actors(Dialog& dialog, Document& document, const Surroundings& surroundings) {
  Complaints complaints;
  if (!surroundings.actor_name) return complaints;
  std::unordered_map<std::string_view, Text> names;
  for_each_actor(dialog, [&](Actor& actor) {
    if (!actor.id || actor.name || !is_in_register(*actor.id)) return;
    const auto [entry, is_new] = names.try_emplace(*actor.id);
    if (is_new) {
      if (auto name = surroundings.actor_name(*actor.id))
        entry->second = document.keep(std::move(*name));
      else
        complaints.push_back({"ActorId", "Unable to look up name for actor id: " + std::string{*actor.id}});
    }
    actor.name = entry->second;
  });
  return complaints;
}

Complaints hierarchy_complaints(const std::vector<Transmission>& transmissions) {
  Depths depths{transmissions};
  std::unordered_map<Uuid, int, UuidHash> children;
  bool too_deep = false;
  bool too_wide = false;
  for (const auto& transmission : transmissions) {
    if (!transmission.related_transmission_id) continue;
    too_wide = ++children[*transmission.related_transmission_id] > max_children || too_wide;
    too_deep = depths.of(*transmission.id) > max_depth || too_deep;
  }
  Complaints complaints;
  if (too_deep)
    complaints.push_back({"Transmissions", "The chain of related transmissions is cyclic or too deep."});
  if (too_wide)
    complaints.push_back({"Transmissions", "Too many transmissions are related to the same one."});
  return complaints;
}

std::optional<Response> forbidden_activity_type(const Call& call, const std::vector<Activity>& activities) {
  if (call.caller.correspondence) return std::nullopt;
  const bool used = std::any_of(activities.begin(), activities.end(), [](const Activity& activity) {
    return activity.type >= ActivityType::correspondence_opened;
  });
  if (!used) return std::nullopt;
  return forbidden(call.request,
                   "Use of CorrespondenceConfirmed or CorrespondenceOpened activity types requires the "
                   "scope digdir:dialogporten.correspondence.");
}

std::optional<Response> forbidden_resources(const Call& call, const Dialog& dialog) {
  if (call.caller.admin) return std::nullopt;
  std::vector<std::string> unowned;
  for (const auto& urn : referenced_resources(dialog)) {
    const auto resource = call.surroundings.resource(urn);
    if (!resource || resource->org != call.caller.org) unowned.push_back(urn);
  }
  if (!unowned.empty())
    return forbidden(call.request,
                     "Not allowed to reference the following unowned resources: [" + joined(unowned) + "].");
  const auto own = call.surroundings.resource(dialog.service_resource);
  if (own && same_name(own->type, "correspondenceservice") && !call.caller.correspondence)
    return forbidden(call.request,
                     "User cannot create or modify a dialog with resource type correspondenceservice.");
  return std::nullopt;
}

std::optional<Response> duplicate_transmission_keys(const Call& call,
                                                    const std::vector<Transmission>& transmissions) {
  std::unordered_map<std::string_view, int> uses;
  std::vector<std::string> doubled;
  for (const auto& transmission : transmissions)
    if (transmission.idempotent_key && ++uses[*transmission.idempotent_key] == 2)
      doubled.push_back("'" + std::string{*transmission.idempotent_key} + "'");
  if (doubled.empty()) return std::nullopt;
  return problem(
      call.request, 409,
      {{"IdempotentKey", "Duplicate IdempotentKey detected in dialog transmissions. Conflicting keys: " +
                             joined(doubled) + "."}});
}

} // namespace altinn_sim::dialogporten
