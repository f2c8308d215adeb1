#include "look.hpp"

#include <dialogferry/codec/dialog_lookup.hpp>
#include <dialogferry/codec/events.hpp>
#include <dialogferry/codec/instance.hpp>
#include <dialogferry/codec/parties.hpp>
#include <dialogferry/mapping/bundle.hpp>
#include <dialogferry/mapping/from_config.hpp>
#include <dialogferry/model/masking.hpp>
#include <dialogferry/source/register.hpp>
#include <dialogferry/source/storage.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <algorithm>
#include <charconv>

namespace dialogferry::engine {

namespace {

namespace dp = target::dialogporten;
namespace st = source::storage;

using Body = std::optional<std::string>;
using Urns = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// An instance and all that its mapping needs.
struct Material {
  Body instance, events, application, existing;
  std::vector<std::string> texts;
  Urns parties, users;
};

codec::Document copy_of(const std::string& body) {
  return codec::Document(std::string(body));
}

/// Asks Register who the owner is, and who acted.
Result<void> find_people(const Look& with, const codec::Instance& instance, Material& material) {
  codec::Parser parser;
  codec::Document body = copy_of(material.events.value_or("[]"));
  const auto events = codec::read_events(parser, body.view());
  static const codec::Events none;
  const auto needed = mapping::lookups_needed(instance, events ? *events : none);
  std::vector<std::int64_t> parties(1);
  const auto id = needed.party_id;
  if (std::from_chars(id.data(), id.data() + id.size(), parties[0]).ec != std::errc{}) parties.clear();
  auto users = needed.user_ids;
  users.resize(std::min(users.size(), source::registry::most_per_query - 1));
  if (parties.empty() && users.empty()) return {};
  const auto answer = with.people(source::registry::query(parties, users));
  if (!answer) return tl::unexpected(answer.error());
  if (!*answer) return {};
  const codec::Document list = copy_of(**answer);
  const auto found = codec::read_parties(parser, list.view());
  if (!found) return {};
  for (const auto& party : *found) {
    if (party.party_id) material.parties.emplace_back(std::to_string(*party.party_id), party.urn);
    for (const auto user : party.user_ids)
      if (std::find(users.begin(), users.end(), user) != users.end())
        material.users.emplace_back(std::to_string(user), party.urn);
  }
  return {};
}

Result<void> read_application(const Look& with, const std::string& app_id, Material& material) {
  auto application = with.source("storage", st::application(app_id));
  if (!application) return tl::unexpected(application.error());
  material.application = std::move(*application);
  for (const auto* language : {"nb", "nn", "en"}) {
    auto text = with.source("storage", st::texts(app_id, language));
    if (!text) return tl::unexpected(text.error());
    if (*text) material.texts.push_back(std::move(**text));
  }
  return {};
}

/// Where the instance's dialog is: chosen by the app, or derived.
Result<std::optional<Uuid>> dialog_of(const mapping::Mapper& mapper, const codec::Instance& instance,
                                      const Material& material, Instant now) {
  codec::Parser parser;
  std::shared_ptr<const mapping::PreparedApplication> application;
  if (material.application) {
    auto prepared = mapper.prepare(parser, copy_of(*material.application), {});
    if (!prepared) return tl::unexpected(prepared.error());
    application = std::move(*prepared);
  }
  return mapper.dialog_id_of(instance, application.get(), now);
}

/// The source has it no more: its dialog is found by its label (dialogporten.md 2.9).
Result<void> look_for_orphan(const Look& with, Material& material) {
  const auto found = with.target("dialogporten", dp::lookup("urn:altinn:instance-id:" + with.told.record_id));
  if (!found) return tl::unexpected(found.error());
  if (!*found) return {};
  codec::Parser parser;
  const codec::Document body = copy_of(**found);
  const auto dialog = codec::read_dialog_lookup(parser, body.view());
  if (!dialog) return {};
  auto existing = with.target("dialogporten", dp::get(dialog->dialog));
  if (!existing) return tl::unexpected(existing.error());
  material.existing = std::move(*existing);
  return {};
}

Result<void> read_all(const Look& with, const mapping::Mapper& mapper, Instant now, Material& material) {
  codec::Parser parser;
  const codec::Document body = copy_of(*material.instance);
  const auto instance = codec::read_instance(parser, body.view());
  if (!instance) return {}; // the mapping tells what is wrong with it
  auto events = with.source("storage", st::events(with.told.record_id));
  if (!events) return tl::unexpected(events.error());
  material.events = std::move(*events);
  if (auto read = read_application(with, std::string(instance->app_id), material); !read) return read;
  if (auto found = find_people(with, *instance, material); !found) return found;
  const auto id = dialog_of(mapper, *instance, material, now);
  if (!id || !*id) return {};
  auto existing = with.target("dialogporten", dp::get(**id));
  if (!existing) return tl::unexpected(existing.error());
  material.existing = std::move(*existing);
  return {};
}

std::string bundle_of(const Look& with, const Material& material, Instant now) {
  return BundleText()
      .text("kind", "instance")
      .body("instance", material.instance)
      .body("events", material.events)
      .body("application", material.application)
      .list("texts", material.texts)
      .map("parties", material.parties)
      .map("users", material.users)
      .body("existing", material.existing)
      .flag("is_migration", with.is_migration)
      .text("now", to_string(now))
      .take();
}

void note_requests(const Look& with, mapping::Decision decision) {
  const auto& dialog = decision.dialog_id;
  const auto revision = decision.revision ? to_string(*decision.revision) : std::string();
  const auto silent = decision.silent;
  if (decision.write_back && !decision.calls.empty())
    with.would_send("storage", st::store_dialog_id(with.told.record_id, dialog));
  std::size_t saved = 0;
  for (const auto call : decision.calls) {
    switch (call) {
    case mapping::Call::create: with.would_send("dialogporten", dp::create(decision.body, silent)); break;
    case mapping::Call::update:
      with.would_send("dialogporten", dp::update(dialog, decision.body, silent, revision));
      break;
    case mapping::Call::remove: with.would_send("dialogporten", dp::remove(dialog, silent, revision)); break;
    case mapping::Call::purge: with.would_send("dialogporten", dp::purge(dialog, silent, revision)); break;
    case mapping::Call::restore:
      with.would_send("dialogporten", dp::restore(dialog, silent, revision));
      break;
    case mapping::Call::form_saved_time: {
      const auto& [activity, at] = decision.form_saved_times.at(saved++);
      with.would_send("dialogporten", dp::update_form_saved_time(dialog, activity, at, revision));
    }
    }
  }
}

} // namespace

Result<void> look_at_instance(const Look& with) {
  const mapping::Mapper mapper(mapping::settings_of(with.config.mapping), with.wording);
  const auto now = system_now();
  Material material;
  auto instance = with.source("storage", st::instance(with.told.record_id));
  if (!instance) return tl::unexpected(instance.error());
  material.instance = std::move(*instance);
  const auto& answer = with.told.source.front();
  if (material.instance) {
    if (auto read = read_all(with, mapper, now, material); !read) return read;
  } else if (answer.status == 404) {
    if (auto looked = look_for_orphan(with, material); !looked) return looked;
  } else {
    return {}; // nothing is known of it
  }
  const auto bundle = bundle_of(with, material, now);
  const auto mapped = mapping::map_bundle(bundle, mapper);
  if (!mapped) return {};
  with.told.mapping = mask_identities(mapped->json);
  with.told.is_mapped = !mapped->has_problem;
  if (auto decision = mapping::decide_bundle(bundle, mapper)) note_requests(with, std::move(*decision));
  return {};
}

} // namespace dialogferry::engine
