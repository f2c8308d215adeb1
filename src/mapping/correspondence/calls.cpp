#include "calls.hpp"

#include <dialogferry/codec/dialog_json.hpp>
#include <dialogferry/codec/json_writer.hpp>

#include <algorithm>

namespace dialogferry::mapping::correspondence {

namespace {

std::string dialog_path(const Uuid& dialog, std::string_view tail = {}) {
  return "/dialogporten/api/v1/serviceowner/dialogs/" + to_string(dialog) + std::string(tail);
}

void write_labels(codec::JsonWriter& json, std::string_view quoted, std::optional<Label> label) {
  json.name(quoted);
  json.open('[');
  if (label) json.number(static_cast<std::int64_t>(*label));
  json.close(']');
}

/// The operations of one JSON Patch; those on a list go from its end, so that places stay right.
class Patch {
public:
  bool empty() const { return json_.view().size() == 1; }

  void remove(std::string_view list, std::size_t place) {
    json_.name(R"({"op":"remove","path":)");
    json_.text("/" + std::string(list) + "/" + std::to_string(place));
    json_.close('}');
  }

  void replace_status(std::string_view status) {
    json_.name(R"({"op":"replace","path":"/status","value":)");
    json_.text(status);
    json_.close('}');
  }

  std::string take() && {
    json_.close(']');
    return std::move(json_).take();
  }

  Patch() { json_.open('['); }

private:
  codec::JsonWriter json_{256};
};

bool confirms(const codec::ApiAction& action, std::string_view url) {
  return std::any_of(action.endpoints.begin(), action.endpoints.end(),
                     [&](const codec::ApiEndpoint& endpoint) { return endpoint.url == url; });
}

} // namespace

Call activity_call(const Uuid& dialog, const codec::Activity& activity) {
  return {"POST", dialog_path(dialog, "/activities?isSilentUpdate=true"), codec::write_activity(activity)};
}

Call label_call(const Uuid& dialog, std::string_view actor_urn, Label label, bool add) {
  codec::JsonWriter json(256);
  json.name(R"({"dialogId":)");
  json.uuid(dialog);
  json.name(R"("performedBy":{"actorType":"PartyRepresentative","actorId":)");
  json.text(actor_urn);
  json.close('}');
  write_labels(json, R"("addLabels":)", add ? std::optional(label) : std::nullopt);
  write_labels(json, R"("removeLabels":)", add ? std::nullopt : std::optional(label));
  json.close('}');
  return {"PUT", dialog_path(dialog, "/endusercontext/systemlabels"), std::move(json).take()};
}

Call sync_call(std::string_view name, std::string body) {
  constexpr std::string_view path = "/correspondence/api/v1/migration/correspondence/";
  return {"POST", std::string(path).append(name), std::move(body)};
}

Call delete_call(const Uuid& dialog) {
  return {"DELETE", dialog_path(dialog), {}};
}

Call purge_call(const Uuid& dialog) {
  return {"POST", dialog_path(dialog, "/actions/purge"), {}};
}

std::optional<Call> confirm_call(const Uuid& dialog, const codec::DialogBody& body,
                                 std::string_view confirm_url) {
  Patch patch;
  for (auto i = body.gui_actions.size(); i-- > 0;)
    if (body.gui_actions[i].url == confirm_url) patch.remove("guiActions", i);
  for (auto i = body.api_actions.size(); i-- > 0;)
    if (confirms(body.api_actions[i], confirm_url)) patch.remove("apiActions", i);
  if (body.status && *body.status != "NotApplicable") patch.replace_status("NotApplicable");
  if (patch.empty()) return std::nullopt;
  return Call{"PATCH", dialog_path(dialog, "?isSilentUpdate=true"), std::move(patch).take()};
}

} // namespace dialogferry::mapping::correspondence
