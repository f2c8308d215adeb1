#include "correspondence/dialog/jobs_of_events.hpp"

#include "correspondence/dialog/activities.hpp"
#include "correspondence/dialog/create.hpp"
#include "correspondence/dialog/door.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace altinn_sim::correspondence {

namespace {

Outcome done() {
  return {};
}

Outcome again() {
  return {true, {}};
}

bool posted(Desk& desk, Moment at, const std::string& dialog, const json::object& activity) {
  const auto answer = send(desk.around, at, Method::post, '/' + dialog + "/activities?isSilentUpdate=true",
                           json::serialize(activity));
  const bool is_there = answer.status == 422 && answer.body.find("already exists") != std::string::npos;
  return answer.status == 201 || is_there;
}

/// The position of the first element whose address is that; nothing where there is none.
template <class Address>
std::optional<std::size_t> position(const json::object& dialog, std::string_view list, Address has_address) {
  const auto* found = dialog.if_contains(list);
  if (found == nullptr || !found->is_array()) return std::nullopt;
  for (std::size_t at = 0; at < found->get_array().size(); ++at)
    if (has_address(found->get_array()[at].as_object())) return at;
  return std::nullopt;
}

/// What has to go where nobody needs to confirm any more, as a JSON Patch.
json::array confirmed_patch(const json::object& dialog, const std::string& address) {
  json::array patch;
  const auto is_here = [&](const json::object& it) { return it.at("url").as_string() == address; };
  const auto gui = position(dialog, "guiActions", is_here);
  const auto api = position(dialog, "apiActions", [&](const json::object& it) {
    return is_here(it.at("endpoints").at(0).as_object());
  });
  if (gui) patch.push_back({{"op", "remove"}, {"path", "/guiActions/" + std::to_string(*gui)}});
  if (api) patch.push_back({{"op", "remove"}, {"path", "/apiActions/" + std::to_string(*api)}});
  if (dialog.at("status").as_string() == "RequiresAttention")
    patch.push_back({{"op", "replace"}, {"path", "/status"}, {"value", "NotApplicable"}});
  return patch;
}

bool patched(Desk& desk, Moment at, const std::string& dialog, const std::string& address) {
  const auto got = send(desk.around, at, Method::get, '/' + dialog);
  if (got.status != 200) return false;
  const auto patch = confirmed_patch(json::parse(got.body).as_object(), address);
  if (patch.empty()) return true;
  const auto answer =
      send(desk.around, at, Method::patch, '/' + dialog + "?isSilentUpdate=true", json::serialize(patch));
  return answer.status / 100 == 2;
}

} // namespace

Job activity_job(Desk& desk, const std::string& dialog, json::object activity) {
  return {"activity", [&desk, dialog, activity = std::move(activity)](Moment at) {
            return posted(desk, at, dialog, activity) ? done() : again();
          }};
}

Job forward_job(Desk& desk, const std::string& dialog, const Uuid& correspondence, const Forward& event) {
  return {"activity", [&desk, dialog, correspondence, event](Moment at) {
            const auto built = forward_activity(desk.around, desk.store.records.at(correspondence), event);
            return built.activity && posted(desk, at, dialog, *built.activity) ? done() : again();
          }};
}

Job label_job(Desk& desk, const std::string& dialog, std::string_view urn, int added, int removed) {
  const auto list = [](int label) {
    return label == system_label::none ? json::array() : json::array{json::value(label)};
  };
  auto body = json::serialize(json::object{{"dialogId", dialog},
                                           {"performedBy", representative(urn)},
                                           {"addLabels", list(added)},
                                           {"removeLabels", list(removed)}});
  return {"label", [&desk, dialog, body = std::move(body)](Moment at) {
            const auto answer =
                send(desk.around, at, Method::put, '/' + dialog + "/endusercontext/systemlabels", body);
            return answer.status / 100 == 2 || answer.status == 410 ? done() : again();
          }};
}

Job confirm_job(Desk& desk, const std::string& dialog, const Uuid& correspondence,
                std::optional<json::object> activity) {
  auto address = address_of(desk.around, correspondence) + "/confirm";
  return {"confirm",
          [&desk, dialog, address = std::move(address), activity = std::move(activity)](Moment at) {
            if (!patched(desk, at, dialog, address)) return again();
            auto outcome = done();
            if (activity) outcome.then.push_back(activity_job(desk, dialog, *activity));
            return outcome;
          }};
}

Job delete_job(Desk& desk, const std::string& dialog, json::object activity) {
  return {"delete", [&desk, dialog, activity = std::move(activity)](Moment at) {
            const auto status = send(desk.around, at, Method::del, '/' + dialog).status;
            if (status / 100 != 2 && status != 404 && status != 410) return again();
            auto outcome = done();
            outcome.then.push_back(activity_job(desk, dialog, activity));
            return outcome;
          }};
}

} // namespace altinn_sim::correspondence
