#include "property.hpp"
#include "target_form.hpp"
#include "targets.hpp"

#include <dialogferry/mapping/bundle.hpp>
#include <dialogferry/mapping/mapper.hpp>
#include <dialogferry/model/utf8.hpp>

#include <simdjson.h>

#include <algorithm>
#include <string>

namespace fuzz {

namespace {

using namespace dialogferry;
using mapping::Action;
using mapping::Mapper;

const Mapper& mapper() {
  static const Mapper one;
  return one;
}

bool has_stored(std::string_view bundle) {
  simdjson::dom::parser parser;
  simdjson::dom::object existing;
  return parser.parse(bundle.data(), bundle.size())["existing"].get(existing) == simdjson::SUCCESS;
}

/// The form that meets the stored dialog: a submission, two files, a receipt.
constexpr std::string_view form = R"("instance": {
  "id": "50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb", "instanceOwner": {"partyId": "50001234"},
  "appId": "ttd/form", "org": "ttd",
  "status": {"isArchived": true, "isSoftDeleted": false, "isHardDeleted": false},
  "created": "2025-06-18T08:54:53.623376Z", "lastChanged": "2025-06-18T10:00:00Z",
  "data": [
   {"id": "6f3da581-76f9-412c-ba01-44e375b5bc79", "dataType": "model", "contentType": "application/xml",
    "selfLinks": {"platform": "https://platform.altinn.no/storage/api/v1/instances/50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb/data/6f3da581-76f9-412c-ba01-44e375b5bc79"},
    "created": "2025-06-18T09:00:00Z", "lastChangedBy": "20001234"},
   {"id": "019bd5eb-4239-4a40-a823-7735059ef136", "dataType": "reply", "contentType": "application/pdf",
    "filename": "reply.pdf", "selfLinks": {"platform": "https://platform.altinn.no/a%20b"},
    "created": "2025-06-18T09:30:00Z", "lastChangedBy": "991825827"}]},
 "events": [
  {"id": "4ef9d179-2d4b-403f-9fcc-6f7cd619f12e", "eventType": "Created", "created": "2025-06-18T08:54:53.7Z",
   "user": {"userId": 20001234}},
  {"id": "f880f2d0-2b70-4875-8547-e747144f5952", "eventType": "Submited", "created": "2025-06-18T10:00:00Z",
   "user": {"userId": 20001234}}],
 "application": {"id": "ttd/form", "org": "ttd", "title": {"nb": "Skjema", "en": "Form"},
  "dataTypes": [{"id": "model", "appLogic": {}, "taskId": "Task_1", "enablePdfCreation": false}, {"id": "reply"}]},
 "texts": [], "parties": {"50001234": "urn:altinn:organization:identifier-no:310912409"},
 "users": {"20001234": "urn:altinn:displayName:Kari"}, "is_migration": false, "now": "2025-06-18T11:00:00Z")";

std::string with_stored(std::string_view dialog) {
  return std::string("{\"existing\": ").append(dialog).append(",\n ").append(form).append("}");
}

bool is_object(std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  return parser.parse(text.data(), text.size()).get(object) == simdjson::SUCCESS;
}

/// Whether a member is one of these, in whatever case it is written.
bool is_one_of(std::string_view name, std::initializer_list<std::string_view> members) {
  std::string lower(name);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return std::find(members.begin(), members.end(), lower) != members.end();
}

/// The body of an update with the identity and the history of what it goes to.
std::string stored_after(const mapping::Decision& update, std::string_view before) {
  simdjson::dom::parser parser;
  simdjson::dom::object dialog;
  require(parser.parse(before.data(), before.size()).get(dialog) == simdjson::SUCCESS,
          "a stored dialog is an object");
  std::string after = update.body.substr(0, update.body.size() - 1);
  for (const auto& [name, value] : dialog)
    if (is_one_of(name, {"id", "revision", "serviceownercontext"}))
      after += ",\"" + std::string(name) + "\":" + simdjson::minify(value);
  return after + "}";
}

} // namespace

void mapping(std::string_view input) {
  const Memory memory;
  const auto answer = mapping::map_bundle(input, mapper());
  memory.require_proportion(input.size());
  if (!answer) return require(!answer.error().member.empty(), "a problem names its member");
  require_json(answer->json);
  const auto decision = mapping::decide_bundle(input, mapper());
  if (!decision || decision->body.empty()) return;
  require_dialog(decision->body, decision->action == Action::create && !has_stored(input));
}

void merge(std::string_view input) {
  if (!is_object(input)) return; // the form might close what it opens
  const Memory memory;
  const auto first = mapping::decide_bundle(with_stored(input), mapper());
  memory.require_proportion(input.size());
  if (!first || first->body.empty()) return;
  require_dialog(first->body, false);
  if (first->calls.front() != mapping::Call::update || first->action != Action::update) return;
  // What was sent is there now, and with it what it added; only activities and transmissions of before are
  // gone, which the next update would add. Nothing else may differ.
  const auto second = mapping::decide_bundle(with_stored(stored_after(*first, input)), mapper());
  require(second.has_value(), "what was sent can be read back");
}

void address(std::string_view input) {
  if (!is_utf8(input)) return; // nobody reads such a text out of JSON
  codec::Arena arena;
  const auto stored = mapping::stored_url(arena, input);
  require(mapping::stored_url(arena, stored) == stored, "what is stored stays as it is");
  const auto sent = mapping::sendable_url(arena, stored);
  require(mapping::stored_url(arena, sent) == stored, "what came back is sent as the same address");
  require(mapping::sendable_url(arena, sent) == sent, "what is sent stays as it is");
}

} // namespace fuzz
