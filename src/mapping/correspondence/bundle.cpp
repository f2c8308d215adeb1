#include <dialogferry/codec/correspondence_bundle.hpp>
#include <dialogferry/codec/dialog_json.hpp>
#include <dialogferry/codec/json_writer.hpp>
#include <dialogferry/mapping/correspondence.hpp>
#include <dialogferry/mapping/correspondence_bundle.hpp>

#include <algorithm>

namespace dialogferry::mapping::correspondence {

namespace {

/// The bodies of a bundle, decoded.
struct Decoded {
  std::optional<codec::Correspondence> record;
  std::optional<codec::Correspondence> previous;
  std::optional<codec::StoredDialog> existing;
};

template <class T>
bool decode(const std::optional<codec::Document>& body, Result<T> (*read)(codec::Parser&, codec::JsonView),
            codec::Parser& parser, std::optional<T>& out, Problem& problem) {
  if (!body) return true;
  auto value = read(parser, body->view());
  if (value)
    out = std::move(*value);
  else
    problem = std::move(value).error();
  return value.has_value();
}

Directory directory_of(const codec::CorrespondenceBundle& bundle) {
  std::vector<KnownParty> parties;
  parties.reserve(bundle.parties.size());
  for (const auto& party : bundle.parties)
    parties.push_back({party.id, party.urn, party.name, party.username});
  return Directory(std::move(parties));
}

/// The ids of the record's attachments, in their order; none where one is missing.
std::vector<Uuid> attachment_ids(const codec::CorrespondenceBundle& bundle,
                                 const codec::Correspondence& record) {
  auto known = bundle.attachment_ids;
  std::sort(known.begin(), known.end());
  std::vector<Uuid> ids;
  for (const auto& file : record.attachments) {
    const auto found = std::lower_bound(
        known.begin(), known.end(), file.altinn2_id.value_or(""),
        [](const auto& entry, std::string_view id) { return std::string_view(entry.first) < id; });
    if (found == known.end() || found->first != file.altinn2_id) return {};
    ids.push_back(found->second);
  }
  return ids;
}

Result<Decision> decide_bundle(codec::Parser& parser, const codec::CorrespondenceBundle& bundle,
                               const Settings& settings) {
  Decoded decoded;
  Problem problem;
  const bool read =
      decode(bundle.correspondence, codec::read_correspondence, parser, decoded.record, problem) &&
      decode(bundle.previous, codec::read_correspondence, parser, decoded.previous, problem) &&
      decode(bundle.existing, codec::read_dialog_parts, parser, decoded.existing, problem);
  if (!read) return tl::unexpected(std::move(problem));
  const auto parties = directory_of(bundle);
  const auto ids = attachment_ids(bundle, *decoded.record);
  return decide({.record = &*decoded.record,
                 .previous = decoded.previous ? &*decoded.previous : nullptr,
                 .correspondence_id = bundle.correspondence_id,
                 .attachment_ids = ids,
                 .parties = &parties,
                 .existing = decoded.existing ? &*decoded.existing : nullptr,
                 .is_migration = bundle.is_migration,
                 .now = bundle.now},
                settings);
}

// -- the answer ---------------------------------------------------------------

/// A list of objects, left out where it is empty: write(json, entry) fills each.
template <class T, class Write>
void write_list(codec::JsonWriter& json, std::string_view quoted, const std::vector<T>& list, Write write) {
  if (list.empty()) return;
  json.name(quoted);
  json.open('[');
  for (const auto& entry : list) {
    json.comma();
    json.open('{');
    write(json, entry);
    json.close('}');
  }
  json.close(']');
}

void write_raw(codec::JsonWriter& json, std::string_view quoted, std::string_view body) {
  if (body.empty()) return;
  json.name(quoted);
  json.raw(body);
}

void write_query(codec::JsonWriter& json, const AttachmentQuery& query) {
  for (const auto& [name, value] : query) {
    json.comma();
    json.plain(name);
    json.raw(":");
    if (name == "isEncrypted")
      json.raw(value);
    else
      json.text(value);
  }
}

void write_sync(codec::JsonWriter& json, const Call& call) {
  json.name(R"("path":)");
  json.text(call.path);
  write_raw(json, R"("body":)", call.body);
}

void write_call(codec::JsonWriter& json, const Call& call) {
  json.name(R"("method":)");
  json.plain(call.method);
  write_sync(json, call);
}

void write_problem_members(codec::JsonWriter& json, const Problem& problem) {
  json.name(R"("member":)");
  json.text(problem.member);
  json.name(R"("message":)");
  json.text(problem.message);
}

std::string write_decision(const Decision& decision) {
  codec::JsonWriter json(decision.migrate.size() + decision.dialog.size() + 1024);
  json.open('{');
  json.name(R"("action":)");
  json.plain(name_of(decision.action));
  if (decision.action == Action::create) {
    json.name(R"("silent":)");
    json.flag(decision.silent);
  }
  json.name(R"("reason":)");
  json.plain(decision.reason);
  write_list(json, R"("attachments":)", decision.attachments, write_query);
  write_raw(json, R"("migrate":)", decision.migrate);
  write_raw(json, R"("dialog":)", decision.dialog);
  write_list(json, R"("refused":)", decision.refused, write_problem_members);
  write_list(json, R"("sync":)", decision.sync, write_sync);
  write_list(json, R"("calls":)", decision.calls, write_call);
  json.close('}');
  return std::move(json).take();
}

std::string write_problem(const Problem& problem) {
  codec::JsonWriter json(256);
  json.name(R"({"action":"error","calls":[],"problem":{)");
  write_problem_members(json, problem);
  json.close('}');
  json.close('}');
  return std::move(json).take();
}

} // namespace

Result<BundleAnswer> map_bundle(std::string_view bundle_json, const Settings& settings) {
  codec::Parser parser;
  const codec::Document document{std::string(bundle_json)};
  const auto bundle = codec::read_correspondence_bundle(parser, document.view());
  if (!bundle) return tl::unexpected(bundle.error());
  const auto decision = decide_bundle(parser, *bundle, settings);
  if (!decision) return BundleAnswer{write_problem(decision.error()), true};
  return BundleAnswer{write_decision(*decision), false};
}

} // namespace dialogferry::mapping::correspondence
