#include <dialogferry/engine/verify/head.hpp>
#include <dialogferry/engine/verify/judge.hpp>
#include <dialogferry/engine/verify/party_book.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;
using namespace dialogferry::engine::verify;
using ledger::DifferenceKind;

namespace {

constexpr std::string_view owner = "urn:altinn:organization:identifier-no:310000123";

/// A record and its dialog that agree.
struct Case {
  Case() {
    evidence.record_id = "50001234/0dbc1da6-0000-4000-8000-000000000001";
    evidence.expected.emplace();
    evidence.expected->is_there = true;
    evidence.expected->id = dialog;
    evidence.expected->created_at = *parse_instant("2025-03-01T10:00:00.1234567Z");
    evidence.expected->updated_at = *parse_instant("2025-03-02T10:00:00.7654321Z");
    evidence.party = owner;
    evidence.resource = "urn:altinn:resource:app_skd_Skjema";
    evidence.stored.emplace();
    evidence.stored->id = dialog;
    evidence.stored->created_at = *parse_instant("2025-03-01T10:00:00.123456Z");
    evidence.stored->updated_at = *parse_instant("2025-03-02T10:00:00.765432Z");
    evidence.stored->party = owner;
    evidence.stored->service_resource = "urn:altinn:resource:app_skd_skjema";
    evidence.decision = &decision;
  }

  void would(mapping::Call call) { decision.calls.push_back(call); }

  /// "wrong createdAt", or "" where nothing differs.
  std::string verdict() const {
    const auto difference = judge(evidence);
    if (!difference) return {};
    return std::string(name_of(difference->kind)) +
           (difference->member.empty() ? "" : " " + difference->member);
  }

  Uuid dialog = *parse_uuid("01934c5a-7b00-7039-903d-e31a36a2bcdc");
  mapping::Decision decision;
  Evidence evidence;
};

} // namespace

TEST_CASE("A dialog that says what its record says is right, in the target's own form", "[verify][OD-8]") {
  CHECK(Case().verdict().empty());
}

TEST_CASE("Each kind of difference is told by its name", "[verify]") {
  Case gone;
  gone.evidence.stored.reset();
  CHECK(gone.verdict() == "missing");

  Case older;
  older.evidence.stored->updated_at = *parse_instant("2025-03-02T09:00:00Z");
  older.evidence.stored->party = "urn:altinn:person:identifier-no:1";
  CHECK(older.verdict() == "stale updatedAt");

  Case later;
  later.evidence.stored->updated_at = *parse_instant("2025-03-02T11:00:00Z");
  CHECK(later.verdict() == "wrong updatedAt");
  later.evidence.is_migration = false; // of a live one that is as it should be
  CHECK(later.verdict().empty());

  Case made;
  made.evidence.stored->created_at = *parse_instant("2025-02-28T10:00:00Z");
  CHECK(made.verdict() == "wrong createdAt");

  Case anothers;
  anothers.evidence.stored->party = "urn:altinn:organization:identifier-no:310000999";
  CHECK(anothers.verdict() == "wrong party");

  Case resource;
  resource.evidence.stored->service_resource = "urn:altinn:resource:app_skd_annet";
  CHECK(resource.verdict() == "wrong serviceResource");

  Case content;
  content.would(mapping::Call::update);
  CHECK(content.verdict() == "wrong content");

  Case deleted;
  deleted.would(mapping::Call::remove);
  CHECK(deleted.verdict() == "wrong deletedAt");
  Case restored;
  restored.would(mapping::Call::restore);
  restored.would(mapping::Call::update);
  CHECK(restored.verdict() == "wrong deletedAt");
}

TEST_CASE("A record that nothing is made of has a dialog too many only where it would be purged",
          "[verify]") {
  Case opted_out;
  opted_out.evidence.expected->is_there = false;
  CHECK(opted_out.verdict().empty());
  opted_out.would(mapping::Call::purge);
  CHECK(opted_out.verdict() == "unexpected");

  Case gone;
  gone.evidence.expected.reset();
  CHECK(gone.verdict().empty());
  gone.evidence.is_absent = true;
  CHECK(gone.verdict() == "unexpected");
  gone.evidence.stored.reset();
  CHECK(gone.verdict().empty());
}

