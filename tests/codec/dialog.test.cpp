#include <dialogferry/codec/dialog_json.hpp>
#include <dialogferry/codec/json_writer.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::codec;

TEST_CASE("texts are escaped where JSON needs it and only there") {
  const auto written = [](std::string_view text) {
    JsonWriter json(16);
    json.text(text);
    return std::move(json).take();
  };
  CHECK(written("") == R"("")");
  CHECK(written("plain text of some length, æøå 🚢") == R"("plain text of some length, æøå 🚢")");
  CHECK(written("a\"b\\c\nd\te\r\b\f") == R"("a\"b\\c\nd\te\r\b\f")");
  CHECK(written(std::string_view("\0\x01\x1F\x7F", 4)) == "\"\\u0000\\u0001\\u001f\x7F\"");
  for (std::size_t before = 0; before < 40; ++before) {
    const std::string prefix(before, 'x');
    CHECK(written(prefix + "\"" + prefix) == '"' + prefix + "\\\"" + prefix + '"');
    CHECK(written(prefix + "\x1F" + prefix) == '"' + prefix + "\\u001f" + prefix + '"');
    CHECK(written(prefix + "\xFF" + prefix) == '"' + prefix + "\uFFFD" + prefix + '"');
    CHECK(written(prefix + " !#[]~\x7F" + prefix) == '"' + prefix + " !#[]~\x7F" + prefix + '"');
  }
}

TEST_CASE("what is no UTF-8 becomes U+FFFD: JSON is written whatever was read", "[doors]") {
  const auto written = [](std::string_view text) {
    JsonWriter json(16);
    json.text(text);
    return std::move(json).take();
  };
  CHECK(written("\xFF") == "\"\uFFFD\"");
  CHECK(written("a\xC3(b") == "\"a\uFFFD(b\"");
  CHECK(written("\xED\xA0\x80") == "\"\uFFFD\uFFFD\uFFFD\"");
  CHECK(written("cut off \xF0\x9F\x9A") == "\"cut off \uFFFD\uFFFD\uFFFD\"");
  CHECK(written("\xE2\x82\xAC\n\xE2\x82") == "\"\u20AC\\n\uFFFD\uFFFD\"");
}

TEST_CASE("an enumeration goes back escaped, whatever it holds", "[doors]") {
  Parser parser;
  const Document document(
      R"({"id":"018e23f1-4c00-70e9-b63b-dd0151970003","revision":"018e23f1-4c00-70e9-b63b-dd0151970004","activities":
      [{"id":"018e2ee9-0a40-7001-8001-000000000008","createdAt":"2024-03-10T10:00:00Z","type":"a\u0000\"b"}]})");
  const auto read = read_dialog(parser, document.view());
  REQUIRE(read);
  CHECK(write_update(read->kept, read->body).find(R"("type":"a\u0000\"b")") != std::string::npos);
}

TEST_CASE("a problem's member holds nobody's number", "[doors][OR-13]") {
  Parser parser;
  const Document document(
      R"({"id":"1/0dbc1da6-f744-4fff-83bc-131e7988a1bb","dataValues":{"01017012345":[]}})");
  const auto read = read_instance(parser, document.view());
  REQUIRE_FALSE(read);
  CHECK(read.error().member == "instance.dataValues.***********");
}

