#include "support.hpp"

#include <catch2/catch.hpp>

using namespace altinn_sim;
using namespace altinn_sim::dialogporten;
using namespace altinn_sim::dialogporten::testing;

TEST_CASE("a historic instance is created silently and read back", "[7.1][4.4]") {
  Client client;
  const auto response = client.post("/dialogs?isSilentUpdate=true", archived());
  CHECK(response.status == 201);
  CHECK(response.body == '"' + std::string{archived_id} + '"');
  const auto dialog = client.dialog(archived_id);
  CHECK(dialog.at("revision").as_string() == header(response, "Etag"));
  CHECK(dialog.at("createdAt").as_string() == "2023-03-14T08:12:44.0000000Z");
  CHECK(dialog.at("updatedAt").as_string() == "2023-03-20T11:02:10.0000000Z");
  CHECK(dialog.at("contentUpdatedAt").as_string() == "2023-03-20T11:02:10.0000000Z");
  CHECK(dialog.at("systemLabel").as_string() == "Archive");
  CHECK(json::serialize(dialog.at("endUserContext").at("systemLabels")) == R"(["Archive","Sent"])");
  CHECK(dialog.at("isContentSeen").as_bool());
  CHECK(dialog.at("fromPartyTransmissionsCount").as_int64() == 1);
  CHECK_FALSE(dialog.at("hasUnopenedContent").as_bool());
  CHECK(dialog.at("content").at("title").at("value").at(0).at("languageCode").as_string() == "en");
  CHECK(dialog.at("apiActions").at(0).at("endpoints").at(0).as_object().contains("id"));
  CHECK(dialog.at("serviceOwnerContext").at("serviceOwnerLabels").at(0).at("value").as_string() ==
        "migration:wave-07");
}

TEST_CASE("an audit sees every dialog in brief", "[summary]") {
  Client client;
  client.post("/dialogs?isSilentUpdate=true", archived());
  client.post("/dialogs?isSilentUpdate=true", archived());
  int seen = 0;
  client.service.for_each([&](const Summary& summary) {
    ++seen;
    CHECK(to_string(summary.id) == archived_id);
    CHECK(summary.title == std::vector<std::pair<std::string, std::string>>{{"en", "Waste report 2022"},
                                                                            {"nb", "Avfallsrapport 2022"}});
    CHECK(summary.created_silently);
    CHECK(summary.status == Status::completed);
    CHECK(summary.system_label == SystemLabel::archive);
    CHECK(summary.activities == 2);
    CHECK(summary.transmissions == 1);
    CHECK(summary.attachments == 0);
    CHECK(summary.transmission_attachments == 1);
    CHECK(summary.creates == 2);
    CHECK(summary.labels->size() == 2);
    CHECK(summary.org == "ttd");
  });
  CHECK(seen == 1);
}
