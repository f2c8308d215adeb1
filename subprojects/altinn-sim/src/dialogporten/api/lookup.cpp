#include "dialogporten/api/answers.hpp"
#include "dialogporten/api/call.hpp"
#include "dialogporten/model/text.hpp"

// dialogporten.md 2.9
namespace altinn_sim::dialogporten {

namespace {

constexpr std::string_view instance_prefix = "urn:altinn:instance-id:";
constexpr std::string_view correspondence_prefix = "urn:altinn:correspondence-id:";
constexpr std::string_view dialog_prefix = "urn:altinn:dialog-id:";

/// What an instance reference leads to: a dialog's id, or the label that it has.
struct Reference {
  std::optional<Uuid> dialog;
  std::string label;
};

bool is_instance(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0) return false;
  for (const char c : text.substr(0, slash))
    if (c < '0' || c > '9') return false;
  return parse_uuid(text.substr(slash + 1)).has_value();
}

std::optional<Reference> parse_reference(const std::string& text) {
  const std::string_view view{text};
  if (view.starts_with(instance_prefix) && is_instance(view.substr(instance_prefix.size())))
    return Reference{{}, "urn:altinn:integration:storage:" + text.substr(instance_prefix.size())};
  if (view.starts_with(correspondence_prefix) && parse_uuid(view.substr(correspondence_prefix.size())))
    return Reference{{}, text};
  if (!view.starts_with(dialog_prefix)) return std::nullopt;
  const auto id = parse_uuid(view.substr(dialog_prefix.size()));
  return id ? std::optional{Reference{id, {}}} : std::nullopt;
}

std::string named(std::string_view id_name, std::string_view id, std::string_view number) {
  std::string out;
  Writer writer{out};
  writer(id_name, id);
  if (id_name == "id") {
    writer("isDelegable", true);
    writer("minimumAuthenticationLevel", 3);
  } else {
    writer("orgNumber", number);
  }
  writer("name", Localizations{{id, "nb"}});
  writer.close();
  return out;
}

std::string lookup_answer(const Call& call, const Record& record, std::string_view reference) {
  const Document document{Form::stored, *record.text};
  const auto resource = call.surroundings.resource(*record.service_resource);
  std::string out;
  Writer writer{out};
  writer("dialogId", record.id);
  writer("instanceRef", reference);
  writer("party", record.party);
  writer.raw("serviceResource", named("id", *record.service_resource, {}));
  writer.raw("serviceOwner",
             named("code", *record.org, resource ? std::string_view{resource->org_number} : ""));
  const auto text = [&](std::size_t rule) {
    const auto& content = document.dialog.content;
    return content && content->values[rule] ? content->values[rule]->value : Localizations{};
  };
  writer("title", text(0));
  if (const auto plain = text(1); !plain.empty()) writer("nonSensitiveTitle", plain);
  writer.close();
  return out;
}

} // namespace

Response look_up(Call& call) {
  const auto* given = call.request.parameter("instanceRef");
  const auto text = given ? lower(*given) : std::string{};
  const auto reference = parse_reference(text);
  if (!reference)
    return problem(call.request, 400, {{"InstanceRef", "'" + text + "' is not a valid instance reference."}});
  std::vector<Snapshot> found;
  if (!reference->dialog)
    found = call.store.find_label(reference->label).value_or(std::vector<Snapshot>{});
  else if (auto record = call.store.find(*reference->dialog))
    found.push_back(std::move(record));
  if (found.empty()) return not_found(call.request, "InstanceRef", text);
  if (found.size() > 1) return problem(call.request, 500);
  const Record& record = *found.front();
  if (!call.caller.admin && *record.org != call.caller.org)
    return forbidden(call.request, "The dialog belongs to another service owner.");
  return ok(lookup_answer(call, record, text));
}

Response limits(Call&) {
  return ok(R"({"endUserSearch":{"maxPartyFilterValues":100,"maxServiceResourceFilterValues":20,)"
            R"("maxOrgFilterValues":20,"maxExtendedStatusFilterValues":20},)"
            R"("serviceOwnerSearch":{"maxPartyFilterValues":20,"maxServiceResourceFilterValues":20,)"
            R"("maxExtendedStatusFilterValues":20}})");
}

} // namespace altinn_sim::dialogporten
