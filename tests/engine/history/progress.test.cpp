#include <dialogferry/engine/history/progress.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::engine;

namespace {

Uuid id_of(std::uint8_t n) {
  Uuid id;
  id.bytes[15] = n;
  return id;
}

Progress::Entry entry(std::uint8_t n) {
  return {id_of(n), {n}};
}

RecordResult done(Outcome outcome) {
  return {outcome, std::nullopt, std::nullopt};
}

} // namespace

TEST_CASE("Batches finish in any order and are committed oldest first, whole", "[engine][progress]") {
  Progress progress;
  const auto first = progress.begin({entry(9), entry(8)}, {{8}, {id_of(8)}});
  const auto second = progress.begin({entry(7)}, {{7}, {id_of(7)}});
  CHECK(progress.in_flight() == 3);

  CHECK(progress.finish(second, 0, done(Outcome::created)));
  CHECK_FALSE(progress.take_finished().has_value());
  CHECK(progress.finish(first, 1, done(Outcome::excluded)));
  CHECK_FALSE(progress.take_finished().has_value());
  CHECK(progress.finish(first, 0, done(Outcome::created)));

  const auto commit = progress.take_finished();
  REQUIRE(commit.has_value());
  CHECK(commit->checkpoint == Checkpoint{{7}, {id_of(7)}});
  CHECK(commit->counts[Outcome::created] == 2);
  CHECK(commit->counts[Outcome::excluded] == 1);
  Digest read, acknowledged;
  for (std::uint8_t n : {7, 8, 9})
    read.add(id_of(n), {n});
  for (std::uint8_t n : {7, 9})
    acknowledged.add(id_of(n), {n});
  CHECK(commit->digest_read == read);
  CHECK(commit->digest_acked == acknowledged);
  CHECK(progress.in_flight() == 0);
  CHECK_FALSE(progress.take_finished().has_value());
}

TEST_CASE("An outcome told twice counts once, one of an unknown record not at all", "[engine][progress]") {
  Progress progress;
  const auto batch = progress.begin({entry(1)}, {{1}, {}});
  CHECK(progress.finish(batch, 0, done(Outcome::created)));
  CHECK_FALSE(progress.finish(batch, 0, done(Outcome::created)));
  CHECK_FALSE(progress.finish(batch, 1, done(Outcome::created)));
  CHECK_FALSE(progress.finish(batch + 1, 0, done(Outcome::created)));
  CHECK(progress.take_finished()->counts.read() == 1);
  CHECK_FALSE(progress.finish(batch, 0, done(Outcome::created)));
}

TEST_CASE("A failed record leaves its failure with the commit", "[engine][progress]") {
  Progress progress;
  const auto batch = progress.begin({entry(1)}, {{1}, {}});
  ledger::Failure failure;
  failure.record_id = "50001234/0dbc1da6-f744-4fff-83bc-131e7988a1bb";
  CHECK(progress.finish(batch, 0, {Outcome::failed, failure}));
  const auto commit = progress.take_finished();
  REQUIRE(commit->failures.size() == 1);
  CHECK(commit->failures[0].record_id == failure.record_id);
  CHECK(commit->counts[Outcome::failed] == 1);
}

TEST_CASE("An empty batch moves the checkpoint", "[engine][progress]") {
  Progress progress;
  progress.begin({}, {{5}, {}});
  CHECK(progress.take_finished()->checkpoint == Checkpoint{{5}, {}});
}
