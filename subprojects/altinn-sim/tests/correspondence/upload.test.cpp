#include "support.hpp"

#include <catch2/catch.hpp>

// M1
namespace altinn_sim::correspondence::testing {

namespace {

json::object query() {
  return {{"resourceId", "skd-migratedcorrespondence-5229-1"},
          {"sender", "urn:altinn:organization:identifier-no:310111228"},
          {"sendersReference", "r"},
          {"altinn2AttachmentId", "A1"},
          {"senderPartyUuid", "6d0f1f2e-2a11-4a55-9a77-1f0e9b8c7d6a"},
          {"created", "2023-11-06T08:12:44Z"},
          {"fileName", "a.pdf"}};
}

json::object with(std::string_view name, std::string_view value) {
  auto changed = query();
  changed[name] = value;
  return changed;
}

} // namespace

TEST_CASE("An attachment is stored once, whatever is sent of it again", "[1.2]") {
  World world;
  const auto first = world.upload(query(), 10);
  CHECK(first.status == 200);
  CHECK(world.upload(with("fileName", "b.pdf"), 20).body == first.body);
  CHECK(world.service.figures().attachments == 1);
  CHECK(world.service.figures().doubled_uploads == 1);
  CHECK(world.service.figures().orphaned_attachments == 1);
}

TEST_CASE("An upload needs its length, bytes, and a content type of bytes", "[OC-9]") {
  World world;
  CHECK(json::parse(world.upload(query(), 0).body).at("errorCode") == 2004);
  world.has_length = false;
  const auto chunked = world.upload(query(), 200'000);
  CHECK(chunked.status == 400);
  CHECK(json::parse(chunked.body).at("errorCode") == 2004);
  world.has_length = true;
  world.content_type = "application/pdf";
  CHECK(world.upload(query(), 10).status == 415);
}

TEST_CASE("Values of an upload that are no such values are 400, those that fail later 500", "[OC-9]") {
  World world;
  for (const auto* name : {"created", "senderPartyUuid", "isEncrypted"})
    CHECK(world.upload(with(name, ""), 10).status == 400);
  CHECK(world.upload(with("created", "2023-11-06T08:12:44 01:00"), 10).status == 400);
  CHECK(world.upload(with("isEncrypted", "1"), 10).status == 400);
  CHECK(world.upload(with("sender", ""), 10).status == 500);
  CHECK(world.upload(with("checksum", std::string(32, 'a')), 10).status == 500);
  CHECK(world.upload(with("checksum", "abc"), 10).status == 400);
  CHECK(world.upload(with("fileName", std::string("a\0b", 3)), 10).status == 500);
  CHECK(world.service.figures().attachments == 0);
}

TEST_CASE("An empty display name is none: the file's name is shown", "[OC-9]") {
  World world;
  const auto id = json::value_to<std::string>(json::parse(world.upload(with("displayName", " "), 10).body));
  auto body = message(1);
  body.at("correspondenceData").as_object()["existingAttachments"] = json::array{json::value(id)};
  const auto entry = world.publish(world.migrate(body));
  const auto dialog = world.dialog(json::value_to<std::string>(entry.at("dialogId")));
  CHECK(dialog.at("attachments").at(0).at("displayName").at(0).at("value") == "a.pdf");
  CHECK(world.service.figures().orphaned_attachments == 0);
}

} // namespace altinn_sim::correspondence::testing
