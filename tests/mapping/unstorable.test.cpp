#include "records.hpp"

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::mapping;
using namespace records;

namespace {

/// The member that the record is refused for.
std::string refused(const json::value& bundle) {
  const auto decision = decide(bundle);
  return decision ? "" : decision.error().member;
}

json::value with_dialog() {
  auto bundle = archived_form();
  const Mapper mapper;
  set(bundle, "/existing", stored_dialog(bundle, mapper));
  set(bundle, "/existing/status", "Draft");
  return bundle;
}

constexpr json::string_view nul("a\0b", 3);

} // namespace

TEST_CASE("U+0000 in any text is refused, with the member that holds it", "[OD-5]") {
  const auto refuses = [](std::string_view path, std::string_view member) {
    auto bundle = archived_form();
    set(bundle, path, nul);
    CAPTURE(path);
    CHECK(refused(bundle) == member);
  };
  refuses("/application/title/nb", "dialog.content.title.value[0].value");
  refuses("/instance/presentationTexts/a", "dialog.content.title.value[0].value");
  refuses("/instance/status/substatus/label", "dialog.content.extendedStatus.value[0].value");
  refuses("/instance/status/substatus/description", "dialog.content.summary.value[0].value");
  refuses("/instance/data/1/filename", "dialog.attachments[0].displayName[0].value");
  refuses("/instance/data/1/contentType", "dialog.attachments[0].urls[0].mediaType");
  refuses("/instance/data/0/filename", "dialog.transmissions[0].attachments[0].displayName[0].value");
  refuses("/instance/process/currentTask/elementId", "dialog.guiActions[0].authorizationAttribute");
  refuses("/users/20001234", "dialog.transmissions[0].sender.actorId");
  refuses("/parties/50001234", "dialog.party");
}

TEST_CASE("U+0000 in what others wrote is refused on an update", "[OD-5]") {
  auto bundle = with_dialog();
  set(bundle, "/existing/externalReference", nul);
  const auto decision = decide(bundle);
  REQUIRE_FALSE(decision);
  CHECK(decision.error().member == "dialog.externalReference");
  CHECK(decision.error().message == "holds the character U+0000, which cannot be stored");
}

TEST_CASE("a media type that is too long loses its parameters, or is left out; the file is shown", "[OD-5]") {
  const auto media_type = [](const std::string& type) {
    auto bundle = archived_form();
    set(bundle, "/instance/data/1/contentType", json::string_view(type));
    const auto url = body_of(*decide(bundle)).at_pointer("/attachments/0/urls/0");
    const auto* kept = url.as_object().if_contains("mediaType");
    return kept == nullptr ? std::string("none") : std::string(kept->as_string());
  };
  const std::string long_name(255, 'x');
  CHECK(media_type(long_name) == long_name);
  CHECK(media_type(long_name + "x") == "none");
  CHECK(media_type("application/pdf; name=" + long_name) == "application/pdf");
}

TEST_CASE("process and precedingProcess of more than 255 characters are refused", "[OD-5]") {
  for (const auto* member : {"process", "precedingProcess"}) {
    auto bundle = with_dialog();
    set(bundle, "/existing/" + std::string(member), json::string("urn:" + std::string(251, 'x')));
    CHECK(decide(bundle));
    set(bundle, "/existing/" + std::string(member), json::string("urn:" + std::string(252, 'x')));
    CHECK(refused(bundle) == "dialog." + std::string(member));
  }
}

TEST_CASE("an actor's id or name of more than 255 characters is refused, without a word of it", "[OD-5]") {
  auto bundle = archived_form();
  const std::string id = "urn:altinn:person:legacy-selfidentified:" + std::string(216, 'x');
  set(bundle, "/users/20001234", json::string_view(id));
  const auto decision = decide(bundle);
  REQUIRE_FALSE(decision);
  CHECK(decision.error().member == "dialog.transmissions[0].sender.actorId");
  CHECK(decision.error().message == "must not be longer than 255 characters");
  set(bundle, "/users/20001234", json::string_view(id).substr(1));
  set(bundle, "/users/20001234", json::string("urn:altinn:displayName:" + std::string(256, 'x')));
  CHECK(refused(bundle) == "dialog.transmissions[0].sender.actorName");
}

TEST_CASE("one attachment or address id that stands twice in a body is refused", "[OD-5]") {
  auto bundle = archived_form();
  auto& data = bundle.at("instance").at("data").as_array();
  data.push_back(data[1]);
  const auto decision = decide(bundle);
  REQUIRE_FALSE(decision);
  CHECK(decision.error().member == "dialog.attachments[1].id");
  CHECK(decision.error().message == "stands twice in one dialog");
}

TEST_CASE("a dialog has one label and always a service resource, so neither can fail (held already)",
          "[OD-5]") {
  auto bundle = archived_form();
  const auto body = body_of(*decide(bundle));
  CHECK(body.at_pointer("/serviceOwnerContext/serviceOwnerLabels").as_array().size() == 1);
  CHECK(body.at("serviceResource") == "urn:altinn:resource:app_ttd_form");
  set(bundle, "/instance/appId", "");
  CHECK(refused(bundle) == "instance.appId");
  set(bundle, "/instance/appId", json::string("ttd/" + std::string(255, 'x')));
  CHECK(refused(bundle) == "dialog.serviceResource");
}
