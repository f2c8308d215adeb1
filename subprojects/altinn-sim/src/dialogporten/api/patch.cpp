#include "dialogporten/api/call.hpp"
#include "dialogporten/wire/writer.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

// dialogporten.md 2.3
namespace altinn_sim::dialogporten {

namespace {

std::string_view view(const json::string& text) {
  return {text.data(), text.size()};
}

/// The body of a PUT that would change nothing.
json::value unchanged_update(const Record& record) {
  Document document{Form::stored, *record.text};
  document.dialog.transmissions.clear();
  document.dialog.activities.clear();
  std::string body;
  Writer writer{body};
  describe_update(writer, document.dialog);
  writer.close();
  return *parse_json(body);
}

std::optional<std::size_t> index_in(std::string_view text) {
  const bool digits = !text.empty() && text.size() < 6 &&
                      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return std::nullopt;
  return std::stoul(std::string{text});
}

/// Applies one operation on a member or an element of a list; false where there is no such place.
bool apply(json::value& root, std::string_view operation, std::string_view path, const json::value* value) {
  auto* at = &root;
  for (;;) {
    if (!path.starts_with('/')) return false;
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    const auto name = path.substr(0, end);
    path.remove_prefix(end);
    const bool is_last = path.empty();
    if (auto* object = at->if_object()) {
      auto found = std::find_if(object->begin(), object->end(), [&](const auto& each) {
        return same_name({each.key().data(), each.key().size()}, name);
      });
      if (is_last && operation == "remove") return found != object->end() && (object->erase(found), true);
      if (is_last && value)
        return (
            (*object)[found == object->end() ? json::string_view{name.data(), name.size()} : found->key()] =
                *value,
            true);
      if (found == object->end()) return false;
      at = &found->value();
    } else if (auto* list = at->if_array()) {
      const auto index = index_in(name);
      if (!index || *index >= list->size()) return false;
      if (is_last && operation == "remove")
        return (list->erase(list->begin() + static_cast<std::ptrdiff_t>(*index)), true);
      if (is_last && value) return ((*list)[*index] = *value, true);
      at = &(*list)[*index];
    } else {
      return false;
    }
    if (is_last) return false;
  }
}

Response unpatchable(std::string_view path) {
  Response response;
  response.status = 400;
  std::string body = "{";
  write_string(body, path);
  response.body = body + ":[\"The target location was not found.\"]}";
  return response;
}

} // namespace

Response patch_dialog(Call& call) {
  const auto patch = parse_json(call.request.body);
  if (!patch || !patch->is_array())
    return problem(call.request, 400, {{"SerializerErrors", "The body is no JSON Patch."}});
  auto found = find_dialog(call);
  if (!found.record) return std::move(found.answer);
  if (found.record->deleted_at) return gone(call.request, to_string(found.record->id));
  auto body = unchanged_update(*found.record);
  for (const auto& each : patch->get_array()) {
    const auto* operation = each.is_object() ? each.get_object().if_contains("op") : nullptr;
    const auto* path = each.is_object() ? each.get_object().if_contains("path") : nullptr;
    if (!operation || !operation->is_string() || !path || !path->is_string()) return unpatchable("");
    const auto where = view(path->get_string());
    if (!apply(body, view(operation->get_string()), where, each.get_object().if_contains("value")))
      return unpatchable(where);
  }
  const auto text = json::serialize(body);
  Request update = call.request;
  update.body = text;
  Call next{update,          call.caller,    call.surroundings, call.ids,     call.store,
            call.write_ends, call.arguments, call.silent,       call.if_match};
  return update_dialog(next);
}

} // namespace altinn_sim::dialogporten
