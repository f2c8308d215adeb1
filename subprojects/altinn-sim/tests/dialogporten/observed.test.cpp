#include "dialogporten/model/stored_uri.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

// What the real server was seen to do (observed.md OD-3 to OD-10), driven by tests/observed/dialogporten.
// Writes that meet and Register down are in overlaps.test.cpp.
using namespace altinn_sim;
using namespace altinn_sim::dialogporten;
using namespace altinn_sim::dialogporten::testing;

namespace {

std::string id_of(const json::value& dialog) {
  return std::string(dialog.at("id").as_string());
}

std::string path_of(const json::value& dialog) {
  return "/dialogs/" + id_of(dialog);
}

/// The smallest body of the observed files.
json::object small_body() {
  auto body = observed("nul-character").at("body").as_object();
  body.at("content").at("title").at("value").at(0).as_object()["value"] = "Tittel";
  return body;
}

json::value attachment(std::string_view id, std::string_view url) {
  json::object address{{"url", json::string_view{url.data(), url.size()}}, {"consumerType", "Gui"}};
  return json::object{{"id", json::string_view{id.data(), id.size()}},
                      {"displayName", json::array{}},
                      {"urls", json::array{std::move(address)}}};
}

json::value activity(std::string_view actor_id) {
  return json::object{{"id", "018e2ee9-0a40-7001-8001-000000000077"},
                      {"type", "DialogCreated"},
                      {"createdAt", "2024-03-10T10:00:00Z"},
                      {"performedBy",
                       {{"actorType", "PartyRepresentative"},
                        {"actorId", json::string_view{actor_id.data(), actor_id.size()}}}}};
}

int created(const json::value& body) {
  Client client;
  return client.post("/dialogs?isSilentUpdate=true", body).status;
}

/// The dialog as it comes back after a create that must succeed.
json::object round_trip(const json::value& body) {
  Client client;
  const auto response = client.post("/dialogs?isSilentUpdate=true", body);
  INFO(response.body);
  REQUIRE(response.status == 201);
  return client.dialog(id_of(body));
}

std::string ids_in(const json::value& list) {
  std::string ids;
  for (const auto& item : list.as_array())
    (ids += ids.empty() ? "" : " ") += std::string(item.at("id").as_string());
  return ids;
}

} // namespace

TEST_CASE("an address comes back as .NET spells it, wherever it stands", "[OD-3]") {
  const auto seen = observed("url-round-trip");
  for (const auto& [sent, stored] : seen.at("sent_to_stored").as_object()) {
    INFO(sent);
    CHECK(stored_uri(std::string(sent)) == std::string(stored.as_string()));
  }
  for (const auto& piece : seen.at("unchanged").as_array()) {
    const auto address = "https://a.no/x" + std::string(piece.as_string()) + "y";
    CHECK(stored_uri(address) == address);
  }
  auto body = seen.at("body");
  const auto sent = body.at("attachments").at(0).at("urls").at(0).at("url");
  const auto action = observed("order-of-collections").at("body").at("guiActions").at(0);
  body.as_object()["guiActions"] = json::array{action};
  body.at("guiActions").at(0).as_object()["url"] = sent;
  body.as_object()["apiActions"] = observed("url-kept-member-refused").at("body").at("apiActions");
  auto& endpoint = body.at("apiActions").at(0).at("endpoints").at(0).as_object();
  endpoint["url"] = sent;
  const auto dialog = round_trip(body);
  const json::value stored = "https://a.no/a b/å|x";
  CHECK(dialog.at("attachments").at(0).at("urls").at(0).at("url") == stored);
  CHECK(dialog.at("guiActions").at(0).at("url") == stored);
  CHECK(dialog.at("apiActions").at(0).at("endpoints").at(0).at("url") == stored);
  CHECK(dialog.at("apiActions").at(0).at("endpoints").at(0).at("documentationUrl") == "https://a.no/a b");
}

