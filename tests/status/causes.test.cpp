#include "../../src/status/causes.hpp"

#include "../../src/status/wording.hpp"
#include "support.hpp"

#include <set>

using namespace dialogferry;
using namespace dialogferry::status;
using namespace dialogferry::status::test;
using Catch::Contains;

TEST_CASE("Members and answers are causes that people tell apart", "[status]") {
  CHECK(cause_of("events[0].user", 0) == Cause::person_unknown);
  CHECK(cause_of("", 404) == Cause::not_found);
  CHECK(cause_of("instance.instanceOwner.partyId", 0) == Cause::party_unknown);
  CHECK(cause_of("application.title", 0) == Cause::application);
  CHECK(cause_of("instance.data", 0) == Cause::incomplete);
  CHECK(cause_of("dialog.content.title", 0) == Cause::text);
  CHECK(cause_of("Content.Title", 422) == Cause::text);
  CHECK(cause_of("Content.Title", 503) == Cause::api_failed);
  CHECK(cause_of("ServiceResource", 400) == Cause::service_unknown);
  CHECK(cause_of("Party", 400) == Cause::party_unknown);
  CHECK(cause_of("dialog.transmissions[0].attachments[1].urls[0].url", 0) == Cause::file);
  CHECK(cause_of("attachments[0dbc1da6]", 0) == Cause::file);
  CHECK(cause_of("correspondence.recipient", 0) == Cause::party_unknown);
  CHECK(cause_of("correspondence.content.messageSummary", 0) == Cause::text);
  CHECK(cause_of("", 403) == Cause::access);
  CHECK(cause_of("token", 0) == Cause::access);
  CHECK(cause_of("timeout", 0) == Cause::no_answer);
  CHECK(cause_of("", 409) == Cause::conflict);
  CHECK(cause_of("", 422) == Cause::refused);
  CHECK(cause_of("record", 0) == Cause::ours);
  CHECK(cause_of("", 0) == Cause::other);
  CHECK(cause_of("M-87", 422) == Cause::refused);
}

TEST_CASE("Why a day is parked is read from what the engine writes", "[status]") {
  CHECK(reason_of("12 deferred").cause == Cause::deferred);
  CHECK(reason_of("12 deferred").records == 12);
  CHECK(reason_of("3 not complete at the source yet").cause == Cause::importing);
  CHECK(reason_of("timeout: no answer in 10 s").cause == Cause::no_answer);
  CHECK(reason_of("timeout: no answer in 10 s").code == "timeout");
  CHECK(reason_of("status 503").cause == Cause::api_failed);
  CHECK(reason_of("status 404, Not Found: no such thing").cause == Cause::not_found);
  CHECK(reason_of("Content.Title: status 422, Invalid; Content.Title: too long").code == "Content.Title 422");
  CHECK(reason_of("Content.Title: status 422, Invalid; Content.Title: too long").cause == Cause::text);
  CHECK(reason_of("instances.lastChanged: is missing").cause == Cause::unreadable);
  CHECK(reason_of("more came from migrate").cause == Cause::more_came);
  CHECK(reason_of("the list answers <500>").cause == Cause::other);
  CHECK(reason_of("the list answers <500>").code.empty());
}

TEST_CASE("Every cause says in both languages what happened and what to do", "[status]") {
  std::set<std::string_view> said;
  for (auto i = 0; i <= static_cast<int>(Cause::other); ++i) {
    const auto cause = static_cast<Cause>(i);
    for (const auto language : {Language::en, Language::nb}) {
      CHECK(said.insert(cause_words(language, cause)).second);
      CHECK_FALSE(next_step(language, cause).empty());
      CHECK_FALSE(actor_words(language, actor_of(cause)).empty());
    }
    CHECK(said.insert(name_of(cause)).second);
  }
}

TEST_CASE("Records of one cause stand together, with the codes as a detail", "[status]") {
  auto snapshot = snapshot_of({history_stage("c")});
  snapshot.causes = {{history, "carry", "events[0].user", 0, ledger::ExceptionState::open, 2},
                     {history, "carry", "", 404, ledger::ExceptionState::open, 3},
                     {history, "carry", "events[3].user", 0, ledger::ExceptionState::retrying, 4},
                     {history, "carry", "timeout", 0, ledger::ExceptionState::open, 1}};
  const auto model = make_status(snapshot, config_of({history}), nullptr, now);
  const auto groups = grouped(model.causes);
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].cause == Cause::person_unknown);
  CHECK(groups[0].records == 6);
  CHECK(groups[0].codes == std::vector<std::string>{"events[0].user", "events[3].user"});
  const auto html = render_html(model, Language::nb, true);
  CHECK_THAT(html, Contains("En som har gjort noe i elementet, er ikke kjent") &&
                       Contains("De som drifter Register, må finne brukeren. Prøv så igjen.") &&
                       Contains("<code>events[0].user</code>") &&
                       Contains("Det vi spurte etter, finnes ikke") && Contains("<code>404</code>") &&
                       Contains("Svarte ikke i tide") && !Contains("timeout"));
  CHECK_THAT(render_json(model),
             Contains(R"("cause":"events[0].user","kind":"person_unknown","who_acts":"platform")"));
}