TEST_CASE("What waits at the source differs from nothing yet; what cannot be mapped is missing", "[verify]") {
  Case waits;
  waits.evidence.stored.reset();
  waits.decision.outcome = Outcome::deferred;
  CHECK(waits.verdict().empty());

  Case unmapped;
  unmapped.evidence.stored.reset();
  unmapped.evidence.decision = nullptr;
  unmapped.evidence.problem = "is unknown to Register";
  CHECK(unmapped.verdict() == "missing");
  CHECK(judge(unmapped.evidence)->source == "is unknown to Register");
}

TEST_CASE("A dialog that was to be seen later has that time", "[verify]") {
  Case hidden;
  hidden.evidence.expected->visible_from = parse_instant("2025-04-01T00:00:00Z");
  hidden.evidence.stored->created_at = hidden.evidence.stored->updated_at =
      *hidden.evidence.expected->visible_from;
  CHECK(hidden.verdict().empty());
}

TEST_CASE("Identity numbers are masked in what is kept", "[verify]") {
  Case person;
  person.evidence.stored->party = "urn:altinn:person:identifier-no:08815312345";
  CHECK(judge(person.evidence)->target.find("08815312345") == std::string::npos);
}

TEST_CASE("What an update can put right is not made anew", "[verify]") {
  const auto anew = [](DifferenceKind kind, const char* member) {
    return must_be_made_anew(
        {.kind = kind, .record_id = {}, .dialog = {}, .member = member, .source = {}, .target = {}});
  };
  CHECK(anew(DifferenceKind::stale, "updatedAt"));
  CHECK(anew(DifferenceKind::wrong, "party"));
  CHECK(anew(DifferenceKind::wrong, "createdAt"));
  CHECK_FALSE(anew(DifferenceKind::wrong, "content"));
  CHECK_FALSE(anew(DifferenceKind::wrong, "deletedAt"));
  CHECK_FALSE(anew(DifferenceKind::missing, ""));
  CHECK_FALSE(anew(DifferenceKind::unexpected, ""));
}

TEST_CASE("Names of records are read as they are written", "[verify]") {
  const std::string id = "50001234/0dbc1da6-0000-4000-8000-000000000001";
  REQUIRE(record_named(id));
  CHECK(to_string(*record_named(id)) == id);
  CHECK_FALSE(record_named("50001234"));
  CHECK_FALSE(record_named("/0dbc1da6-0000-4000-8000-000000000001"));
  CHECK_FALSE(record_named("x/0dbc1da6-0000-4000-8000-000000000001"));
  CHECK_FALSE(record_named("5/0dbc1da6"));
}

TEST_CASE("Parties are asked for once, and the book does not grow for ever", "[verify]") {
  PartyBook book;
  std::vector<std::uint64_t> out;
  std::vector<std::int64_t> missing;
  const std::vector<std::int64_t> parties{3, 1, 3};
  book.find(parties, out, missing);
  CHECK(missing == std::vector<std::int64_t>{1, 3});
  const std::vector<std::pair<std::int64_t, std::uint64_t>> found{{1, 11}, {3, 0}, {3, 33}};
  book.put(found);
  missing.clear();
  book.find(parties, out, missing);
  CHECK(missing.empty());
  CHECK(out == std::vector<std::uint64_t>{33, 11, 33});
  std::vector<std::pair<std::int64_t, std::uint64_t>> many;
  for (std::int64_t party = 1; party <= 2 * static_cast<std::int64_t>(PartyBook::most); ++party)
    many.emplace_back(party, static_cast<std::uint64_t>(party));
  book.put(many);
  const std::vector<std::int64_t> last{many.back().first};
  book.find(last, out, missing);
  CHECK(missing.empty());
  CHECK(out == std::vector<std::uint64_t>{many.back().second});
}