TEST_CASE("what storage keeps of an address is kept as it is when it is stored again", "[OD-3]") {
  struct Case {
    std::string sent;
    std::string stored;
  };
  for (const auto& [sent, stored] :
       std::vector<Case>{{"https://a.no/100%", "https://a.no/100%25"},
                         {"https://a.no/%zz", "https://a.no/%25zz"},
                         {"HTTPS://A.no:0443?q=%C3%B8#%20x", "https://a.no/?q=ø# x"},
                         {"https://a.no:8443/./a/b/..", "https://a.no:8443/a/"},
                         {"https://a.no/%E2%82", "https://a.no/%E2%82"},
                         {"https://a.no/%41%0a%7f", "https://a.no/A%0a%7f"},
                         {"urn:a%20b", "urn:a b"},
                         {"a/%20b", "a/%20b"}}) {
    CHECK(stored_uri(sent) == stored);
    CHECK(stored_uri(stored) == stored);
  }
}

TEST_CASE("a documentation address that came back unescaped is refused when it is sent again", "[OD-4]") {
  const auto seen = observed("url-kept-member-refused");
  Client client;
  auto body = seen.at("body");
  REQUIRE(client.post("/dialogs", body).status == 201);
  const auto dialog = client.dialog(id_of(body));
  const auto& endpoint = dialog.at("apiActions").at(0).at("endpoints").at(0);
  CHECK(endpoint.at("documentationUrl") == seen.at("real").at("get_documentationUrl"));
  body.as_object()["apiActions"] = dialog.at("apiActions");
  const auto refused = client.put(path_of(body), body);
  CHECK(refused.status == 400);
  CHECK(errors(refused) == seen.at("real").at("errors"));
}

TEST_CASE("limits that are kept by failing are answered 500 and store nothing", "[OD-5]") {
  for (const auto* name : {"nul-character", "attachment-media-type-256", "process-256", "actor-id-256",
                           "same-attachment-id-twice-in-one-body", "service-resource-missing"}) {
    INFO(name);
    const auto seen = observed(name);
    Client client;
    const auto response = client.post("/dialogs", seen.at("body"));
    CHECK(response.status == seen.at("real").at("status").as_int64());
    CHECK(response.refusal == "breaks");
    CHECK(response.content_type == "application/json; charset=utf-8");
    CHECK(client.service.size() == 0);
  }
}

TEST_CASE("U+0000 fails in every text, and in no member that the API ignores", "[OD-5]") {
  auto body = small_body();
  const std::string nul("a\0b", 3);
  for (const auto* member : {"externalReference", "extendedStatus"}) {
    auto broken = body;
    broken[member] = nul;
    CHECK(created(broken) == 500);
  }
  auto label = body;
  label["serviceOwnerContext"] =
      json::object{{"serviceOwnerLabels", json::array{json::object{{"value", nul}}}}};
  CHECK(created(label) == 500);
  auto unknown = body;
  unknown["unknownMember"] = nul;
  unknown["externalReference"] = R"(\u0000)"; // six characters, none of them U+0000
  CHECK(created(unknown) == 201);
  Client client;
  REQUIRE(client.post("/dialogs", body).status == 201);
  body["externalReference"] = nul;
  CHECK(client.put(path_of(body), body).status == 500);
}

TEST_CASE("checks come before what fails in storage", "[OD-5]") {
  auto body = observed("process-256").at("body");
  body.as_object()["progress"] = 101;
  CHECK(created(body) == 400);
  body.as_object().erase("progress");
  body.as_object()["precedingProcess"] = body.at("process");
  body.as_object()["process"] = "urn:a";
  CHECK(created(body) == 500);
  auto resource = observed("service-resource-missing").at("body");
  resource.as_object()["serviceResource"] = "";
  CHECK(created(resource) == 400);
}

