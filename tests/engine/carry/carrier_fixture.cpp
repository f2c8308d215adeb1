#include "carrier_fixture.hpp"

namespace dialogferry::engine::test {

std::string instance_json(std::int64_t party, const std::string& id, const std::string& status) {
  const auto number = std::to_string(party);
  return R"({"id":")" + number + "/" + id + R"(","instanceOwner":{"partyId":")" + number +
         R"("},"appId":"ttd/form","org":"ttd","status":)" + status +
         R"(,"data":[],"created":"2025-06-18T08:54:53.623376Z","lastChanged":"2025-06-18T10:00:00Z"})";
}

std::string created_by(std::int64_t user) {
  return R"({"instanceEvents":[{"id":"4ef9d179-2d4b-403f-9fcc-6f7cd619f12e","eventType":"Created",)"
         R"("created":"2025-06-18T08:54:53.7Z","user":{"userId":)" +
         std::to_string(user) + "}}]}";
}

std::shared_ptr<const mapping::PreparedApplication> prepared(const mapping::Mapper& mapper,
                                                             const std::string& settings) {
  codec::Parser parser;
  auto made = mapper.prepare(parser,
                             codec::Document(R"({"id":"ttd/form","org":"ttd","title":{"nb":"Skjema"},)"
                                             R"("dataTypes":[],"messageBoxConfig":{"syncAdapterSettings":)" +
                                             settings + "}}"),
                             {});
  REQUIRE(made);
  return *made;
}

CarrierWorld::CarrierWorld() {
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

void CarrierWorld::carry(const std::vector<std::string>& instances, Priority priority, bool is_migration,
                         std::shared_ptr<const RowControls> controls) {
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

void CarrierWorld::carry_one() {
  carry({instance_json(50001234, guid)});
}

void CarrierWorld::reply_events(std::size_t index, http::Answer with, std::uint32_t attempts) {
  answer(storage, index, answered(http::Operation::read, std::move(with), attempts));
}

void CarrierWorld::reply_application(std::size_t index) {
  answer(metadata, index, FoundApplication{prepared(*mapper), {}});
}

void CarrierWorld::reply_party(std::size_t index, std::int64_t party) {
  people->put({party, false}, urn, clock()());
  answer(registry, index, FoundParties{{{party, urn}}, {}, std::nullopt});
}

void CarrierWorld::reply_user(std::size_t index) {
  const std::string user = "urn:altinn:person:identifier-no:02886430348";
  people->put({20001234, true}, user, clock()());
  answer(registry, index, FoundParties{{}, {{20001234, user}}, std::nullopt});
}

const RecordDone& CarrierWorld::only() const {
  REQUIRE(done->size() == 1);
  return done->front();
}

const ledger::Failure& CarrierWorld::failure() const {
  REQUIRE(only().result.outcome == Outcome::failed);
  REQUIRE(only().result.failure);
  return *only().result.failure;
}

const Held& CarrierWorld::held() const {
  REQUIRE(only().result.outcome == Outcome::deferred);
  REQUIRE(only().result.again);
  REQUIRE(only().result.again->held);
  return *only().result.again->held;
}

} // namespace dialogferry::engine::test