TEST_CASE("a stored dialog is read and can be written back as an update") {
  Parser parser;
  const Document document(
      R"({"id":"018f6c2b-f029-78e1-b6a6-b4180e983805","revision":"ccd2be2b-f09c-4426-936f-9af8b822c4d7",)"
      R"("party":"urn:p","deletedAt":null,"status":"Draft","isApiOnly":true,"progress":7,"process":null,)"
      R"("dueAt":"2026-01-01T00:00:00.0000000Z","unheardOf":{"a":[{"b":1}]},)"
      R"("content":{"title":{"value":[{"value":"T\"","languageCode":"nb"}],"mediaType":"text/plain",)"
      R"("isAuthorized":true},"summary":null,"additionalInfo":{"value":[],"mediaType":"text/markdown"}},)"
      R"("searchTags":[{"value":"tag"}],"serviceOwnerContext":{"revision":"x","serviceOwnerLabels":[{"value":"l"}]},)"
      R"("attachments":[{"id":"018f6c2b-f029-78e1-b6a6-b4180e983801","displayName":[{"value":"a","languageCode":"nb"}],)"
      R"("name":null,"urls":[{"id":"018f6c2b-f029-78e1-b6a6-b4180e983802","url":"https://x","mediaType":"m",)"
      R"("consumerType":"Gui"}],"expiresAt":"2030-01-01T00:00:00Z"}],)"
      R"("transmissions":[{"id":"018f6c2b-f029-78e1-b6a6-b4180e983803","attachments":[]}],)"
      R"("guiActions":[{"id":"018f6c2b-f029-78e1-b6a6-b4180e983804","action":"read","url":"https://y",)"
      R"("isAuthorized":false,"isDeleteDialogAction":false,"httpMethod":"POST","priority":"Secondary",)"
      R"("title":[{"value":"go","languageCode":"nb"}],"prompt":null}],)"
      R"("apiActions":[{"id":"018f6c2b-f029-78e1-b6a6-b4180e983806","action":"read","name":"n",)"
      R"("endpoints":[{"id":null,"url":"https://z","httpMethod":"GET","deprecated":true,)"
      R"("sunsetAt":"2031-01-01T00:00:00Z"}]}],)"
      R"("activities":[{"id":"018f6c2b-f029-78e1-b6a6-b4180e983807","createdAt":"2024-01-01T00:00:00Z",)"
      R"("type":"FormSaved","performedBy":{"actorType":"ServiceOwner"}}]})");
  const auto dialog = read_dialog(parser, document.view());
  REQUIRE(dialog);
  CHECK(to_string(dialog->revision) == "ccd2be2b-f09c-4426-936f-9af8b822c4d7");
  CHECK_FALSE(dialog->deleted_at);
  CHECK(dialog->service_owner_labels[0] == "l");
  CHECK(dialog->body.transmissions.size() == 1);
  CHECK(dialog->body.activities[0].type == "FormSaved");

  auto body = dialog->body;
  body.transmissions = {};
  body.activities = {};
  CHECK(
      write_update(dialog->kept, body) ==
      R"({"progress":7,"searchTags":[{"value":"tag"}],"status":"Draft","isApiOnly":true,)"
      R"("dueAt":"2026-01-01T00:00:00Z","content":{"title":{"value":[{"value":"T\"","languageCode":"nb"}],)"
      R"("mediaType":"text/plain"},"additionalInfo":{"value":[],"mediaType":"text/markdown"}},)"
      R"("attachments":[{"id":"018f6c2b-f029-78e1-b6a6-b4180e983801","displayName":[{"value":"a",)"
      R"("languageCode":"nb"}],"expiresAt":"2030-01-01T00:00:00Z","urls":[)"
      R"({"id":"018f6c2b-f029-78e1-b6a6-b4180e983802","url":"https://x","mediaType":"m","consumerType":"Gui"}]}],)"
      R"("guiActions":[{"id":"018f6c2b-f029-78e1-b6a6-b4180e983804","action":"read","url":"https://y",)"
      R"("isDeleteDialogAction":false,"httpMethod":"POST","priority":"Secondary","title":[{"value":"go",)"
      R"("languageCode":"nb"}]}],"apiActions":[{"id":"018f6c2b-f029-78e1-b6a6-b4180e983806","action":"read",)"
      R"("name":"n","endpoints":[{"url":"https://z","httpMethod":"GET","deprecated":true,)"
      R"("sunsetAt":"2031-01-01T00:00:00Z"}]}]})");
}

TEST_CASE("a stored dialog needs an id and a revision") {
  Parser parser;
  const Document document(R"({"id":"018f6c2b-f029-78e1-b6a6-b4180e983805"})");
  CHECK(read_dialog(parser, document.view()).error() == Problem{"existing.revision", "is missing", ""});
  const Document wrong(R"({"id":"x"})");
  CHECK(read_dialog(parser, wrong.view()).error() == Problem{"existing.id", "must be a UUID", ""});
  const Document priority(R"({"guiActions":[{"priority":"Quaternary"}]})");
  CHECK(read_dialog(parser, priority.view()).error().member == "existing.guiActions[0].priority");
}