TEST_CASE("labels that are equal after trimming fail, in a create and in an added label", "[OD-5]") {
  const auto seen = observed("label-equal-after-trim");
  CHECK(created(seen.at("body")) == seen.at("real").at("create").as_int64());
  Client client{service_owner("digdir")};
  auto body = seen.at("body");
  body.at("serviceOwnerContext").at("serviceOwnerLabels").as_array().pop_back();
  REQUIRE(client.post("/dialogs", body).status == 201);
  const auto labels = path_of(body) + "/context/labels";
  CHECK(client.post(labels, json::object{{"value", "abc "}}).status ==
        seen.at("real").at("add_label").as_int64());
  CHECK(client.post(labels, json::object{{"value", "ABC"}}).status == 400);
  CHECK(client.post(labels, json::object{{"value", " New "}}).status == 204);
  CHECK(json::parse(client.get(labels).body).at(1).at("value") == "new");
}

TEST_CASE("one address id in two attachments fails", "[OD-5]") {
  auto body = small_body();
  body["attachments"] = json::array{attachment("018e23f1-4c00-7a00-8000-000000000001", "https://a.no/1"),
                                    attachment("018e23f1-4c00-7a00-8000-000000000002", "https://a.no/2")};
  CHECK(created(body) == 201);
  for (auto& each : body["attachments"].as_array())
    each.at("urls").at(0).as_object()["id"] = "018e23f1-4c00-7a00-8000-000000000003";
  CHECK(created(body) == 500);
}

TEST_CASE("empty lists are absent in what comes back", "[OD-8]") {
  auto body = small_body();
  body["attachments"] = json::array{attachment("018e23f1-4c00-7a00-8000-000000000001", "https://a.no/x")};
  body["activities"] = json::array{activity("urn:altinn:person:legacy-selfidentified:ola")};
  auto action = observed("order-of-collections").at("body").at("guiActions").at(0);
  action.as_object()["prompt"] = json::array{};
  body["guiActions"] = json::array{action};
  const auto dialog = round_trip(body);
  CHECK_FALSE(dialog.at("attachments").at(0).as_object().contains("displayName"));
  CHECK_FALSE(dialog.at("activities").at(0).as_object().contains("description"));
  CHECK_FALSE(dialog.at("guiActions").at(0).as_object().contains("prompt"));
}

TEST_CASE("actions and attachments come back in the order of their ids", "[OD-8]") {
  const auto seen = observed("order-of-collections");
  const auto dialog = round_trip(seen.at("body"));
  CHECK(ids_in(dialog.at("guiActions")) ==
        "018e23f1-4c00-7c00-8000-000000000001 018e23f1-4c00-7c00-8000-000000000002");
  auto body = observed("same-attachment-id-twice-in-one-body").at("body").as_object();
  const json::array swapped{attachment("018e23f1-4c00-7a00-8000-000000000012", "https://a.no/x"),
                            attachment("018e23f1-4c00-7a00-8000-000000000011", "https://a.no/x")};
  body["attachments"] = swapped;
  body["attachments"].at(0).as_object()["id"] = "018e23f1-4c00-7a00-8000-000000000022";
  body["attachments"].at(1).as_object()["id"] = "018e23f1-4c00-7a00-8000-000000000021";
  body["transmissions"].at(0).as_object()["attachments"] = swapped;
  const auto stored = round_trip(body);
  CHECK(ids_in(stored.at("attachments")) ==
        "018e23f1-4c00-7a00-8000-000000000021 018e23f1-4c00-7a00-8000-000000000022");
  CHECK(ids_in(stored.at("transmissions").at(0).at("attachments")) ==
        "018e23f1-4c00-7a00-8000-000000000011 018e23f1-4c00-7a00-8000-000000000012");
}

TEST_CASE("search tags and actor ids are stored in lower case, tags trimmed", "[OD-8]") {
  const auto seen = observed("stored-lower-case");
  auto body = small_body();
  body["searchTags"] = seen.at("sent").at("searchTags");
  body["activities"] = json::array{activity(std::string(seen.at("sent").at("actorId").as_string()))};
  const auto dialog = round_trip(body);
  CHECK(dialog.at("searchTags") == seen.at("real").at("searchTags"));
  CHECK(dialog.at("activities").at(0).at("performedBy").at("actorId") == seen.at("real").at("actorId"));
}

