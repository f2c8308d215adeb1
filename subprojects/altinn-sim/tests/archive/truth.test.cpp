#include "archive/truth.hpp"

#include <catch2/catch.hpp>

// What must have become of a message, which the audit compares with what is there.
using namespace altinn_sim;
using namespace altinn_sim::archive;

namespace {

constexpr Ticks noon = 17'000'000'000'000'000;
const Guid reader{1, 2};

Message message(std::vector<StatusEvent> events) {
  Message out;
  out.created = noon;
  out.events = std::move(events);
  out.events.push_back({Status::published, noon, {}, noon});
  return out;
}

StatusEvent event(Status status, Ticks after) {
  return {status, noon + after * storage::millisecond, reader, noon + after * storage::millisecond};
}

} // namespace

TEST_CASE("the folder follows from the last events, whatever their order in the list") {
  CHECK(truth_of(message({})).folder == "Default");
  CHECK(truth_of(message({event(Status::archived, 1'000)})).folder == "Archive");
  CHECK(truth_of(message({event(Status::soft_deleted, 2'000), event(Status::archived, 1'000)})).folder ==
        "Bin");
  CHECK(truth_of(message({event(Status::restored, 3'000), event(Status::soft_deleted, 2'000),
                          event(Status::archived, 1'000)}))
            .folder == "Archive");
  CHECK(truth_of(message({event(Status::soft_deleted, 2'000), event(Status::restored, 3'000)})).folder ==
        "Default");
  CHECK(truth_of(message({event(Status::soft_deleted, 1'000), event(Status::archived, 2'000)}))
            .may_be_archived);
}

TEST_CASE("what happened within a second counts once") {
  const auto truth =
      truth_of(message({event(Status::read, 1'551), event(Status::read, 1'553), event(Status::read, 2'000)}));
  CHECK(truth.statuses.size() == 2);
  CHECK(truth.most_activities == 1);
  CHECK(truth.least_activities == 1);
}

TEST_CASE("forwards of one party within a second may all be there, one must", "[OC-16]") {
  auto two = message({});
  two.forwards.push_back({noon, reader, 1, 20'000'001, {}, {}, {}, {}, noon});
  two.forwards.push_back({noon + 1, reader, 1, 20'000'002, {}, {}, {}, {}, noon});
  const auto truth = truth_of(two);
  CHECK(truth.least_activities == 1);
  CHECK(truth.most_activities == 2);
}

TEST_CASE("a message is excluded, unfit, waiting or carried") {
  CHECK(truth_of(message({})).verdict == Truth::Verdict::carried);
  CHECK(truth_of(message({event(Status::purged_by_altinn, 1)})).verdict == Truth::Verdict::excluded);
  auto flawed = message({});
  flawed.flaw = {"title-blank", false};
  CHECK(truth_of(flawed).verdict == Truth::Verdict::unfit);
  auto unpublished = message({});
  unpublished.events.clear();
  CHECK(truth_of(unpublished).verdict == Truth::Verdict::waiting);
}

TEST_CASE("the dialog's times are those of creation and publication, the earlier first") {
  auto early = message({});
  early.created = noon + storage::hour;
  CHECK(truth_of(early).created_at == noon);
  CHECK(truth_of(early).updated_at == noon);
  auto late = message({});
  late.created = noon - storage::hour;
  CHECK(truth_of(late).created_at == noon - storage::hour);
  CHECK(truth_of(late).updated_at == noon);
}

TEST_CASE("several files that are small enough come with one that holds all") {
  auto files = message({});
  files.attachments.resize(2);
  files.attachments[0].size = files.attachments[1].size = 1'000;
  CHECK(truth_of(files).attachments == 3);
  files.attachments[0].size = 2'000'000'000;
  CHECK(truth_of(files).attachments == 2);
  files.attachments.resize(1);
  CHECK(truth_of(files).attachments == 1);
}
