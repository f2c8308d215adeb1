#include <dialogferry/target/correspondence.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <catch2/catch.hpp>

#include <array>

using namespace dialogferry;
using namespace dialogferry::target;
using mapping::correspondence::Call;
using mapping::correspondence::QueryField;

namespace {
const Uuid one = *parse_uuid("01934c5a-7b00-7abc-8def-0123456789ab");
const Uuid two = *parse_uuid("3f2b6c1e-9d47-4a55-8c10-5e7d9a1b2c3d");
} // namespace

TEST_CASE("An attachment is described by its query, a plus in it escaped (M1)", "[target][OC-9]") {
  const std::array<QueryField, 3> query = {QueryField{"created", "2023-11-06T08:12:44.12+01:00"},
                                           QueryField{"fileName", "Vedtak & svar.pdf"},
                                           QueryField{"sender", "0192:310111228"}};
  const auto request = correspondence::attachment(query);
  CHECK(request.method == http::Method::post);
  CHECK(request.target == "/correspondence/api/v1/migration/attachment"
                          "?created=2023-11-06T08%3A12%3A44.12%2B01%3A00"
                          "&fileName=Vedtak%20%26%20svar.pdf&sender=0192%3A310111228");
  CHECK(request.content_type == "application/octet-stream");
  CHECK_FALSE(request.repeatable);
}

TEST_CASE("A message is stored, and published in a list of ids (M2, M3)", "[target]") {
  CHECK(correspondence::migrate("{}").target == "/correspondence/api/v1/migration/correspondence");
  CHECK(correspondence::migrate("{}").body == "{}");
  const std::array ids = {one, two};
  const auto request = correspondence::publish(ids);
  CHECK(request.target == "/correspondence/api/v1/migration/makemigratedcorrespondenceavailable");
  CHECK(request.body == R"({"correspondenceIds":["01934c5a-7b00-7abc-8def-0123456789ab",)"
                        R"("3f2b6c1e-9d47-4a55-8c10-5e7d9a1b2c3d"]})");
  CHECK_FALSE(request.repeatable);
}

TEST_CASE("A later event goes out as it was made (M4 to M6)", "[target]") {
  const Call call{"POST", "/correspondence/api/v1/migration/correspondence/syncStatusEvent", R"({"a":1})"};
  const auto request = correspondence::sync(call);
  CHECK(request.method == http::Method::post);
  CHECK(request.target == call.path);
  CHECK(request.body == call.body);
  CHECK(request.content_type == "application/json");
}

TEST_CASE("Details of a message are asked for, and a probe asks for nobody's", "[target]") {
  CHECK(correspondence::details(one).target ==
        "/correspondence/api/v1/correspondence/01934c5a-7b00-7abc-8def-0123456789ab/details");
  CHECK(correspondence::probe().target ==
        "/correspondence/api/v1/correspondence/00000000-0000-0000-0000-000000000000");
  CHECK(correspondence::probe().method == http::Method::get);
}

TEST_CASE("A call that reaches Dialogporten goes below its own base address", "[target]") {
  const auto patch = dialogporten::carry_out(
      {"PATCH", "/dialogporten/api/v1/serviceowner/dialogs/x?isSilentUpdate=true", "[]"});
  CHECK(patch.method == http::Method::patch);
  CHECK(patch.target == "/api/v1/serviceowner/dialogs/x?isSilentUpdate=true");
  CHECK(patch.body == "[]");
  CHECK(patch.content_type == "application/json");
  const auto removal = dialogporten::carry_out({"DELETE", "/dialogporten/api/v1/serviceowner/dialogs/x", ""});
  CHECK(removal.method == http::Method::remove);
  CHECK(removal.content_type.empty());
}
