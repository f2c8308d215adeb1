#include "temp_ledger.hpp"

namespace dialogferry::ledger::test {

namespace {

const Day first_day = day("2025-11-10");

Verification clean_day() {
  Verification verification;
  verification.row = row;
  verification.day = first_day;
  verification.at = now;
  verification.source = verification.target = verification.compared = 40;
  return verification;
}

void begin_day(Ledger& ledger, std::vector<std::string> organisations = {"ttd"}) {
  must(ledger.set_plan(plan(first_day, first_day, organisations), now));
  for (const auto& organisation : organisations) {
    const std::vector<ShardStart> starts{whole_day(key(first_day, organisation))};
    must(ledger.start_shards(starts, now));
  }
}

void commit_one(Ledger& ledger, const Commit& commit) {
  const std::vector<Commit> commits{commit};
  must(ledger.commit(commits, now));
}

} // namespace

TEST_CASE("a setting is kept, replaced and taken back; each time the journal says who did it") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  must(ledger->set({"apis.dialogporten.rate", "200", "kari", now}));
  must(ledger->set({"apis.dialogporten.rate", "300", "ola", now}));
  must(ledger->set({"rows.a2-correspondence-live.paused", "true", "ola", now}));
  CHECK(must(ledger->settings()) ==
        std::vector<Setting>{{"apis.dialogporten.rate", "300", "ola", now},
                             {"rows.a2-correspondence-live.paused", "true", "ola", now}});

  must(ledger->set({"rows.a2-correspondence-live.paused", "", "kari", now}));
  const auto snapshot = must(ledger->snapshot());
  CHECK(snapshot.settings.size() == 1);
  REQUIRE(snapshot.journal.size() == 4);
  CHECK(snapshot.journal[0].kind == JournalKind::resumed);
  CHECK(snapshot.journal[0].row == "a2-correspondence-live");
  CHECK(snapshot.journal[0].who == "kari");
  CHECK(snapshot.journal[1].kind == JournalKind::paused);
  CHECK(snapshot.journal[2].kind == JournalKind::setting);
  CHECK(snapshot.journal[2].value == "300");
  CHECK_FALSE(ledger->set({"", "1", "kari", now}));
}

TEST_CASE("a setting outlives the process") {
  const TempLedger folder;
  must(open_or_die(folder.url())->set({"rows.x.paused", "true", "kari", now}));
  CHECK(must(open_or_die(folder.url(), OpenMode::read_only)->settings()).size() == 1);
}

TEST_CASE("a goal is reached once") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  JournalEntry reached;
  reached.at = now;
  reached.kind = JournalKind::goal_reached;
  reached.subject = "2025 data";
  must(ledger->note_in_journal(reached));
  must(ledger->note_in_journal(reached));
  CHECK(must(ledger->snapshot()).journal.size() == 1);
}

TEST_CASE("the journal tells of a parked day that is complete after all, once all of it is") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  begin_day(*ledger, {"skd", "ttd"});
  commit_one(*ledger, parks(key(first_day, "skd"), "503", now));
  commit_one(*ledger, parks(key(first_day, "ttd"), "503", now));
  commit_one(*ledger, completes(key(first_day, "ttd"), 3));
  CHECK(must(ledger->snapshot()).journal.empty());
  commit_one(*ledger, completes(key(first_day, "skd"), 3));
  const auto journal = must(ledger->snapshot()).journal;
  REQUIRE(journal.size() == 1);
  CHECK(journal[0].kind == JournalKind::day_recovered);
  CHECK(journal[0].row == row);
  CHECK(journal[0].stage == stage);
  CHECK(journal[0].day == first_day);
}

TEST_CASE("what comparing a day has shown is kept, with its first differences") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  begin_day(*ledger);
  commit_one(*ledger, completes(key(first_day), 40));
  CHECK(stage_of(*ledger).days[0].verified == DayCheck::none);

  auto verification = clean_day();
  verification.wrong = 1;
  verification.first = {{DifferenceKind::wrong, "50001234/x",
                         *parse_uuid("0193e5a0-7c3a-7d3f-8a2b-6f1c2d3e4f50"), "createdAt",
                         "2025-11-10T08:00:00Z", "2025-11-11T08:00:00Z", false}};
  must(ledger->note_verification(verification));
  CHECK(stage_of(*ledger).days[0].verified == DayCheck::differs);
  CHECK(must(ledger->verifications(row, first_day, first_day)) == std::vector{verification});

  must(ledger->note_verification(clean_day()));
  CHECK(stage_of(*ledger).days[0].verified == DayCheck::clean);
  CHECK(must(ledger->verifications(row, first_day, first_day)) == std::vector{clean_day()});

  auto sample = clean_day();
  sample.how = VerifyMethod::sample;
  must(ledger->note_verification(sample));
  CHECK(stage_of(*ledger).days[0].verified == DayCheck::sampled);
}

TEST_CASE("a day that is carried again has not been compared") {
  const TempLedger folder;
  const auto ledger = open_or_die(folder.url());
  begin_day(*ledger);
  commit_one(*ledger, completes(key(first_day), 40));
  must(ledger->note_verification(clean_day()));
  must(ledger->forget(row, stage, first_day, first_day, now));
  CHECK(must(ledger->verifications(row, first_day, first_day)).empty());
  begin_day(*ledger);
  CHECK(stage_of(*ledger).days[0].verified == DayCheck::none);
}

} // namespace dialogferry::ledger::test