TEST_CASE("the last instant keeps its seventh digit, all others lose it", "[OD-8]") {
  auto body = small_body();
  const json::value last = observed("last-instant").at("real");
  for (const auto* member : {"dueAt", "expiresAt"})
    body[member] = last;
  body["visibleFrom"] = "2024-03-10T00:00:00.1234567Z";
  const auto dialog = round_trip(body);
  CHECK(dialog.at("dueAt") == last);
  CHECK(dialog.at("expiresAt") == last);
  CHECK(dialog.at("visibleFrom") == "2024-03-10T00:00:00.1234560Z");
}

TEST_CASE("sending what is stored changes nothing, in whatever form it is sent", "[OD-3][OD-8]") {
  auto body = observed("url-round-trip").at("body");
  body.as_object()["searchTags"] = observed("stored-lower-case").at("sent").at("searchTags");
  body.at("attachments").at(0).at("urls").at(0).as_object()["id"] = "018e23f1-4c00-7a00-8000-000000000031";
  Client client;
  const auto response = client.post("/dialogs", body);
  REQUIRE(response.status == 201);
  const auto again = client.put(path_of(body), body);
  CHECK(again.status == 204);
  CHECK(header(again, "Etag") == header(response, "Etag"));
}

TEST_CASE("a search is ordered as the real one", "[OD-9]") {
  const auto seen = observed("search-order");
  Client client;
  for (std::size_t at = 0; at < seen.at("requests").as_array().size(); ++at) {
    const std::string request(seen.at("requests").at(at).as_string());
    const std::string answer(seen.at("real").at(at).as_string());
    INFO(request);
    const auto response = client.get("/dialogs?" + request);
    if (answer.starts_with("400")) {
      CHECK(response.status == 400);
      CHECK(errors(response).contains("orderBy"));
    } else {
      REQUIRE(response.status == 200);
      const std::string order(json::parse(response.body).at("orderBy").as_string());
      CHECK(order == answer.substr(0, answer.find(' ')));
    }
  }
}

TEST_CASE("a search takes dates without a zone, as UTC, and days", "[OD-9]") {
  Client client;
  REQUIRE(client.post("/dialogs", small_body()).status == 201);
  const auto found = [&](const std::string& query) {
    const auto response = client.get("/dialogs?" + query);
    REQUIRE(response.status == observed("search-date-without-zone").at("real").as_int64());
    return json::parse(response.body).at("items").as_array().size();
  };
  CHECK(found("createdAfter=2024-03-09T16:00:00") == 1);
  CHECK(found("createdAfter=2024-03-09T16:00:01") == 0);
  CHECK(found("createdAfter=2024-03-09") == 1);
  CHECK(found("createdAfter=2024-03-10") == 0);
}

TEST_CASE("a create is answered without a Location", "[OD-10]") {
  Client client;
  const auto response = client.post("/dialogs", small_body());
  REQUIRE(response.status == 201);
  CHECK(header(response, "Location").empty());
  CHECK(header(response, "Etag").size() == 36);
}

TEST_CASE("415 comes before 401 and 403, whose bodies are empty", "[OD-10]") {
  Client client;
  Request request;
  request.method = Method::post;
  request.path = "/api/v1/serviceowner/dialogs";
  request.body = "{}";
  request.token_expired = true;
  request.content_type = "text/plain";
  Caller nobody;
  nobody.service_provider = false;
  CHECK(client.service.handle(request, nobody).status == 415);
  request.content_type = "application/json";
  const auto unauthorized = client.service.handle(request, nobody);
  CHECK(unauthorized.status == 401);
  CHECK(unauthorized.body.empty());
  CHECK(unauthorized.headers.size() == 3);
  CHECK(header(unauthorized, "WWW-Authenticate").starts_with("Bearer"));
  request.token_expired = false;
  const auto forbidden = client.service.handle(request, nobody);
  CHECK(forbidden.status == 403);
  CHECK(forbidden.body.empty());
  CHECK(forbidden.content_type.empty());
}

