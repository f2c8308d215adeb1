#include "records.hpp"

#include <dialogferry/codec/bundle.hpp>
#include <dialogferry/mapping/expected.hpp>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::mapping;
using records::archived_form;
using records::drop;
using records::set;

namespace {

constexpr std::string_view now = "2025-12-01T00:00:00Z";

/// What the list row of a bundle's instance tells, and what the whole bundle decides.
struct Told {
  explicit Told(const records::json::value& bundle) {
    const codec::Document row(records::json::serialize(bundle.at("instance")));
    codec::Arena texts;
    const auto head = codec::read_instance_head(parser, row.view(), texts);
    REQUIRE(head);
    const Mapper mapper;
    auto application =
        mapper.prepare(parser, codec::Document(records::json::serialize(bundle.at("application"))), {});
    REQUIRE(application);
    expected = expected_of(mapper, *head, application->get(), *parse_instant(now));
    decision = records::decide(bundle);
  }

  codec::Parser parser;
  Result<Expected> expected = tl::unexpected(Problem{});
  Result<Decision> decision = tl::unexpected(Problem{});
};

} // namespace

TEST_CASE("A list row tells of its dialog what the whole record decides", "[mapping][verify]") {
  auto bundle = archived_form();
  const auto change = GENERATE(0, 1, 2, 3, 4, 5);
  if (change == 1) set(bundle, "/instance/status/isSoftDeleted", true);
  if (change == 2) set(bundle, "/instance/status/isHardDeleted", true);
  if (change == 3) set(bundle, "/instance/dataValues/dialog.disableAutomaticSync", " TRUE ");
  if (change == 4) set(bundle, "/application/messageBoxConfig/syncAdapterSettings/disableCreate", true);
  if (change == 5) drop(bundle, "/instance/lastChanged");
  const Told told(bundle);
  REQUIRE(told.expected);
  REQUIRE(told.decision);
  const auto& calls = told.decision->calls;
  CHECK(told.expected->is_there == !calls.empty());
  if (!told.expected->is_there) return;
  CHECK(told.expected->id == told.decision->dialog_id);
  CHECK(told.expected->is_deleted == (calls.back() == Call::remove));
  const auto body = records::json::parse(told.decision->body);
  CHECK(to_string(told.expected->created_at) ==
        to_string(*parse_instant(body.at("createdAt").as_string().c_str())));
  CHECK(to_string(told.expected->updated_at) ==
        to_string(*parse_instant(body.at("updatedAt").as_string().c_str())));
  CHECK(service_resource_of(bundle.at("instance").at("appId").as_string().c_str()) ==
        body.at("serviceResource").as_string().c_str());
}

TEST_CASE("An application that chooses ids and gave none leaves nothing to be told",
          "[mapping][verify][M-4]") {
  auto bundle = archived_form();
  set(bundle, "/application/messageBoxConfig/syncAdapterSettings/enableUserSuppliedDialogId", true);
  CHECK_FALSE(Told(bundle).expected);
}
