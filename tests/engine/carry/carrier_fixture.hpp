#pragma once

#include "../actor_fixture.hpp"

#include <dialogferry/engine/carry/carrier.hpp>

namespace dialogferry::engine::test {

inline const std::string guid = "0dbc1da6-f744-4fff-83bc-131e7988a1bb";
inline const std::string urn = "urn:altinn:organization:identifier-no:310912409";

inline std::string instance_json(std::int64_t party, const std::string& id,
                                 const std::string& status = "{}") {
  const auto number = std::to_string(party);
  return R"({"id":")" + number + "/" + id + R"(","instanceOwner":{"partyId":")" + number +
         R"("},"appId":"ttd/form","org":"ttd","status":)" + status +
         R"(,"data":[],"created":"2025-06-18T08:54:53.623376Z","lastChanged":"2025-06-18T10:00:00Z"})";
}

inline std::string created_by(std::int64_t user) {
  return R"({"instanceEvents":[{"id":"4ef9d179-2d4b-403f-9fcc-6f7cd619f12e","eventType":"Created",)"
         R"("created":"2025-06-18T08:54:53.7Z","user":{"userId":)" +
         std::to_string(user) + "}}]}";
}

inline std::shared_ptr<const mapping::PreparedApplication> prepared(const mapping::Mapper& mapper,
                                                                    const std::string& settings = "{}") {
  codec::Parser parser;
  auto made = mapper.prepare(parser,
                             codec::Document(R"({"id":"ttd/form","org":"ttd","title":{"nb":"Skjema"},)"
                                             R"("dataTypes":[],"messageBoxConfig":{"syncAdapterSettings":)" +
                                             settings + "}}"),
                             {});
  REQUIRE(made);
  return *made;
}

struct CarrierWorld : World {
  CarrierWorld() {
    CarrierSetup setup;
    setup.storage = stand_in_of<gate_actor>(storage);
    setup.dialogporten = stand_in_of<gate_actor>(dialogporten);
    setup.metadata = stand_in_of<metadata_actor>(metadata);
    setup.registry = stand_in_of<register_actor>(registry);
    setup.people = people;
    setup.uploaders = {stand_in_of<uploader_actor>(uploads)};
    setup.mapper = mapper;
    setup.places.resting = resting;
    setup.now = instants();
    setup.clock = clock();
    carrier = spawn<Carrier>(std::move(setup));
    owner = stand_in<record_owner>([done = done](const RecordsDone& list) {
      done->insert(done->end(), list.items.begin(), list.items.end());
    });
  }

  /// A hand of instances, as a page lists them.
  void carry(const std::vector<std::string>& instances, Priority priority = Priority::history,
             bool is_migration = true, std::shared_ptr<const RowControls> controls = {}) {
    std::string body;
    for (const auto& instance : instances)
      body += (body.empty() ? "" : ",") + instance;
    codec::Parser parser;
    auto page =
        codec::split_page(parser, std::make_shared<const codec::Document>(R"({"instances":[)" + body + "]}"));
    REQUIRE(page);
    const auto kept = std::make_shared<const codec::Page>(std::move(*page));
    Carry hand{owner, {}, 5s, is_migration, priority, {}, std::move(controls)};
    for (const auto& row : kept->rows)
      hand.jobs.push_back({kept, row, 3, static_cast<std::uint32_t>(hand.jobs.size())});
    tell(carrier, std::move(hand));
  }
  void carry_one() { carry({instance_json(50001234, guid)}); }

  void reply_events(std::size_t index, http::Answer with, std::uint32_t attempts = 1) {
    answer(storage, index, answered(http::Operation::read, std::move(with), attempts));
  }
  void reply_application(std::size_t index = 0) {
    answer(metadata, index, FoundApplication{prepared(*mapper), {}});
  }
  /// As Register's actor does, which notes what it was told.
  void reply_party(std::size_t index = 0, std::int64_t party = 50001234) {
    people->put({party, false}, urn, clock()());
    answer(registry, index, FoundParties{{{party, urn}}, {}, std::nullopt});
  }
  void reply_user(std::size_t index) {
    const std::string user = "urn:altinn:person:identifier-no:02886430348";
    people->put({20001234, true}, user, clock()());
    answer(registry, index, FoundParties{{}, {{20001234, user}}, std::nullopt});
  }

  const RecordDone& only() const {
    REQUIRE(done->size() == 1);
    return done->front();
  }
  const ledger::Failure& failure() const {
    REQUIRE(only().result.outcome == Outcome::failed);
    REQUIRE(only().result.failure);
    return *only().result.failure;
  }

  /// What a record that time may cure waits for.
  const Held& held() const {
    REQUIRE(only().result.outcome == Outcome::deferred);
    REQUIRE(only().result.again);
    REQUIRE(only().result.again->held);
    return *only().result.again->held;
  }

  std::shared_ptr<const mapping::Mapper> mapper = std::make_shared<const mapping::Mapper>();
  std::shared_ptr<PeopleBook> people = std::make_shared<PeopleBook>(lookup_age);
  std::shared_ptr<RestingCalls> resting = std::make_shared<RestingCalls>(0);
  std::shared_ptr<Desk<Call, Answered>> storage = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<Call, Answered>> dialogporten = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<FindApplication, FoundApplication>> metadata =
      std::make_shared<Desk<FindApplication, FoundApplication>>();
  std::shared_ptr<Desk<FindParties, FoundParties>> registry =
      std::make_shared<Desk<FindParties, FoundParties>>();
  std::shared_ptr<Desk<Upload, Uploaded>> uploads = std::make_shared<Desk<Upload, Uploaded>>();
  std::shared_ptr<std::vector<RecordDone>> done = std::make_shared<std::vector<RecordDone>>();
  record_owner owner;
  carrier_actor carrier;
};

inline const std::string no_events = R"({"instanceEvents":[]})";

} // namespace dialogferry::engine::test
