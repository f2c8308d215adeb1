#include "../../src/cli/audit.hpp"

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::cli;
using Catch::Contains;

namespace {

const std::string answer =
    R"({"rows":[{"id":"a3-app-instances-historic","expected":20000,"excluded":400,"failed":3,
  "present":20000,"missing":0,"doubled":0,"stale":0,"wrong":0,"missing_ids":[],"doubled_ids":[],"stale_ids":[],
  "wrong_ids":[],"wrong_members":{}}]})";

AuditRow agreed() {
  return read_audit(answer).value().at(0);
}

LedgerRow counted() {
  LedgerRow ledger;
  ledger.counts[Outcome::created] = 19900;
  ledger.counts[Outcome::deleted] = 100;
  ledger.counts[Outcome::excluded] = 400;
  ledger.counts[Outcome::failed] = 3;
  ledger.exceptions = 3;
  return ledger;
}

} // namespace

TEST_CASE("Both sides agree when every record is accounted for", "[demo]") {
  CHECK(faults(agreed(), counted()).empty());
  CHECK(audit_text(agreed(), counted()) ==
        "✔ A3 app instances – historic [a3-app-instances-historic]\n"
        "    at the source     20 403 records: 20 000 must have dialogs, 400 must not, 3 cannot be carried\n"
        "    counted here      20 403 records: 20 000 carried, 400 not to be carried, 3 exceptions\n"
        "    in Dialogporten   20 000 of 20 000 dialogs, none of them doubled, stale or wrong\n");
  CHECK_THAT(audit_json(agreed(), counted()), Contains("\"faults\": []") && Contains("\"read\": 20403"));
}

TEST_CASE("Whatever is not right is a sentence of its own", "[demo]") {
  for (const auto member : {&AuditRow::missing, &AuditRow::doubled, &AuditRow::stale, &AuditRow::wrong}) {
    auto audit = agreed();
    audit.*member = 1;
    CHECK(faults(audit, counted()).size() == 1);
  }
  auto ledger = counted();
  ledger.counts[Outcome::created] += 1;
  CHECK(faults(agreed(), ledger) ==
        std::vector<std::string>{"20 403 records at the source, 20 404 in the ledger"});
  ledger = counted();
  ledger.counts[Outcome::excluded] -= 1;
  ledger.counts[Outcome::deferred] += 1;
  CHECK(faults(agreed(), ledger).size() == 2);
  ledger = counted();
  ledger.exceptions = 4;
  CHECK(faults(agreed(), ledger) == std::vector<std::string>{"3 exceptions at the source, 4 in the ledger"});
}

TEST_CASE("What is not right stands with its number, and a count that is no count of records says so",
          "[demo]") {
  auto audit = agreed();
  audit.missing = 2;
  audit.present -= 2;
  CHECK_THAT(audit_text(audit, counted(), Counting::changes),
             Catch::StartsWith("⚠ ") && Contains("19 998 of 20 000 dialogs, 2 missing\n") &&
                 Contains("20 403 changes: ") && Contains("(a record counts each time it changes)"));
  CHECK_THAT(audit_text(agreed(), counted(), Counting::at_least),
             Contains("(with those that changed meanwhile)"));
}

TEST_CASE("What is no audit is refused", "[demo]") {
  for (const auto* text : {"", "{}", "[]", R"({"rows":[{"id":"x"}]})"})
    CHECK_FALSE(read_audit(text));
}

TEST_CASE("Where records change meanwhile the ledger may have read more, not fewer", "[demo]") {
  auto ledger = counted();
  ledger.counts[Outcome::updated] = 7;
  CHECK(faults(agreed(), ledger).size() == 1);
  CHECK(faults(agreed(), ledger, Counting::at_least).empty());
  CHECK(faults(agreed(), ledger, Counting::changes).empty());
  ledger.counts[Outcome::created] -= 10;
  CHECK(faults(agreed(), ledger, Counting::at_least).size() == 1);
  CHECK(faults(agreed(), ledger, Counting::changes).empty());
}
