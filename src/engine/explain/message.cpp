#include "look.hpp"

#include <dialogferry/codec/correspondence.hpp>
#include <dialogferry/codec/correspondence_json.hpp>
#include <dialogferry/codec/migration.hpp>
#include <dialogferry/codec/parties.hpp>
#include <dialogferry/mapping/correspondence.hpp>
#include <dialogferry/mapping/correspondence_bundle.hpp>
#include <dialogferry/mapping/from_config.hpp>
#include <dialogferry/model/masking.hpp>
#include <dialogferry/source/a2_archive.hpp>
#include <dialogferry/source/register.hpp>
#include <dialogferry/target/correspondence.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <algorithm>

namespace dialogferry::engine {

namespace {

namespace dp = target::dialogporten;
namespace messages = mapping::correspondence;

using Body = std::optional<std::string>;
using Texts = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// A message and all that its mapping needs.
struct Material {
  std::string record;
  std::optional<Uuid> id; ///< in Altinn 3
  Texts parties, names, usernames;
  Body existing;
};

Result<void> find_people(const Look& with, const codec::Correspondence& record, Material& material) {
  auto ids = messages::parties_needed(record, nullptr);
  if (ids.empty()) return {};
  ids.resize(std::min(ids.size(), source::registry::most_per_query));
  const auto answer = with.people(source::registry::query(ids));
  if (!answer) return tl::unexpected(answer.error());
  if (!*answer) return {};
  codec::Parser parser;
  const codec::Document list{std::string(**answer)};
  const auto people = codec::read_people(parser, list.view());
  if (!people) return {};
  for (const auto& person : *people) {
    const auto id = to_string(person.id);
    material.parties.emplace_back(id, person.urn);
    if (person.name) material.names.emplace_back(id, person.name);
    if (person.username) material.usernames.emplace_back(id, person.username);
  }
  return {};
}

/// The dialog that a message of Altinn 3 names or must have.
Result<void> find_dialog(const Look& with, const codec::Correspondence& record, Material& material) {
  if (!material.id || !record.created) return {};
  const auto reference = record.base.reference("DialogportenDialogId");
  const auto named = reference ? parse_uuid(*reference) : std::nullopt;
  const auto id = named.value_or(messages::dialog_id_of(*material.id, record.created->at, system_now()));
  auto existing = with.target("dialogporten", dp::get(id));
  if (!existing) return tl::unexpected(existing.error());
  material.existing = std::move(*existing);
  return {};
}

std::string bundle_of(const Look& with, const Material& material) {
  BundleText bundle;
  bundle.text("kind", "correspondence").body("correspondence", material.record);
  if (material.id) bundle.text("correspondence_id", to_string(*material.id));
  return bundle.map("parties", material.parties)
      .map("names", material.names)
      .map("usernames", material.usernames)
      .body("existing", material.existing)
      .flag("is_migration", with.is_migration)
      .text("now", to_string(system_now()))
      .take();
}

Result<void> map_it(const Look& with, const Material& material) {
  const auto mapped =
      messages::map_bundle(bundle_of(with, material), mapping::settings_of(with.config.mapping));
  if (!mapped) return tl::unexpected(mapped.error());
  with.told.mapping = mask_identities(mapped->json);
  with.told.is_mapped = !mapped->has_problem;
  return {};
}

/// Its id in Altinn 3, where it has one, and what Correspondence has of it.
Result<void> find_in_altinn3(const Look& with, const codec::Correspondence& record, Material& material) {
  const auto found =
      with.target("correspondence",
                  target::correspondence::find(record.base.resource_id.value_or(""), with.told.record_id));
  if (!found) return tl::unexpected(found.error());
  if (!*found) return {};
  codec::Parser parser;
  const codec::Document body{std::string(**found)};
  const auto ids = codec::read_found(parser, body.view());
  if (!ids || ids->empty()) return {};
  material.id = ids->front();
  const auto details = with.target("correspondence", target::correspondence::details(*material.id));
  return details ? Result<void>{} : tl::unexpected(details.error());
}

/// What would be sent for a record that is not there yet: M1 for each file, then M2; or the dialog.
void note_requests(const Look& with, const codec::Correspondence& record) {
  messages::Input input;
  input.record = &record;
  input.is_migration = with.is_migration;
  input.now = system_now();
  auto decision = messages::decide(input, mapping::settings_of(with.config.mapping));
  if (!decision) return;
  for (const auto& query : decision->attachments)
    with.would_send("correspondence", target::correspondence::attachment(query));
  if (!decision->migrate.empty())
    with.would_send("correspondence", target::correspondence::migrate(std::move(decision->migrate)));
}

/// Reads the record where it can be read, has `find` look for what belongs to it, and maps it; a record that
/// cannot be read is told of by the mapping.
template <class Find>
Result<void> look_at(const Look& with, Result<Body> answer, Find find) {
  if (!answer) return tl::unexpected(answer.error());
  if (!*answer) return {};
  Material material;
  material.record = std::move(**answer);
  codec::Parser parser;
  const codec::Document body{std::string(material.record)};
  if (const auto record = codec::read_correspondence(parser, body.view()))
    if (auto found = find(*record, material); !found) return found;
  return map_it(with, material);
}

} // namespace

Result<void> look_at_old_message(const Look& with) {
  return look_at(with, with.source("a2_archive", source::a2_archive::message(with.told.record_id)),
                 [&](const codec::Correspondence& record, Material& material) -> Result<void> {
                   if (auto found = find_in_altinn3(with, record, material); !found) return found;
                   if (auto found = find_people(with, record, material); !found) return found;
                   if (!material.id) note_requests(with, record);
                   return find_dialog(with, record, material);
                 });
}

Result<void> look_at_new_message(const Look& with) {
  const auto id = parse_uuid(with.told.record_id).value();
  return look_at(with, with.source("correspondence", target::correspondence::details(id)),
                 [&](const codec::Correspondence& record, Material& material) -> Result<void> {
                   material.id = id;
                   if (auto found = find_people(with, record, material); !found) return found;
                   auto found = find_dialog(with, record, material);
                   material.id.reset(); // it stands in the body (correspondence.md 2.7)
                   return found;
                 });
}

} // namespace dialogferry::engine
