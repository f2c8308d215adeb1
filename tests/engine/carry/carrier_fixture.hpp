#pragma once

#include "../actor_fixture.hpp"

#include <dialogferry/engine/carry/carrier.hpp>

namespace dialogferry::engine::test {

inline const std::string guid = "0dbc1da6-f744-4fff-83bc-131e7988a1bb";
inline const std::string urn = "urn:altinn:organization:identifier-no:310912409";

std::string instance_json(std::int64_t party, const std::string& id, const std::string& status = "{}");
std::string created_by(std::int64_t user);
std::shared_ptr<const mapping::PreparedApplication> prepared(const mapping::Mapper& mapper,
                                                             const std::string& settings = "{}");

struct CarrierWorld : World {
  CarrierWorld();

  /// A hand of instances, as a page lists them.
  void carry(const std::vector<std::string>& instances, Priority priority = Priority::history,
             bool is_migration = true, std::shared_ptr<const RowControls> controls = {});
  void carry_one();

  void reply_events(std::size_t index, http::Answer with, std::uint32_t attempts = 1);
  void reply_application(std::size_t index = 0);
  /// As Register's actor does, which notes what it was told.
  void reply_party(std::size_t index = 0, std::int64_t party = 50001234);
  void reply_user(std::size_t index);

  const RecordDone& only() const;
  const ledger::Failure& failure() const;

  /// What a record that time may cure waits for.
  const Held& held() const;

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