TEST_CASE("ids and If-Match are taken without hyphens, an empty If-Match is not", "[OD-10]") {
  Client client;
  const auto body = small_body();
  const auto made = client.post("/dialogs", body);
  REQUIRE(made.status == 201);
  auto bare = id_of(body);
  std::erase(bare, '-');
  for (const auto& path :
       {"/dialogs/" + bare, "/dialogs/{" + id_of(body) + "}", "/dialogs/(" + id_of(body) + ")"})
    CHECK(client.get(path).status == 200);
  auto revision = header(made, "Etag");
  std::erase(revision, '-');
  CHECK(client.put(path_of(body), body, revision).status == 204);
  const auto empty = client.put(path_of(body), body, "");
  CHECK(empty.status == 400);
  CHECK(errors(empty).contains("If-Match"));
}

TEST_CASE("bodies bind as .NET binds them", "[OD-10]") {
  const auto text = json::serialize(small_body());
  const auto sent = [&](const std::string& body) {
    Client client;
    return client.send(Method::post, "/dialogs?isSilentUpdate=", body).status;
  };
  const auto with = [&](const std::string& members) { return "{" + members + "," + text.substr(1); };
  CHECK(sent("\xef\xbb\xbf" + text) == 201);
  CHECK(sent(with(R"("progress":"5")")) == 201);
  CHECK(sent(with(R"("progress":"5x")")) == 400);
  for (const auto* status : {"2", "Draft, Completed", "draft,2"}) {
    auto body = small_body();
    body["status"] = status;
    CHECK(created(body) == 201);
  }
  for (const auto* status : {"", "0", "Draft,", "4096", "-1"}) {
    auto body = small_body();
    body["status"] = status;
    CHECK(created(body) == 400);
  }
  Client client;
  Request request;
  request.method = Method::post;
  request.path = "/api/v1/serviceowner/dialogs";
  request.content_type = "application/merge-patch+json";
  request.body = text;
  request.now = client.now;
  CHECK(client.service.handle(request).status == 201);
}

TEST_CASE("addresses are well formed where .NET says so", "[OD-10]") {
  for (const auto& [process, status] : std::vector<std::pair<std::string, int>>{
           {" urn:a", 201}, {"http:", 400}, {"urn:a#b#c", 400}, {"urn:a#b", 201}}) {
    INFO(process);
    auto body = small_body();
    body["process"] = process;
    CHECK(created(body) == status);
  }
  for (const auto* address : {"https://a.no/%F0%9F%98%80", "https://a.no/\xf0\x9f\x98\x80"}) {
    auto body = observed("url-kept-member-refused").at("body");
    body.at("apiActions").at(0).at("endpoints").at(0).as_object()["documentationUrl"] = address;
    CHECK(created(body) == 400);
  }
}

TEST_CASE("a body that is no JSON is refused at the member that it has reached", "[OD-10]") {
  const auto key = [](std::string_view body) {
    Client client;
    const auto response = client.send(Method::post, "/dialogs", body);
    CHECK(response.status == 400);
    return std::string(errors(response).begin()->key());
  };
  const std::string begin = R"({"status":"Draft","content":{"title":{"value":[{"value":"a)";
  CHECK(key(begin) == "content.title.value[0].value");
  CHECK(key(begin + "\xff\"}]}}}") == "content.title.value[0].value");
  CHECK(key(begin + R"(\ud800"}]}}})") == "content.title.value[0].value");
  CHECK(key(begin + R"(","languageCode":"nb"},{"value":)") == "content.title.value[1].value");
  CHECK(key("{") == "SerializerErrors");
  CHECK(key("x") == "SerializerErrors");
}
