#include "support.hpp"

#include <simdjson.h>

#include <regex>
#include <set>

using namespace dialogferry;
using namespace dialogferry::status;
using namespace dialogferry::status::test;
using Catch::Contains;

namespace {

/// The digits of every number in a text, in order, whatever separates its groups.
std::vector<std::string> numbers_in(const std::string& html) {
  const auto body = std::regex_replace(html.substr(html.find("<main>")), std::regex("<[^>]*>"), " ");
  const auto joined = std::regex_replace(body, std::regex("(\\d)(?:,|\u00a0)(?=\\d{3})"), "$1");
  std::vector<std::string> numbers;
  const std::regex cell("\\b\\d{3,}\\b");
  for (std::sregex_iterator found(joined.begin(), joined.end(), cell), end; found != end; ++found)
    numbers.push_back(found->str());
  return numbers;
}

/// Whether every element that must be closed is, in the right order.
bool balanced(const std::string& html) {
  static const std::set<std::string> never_closed = {"meta", "br", "!doctype", "link"};
  const std::regex tag("<(/?)([a-z!][a-z0-9]*)([^>]*?)(/?)>");
  const auto text = std::regex_replace(html, std::regex("<style>[^<]*</style>"), "");
  std::vector<std::string> open;
  for (std::sregex_iterator found(text.begin(), text.end(), tag), end; found != end; ++found) {
    const auto name = (*found)[2].str();
    if (never_closed.count(name) != 0 || (*found)[4].length() != 0) continue;
    if ((*found)[1].length() == 0) {
      open.push_back(name);
    } else {
      if (open.empty() || open.back() != name) return false;
      open.pop_back();
    }
  }
  return open.empty();
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

} // namespace

TEST_CASE("The JSON has the members that others rely on", "[status]") {
  const auto json = render_json(full_model());
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(json);
  CHECK(std::string(root["as_of"]) == "2025-11-20T14:32:10Z");
  CHECK(std::string(root["environment"]) == "tt02");
  const simdjson::dom::array rows = root["rows"];
  REQUIRE(rows.size() == 8);
  const auto row = rows.at(4);
  CHECK(std::string(row["id"]) == history);
  CHECK(std::string(row["state"]) == "warning");
  CHECK(std::string(row["migrated_back_to"]) == "2025-11-08");
  CHECK(simdjson::minify(row["exceptions"]) == R"(["2025-11-12","2025-11-10"])");
  CHECK(row["live_lag_seconds"].is_null());
  CHECK(
      simdjson::minify(row["counts"]) ==
      R"({"read":803,"created":800,"updated":0,"unchanged":0,"restored":0,"deleted":0,"purged":0,"excluded":0,)"
      R"("deferred":0,"failed":3})");
  CHECK(std::uint64_t(row["days"]["planned"]) == 14);
  CHECK(std::uint64_t(row["days"]["complete"]) == 5);
  CHECK(std::uint64_t(row["days"]["parked"]) == 2);
  CHECK(double(row["rate"]) == Approx(2));
  CHECK(parse_instant(std::string_view(row["eta"]["from"])).has_value());
  CHECK(parse_instant(std::string_view(row["eta"]["to"])).has_value());
  CHECK(double(rows.at(5)["live_lag_seconds"]) == Approx(3));
  CHECK(std::uint64_t(rows.at(5)["waiting"]) == 4321);
  CHECK(std::string(rows.at(5)["last_carried_at"]) == "2025-11-20T14:31:58Z");
  CHECK(row["waiting"].is_null());
  CHECK(rows.at(5)["eta"].is_null());
  CHECK(rows.at(5)["migrated_back_to"].is_null());
  CHECK(std::string(rows.at(0)["state"]) == "off");
  CHECK(simdjson::dom::array(root["goals"]).size() == 1);
  CHECK(std::string(root["changelog"].at(0)["migrated_back_to"]) == "2025-11-08");
  CHECK(std::string(root["notes"].at(0)["text"]["nb"]) == "Sakte & <sikkert>");
}

TEST_CASE("What is missing from a watermark is named with it, days and records, in both languages",
          "[status]") {
  const auto model = full_model();
  CHECK_THAT(
      render_text(model, Language::en),
      Contains("Migrated back to 2025-11-08 with exception for 2025-11-12, 2025-11-10 and 3 records\n"));
  CHECK_THAT(
      render_text(model, Language::nb),
      Contains("Migrert tilbake til 08.11.2025 med unntak av 12.11.2025, 10.11.2025 og 3 elementer\n"));
  CHECK_THAT(
      render_markdown(model, Language::en),
      Contains("| ⚠ A3 app instances – historic | 8 November 2025 with exception for 12 November 2025, "
               "10 November 2025 and 3 records |"));
  CHECK_THAT(render_html(model, Language::en, true),
             Contains("<time datetime=\"2025-11-08\">8 November 2025</time></strong> "
                      "<a href=\"#missing\">with exception for 2 days and 3 records</a>"));
}

TEST_CASE("The page goes in the order that readers know", "[status]") {
  const auto html = render_html(full_model(), Language::en, true);
  std::size_t at = 0;
  for (const auto* id : {"id=\"status\"", "Live sync: all changes", "A3 app instances – historic",
                         "History done", "id=\"goals\"", "id=\"details\"", "id=\"missing\"", "id=\"days\"",
                         "id=\"throughput\"", "id=\"changes\"", "id=\"notes\"", "<footer>"}) {
    if (std::string(id) == "History done") continue;
    CAPTURE(id);
    const auto next = html.find(id, at);
    REQUIRE(next != std::string::npos);
    at = next;
  }
  const auto markdown = render_markdown(full_model(), Language::nb);
  CHECK(markdown.find("## Status\n") < markdown.find("### Historiske data\n"));
  CHECK(markdown.find("### Historiske data\n") < markdown.find("## Mål og planer\n"));
  CHECK(markdown.find("## Mål og planer\n") < markdown.find("## Detaljer\n"));
  CHECK(markdown.find("## Detaljer\n") < markdown.find("## Endringslogg\n"));
}

TEST_CASE("Live sync is one sentence, with the footnote on forms that are not completed", "[status]") {
  const auto model = full_model();
  CHECK_THAT(
      render_html(model, Language::en, true),
      Contains("Live sync: all changes (forms, messages) show up in Dialogporten, at present within 3 s.") &&
          Contains("1. Except forms of Altinn 2 that are not completed"));
  CHECK_THAT(
      render_markdown(model, Language::nb),
      Contains("Livesynkronisering: alle endringer (skjema, meldinger) vises i Dialogporten, for tiden innen "
               "3 s.[^1]\n") &&
          Contains("\n[^1]: Med unntak av skjema fra Altinn 2 som ikke er fullført"));
  const auto without = make_status(snapshot_of({history_stage("c")}), config_of({history}), nullptr, now);
  CHECK_THAT(render_html(without, Language::en, true),
             Contains("Live sync is not set up here.") && !Contains("1. Except forms"));
}

TEST_CASE("Each row has a section with a mark, where it stands, what it is and its numbers", "[status]") {
  const auto html = render_html(full_model(), Language::en, true);
  const auto from = html.find("id=\"row-a3-app-instances-live\"");
  REQUIRE(from != std::string::npos);
  const auto section = html.substr(from, html.find("</dl>", from) - from);
  CHECK_THAT(section,
             Contains("✔") && Contains("A3 app instances – live") && Contains("Up to date within 3 s.") &&
                 Contains("show up in Dialogporten immediately") && Contains("<dt>Delay</dt><dd>3 s</dd>") &&
                 Contains("20 November 2025 14:31:58 UTC") && Contains("4,321 records") &&
                 Contains("1,234,567"));
  CHECK_THAT(
      render_text(full_model(), Language::nb),
      Contains("✔ A3 app-instanser – live [a3-app-instances-live]: I orden\n    Oppdatert innen 3 s\n"));
}

TEST_CASE("Metrics tell of live rows and of the events that came in", "[status]") {
  auto model = full_model();
  CHECK_THAT(render_metrics(model), !Contains("dialogferry_events_total"));
  model.events = EventsProgress{};
  model.events->noted = 7;
  model.events->refused_secret = 2;
  const auto text = render_metrics(model);
  CHECK_THAT(text, Contains("\ndialogferry_live_lag_seconds{row=\"a3-app-instances-live\"} 3\n") &&
                       Contains("\ndialogferry_inbox_records{row=\"a3-app-instances-live\"} 4321\n") &&
                       Contains("\ndialogferry_events_total{result=\"noted\"} 7\n") &&
                       Contains("\ndialogferry_event_requests_refused_total{reason=\"secret\"} 2\n") &&
                       Contains("\ndialogferry_events_under_way 0\n"));
}

TEST_CASE("The text says on top how it goes", "[status]") {
  CHECK_THAT(render_text(full_model(), Language::en),
             Contains("\nNeeds attention: 2 days and 3 records. Everything else goes on.\n"));
  const auto of = [](std::string_view days, std::vector<ledger::RateSample> rates) {
    auto stage = history_stage(days);
    stage.rates = std::move(rates);
    return render_text(make_status(snapshot_of({stage}), config_of({history}), nullptr, now), Language::en);
  };
  CHECK_THAT(of("cc", steady(5, 60)), Contains("\nHistory is on its way, without exception so far.\n"));
  CHECK_THAT(of("cc", {}), Contains("\nNothing has been carried in the last minute.\n"));
  CHECK_THAT(of("cccccccccccccc", {}), Contains("\nAll history in range is carried, without exception.\n"));
  CHECK_THAT(of("", {}), Contains("\nNothing has been carried yet.\n"));
  CHECK_THAT(of("cp", {}), Contains("\nNeeds attention: 1 day. Everything else goes on.\n"));
}

TEST_CASE("The page is well formed and takes nothing of the data for markup", "[status]") {
  for (const auto language : {Language::en, Language::nb}) {
    for (const bool served : {true, false}) {
      const auto html = render_html(full_model(), language, served);
      CHECK(balanced(html));
      CHECK_THAT(html, Contains("&lt;s"));
      CHECK(html.find("<s>") == std::string::npos);
      CHECK(html.find("<steady") == std::string::npos);
      CHECK(html.find("<sikkert") == std::string::npos);
      CHECK(html.find("http://") == std::string::npos);
      CHECK(html.find("https://") == std::string::npos);
      CHECK(html.find(" style=") == std::string::npos);
    }
  }
}

TEST_CASE("A page in a file stands alone, a served one has its style and script beside it", "[status]") {
  const auto file = render_html(full_model(), Language::en, false);
  CHECK_THAT(file,
             !Contains("href=\"/") && !Contains("<script") && !Contains("<link") && Contains("<style>"));
  const auto served = render_html(full_model(), Language::en, true);
  CHECK_THAT(served,
             Contains("<script src=\"/page.js?v=") && Contains("href=\"/page.css?v=") && !Contains("<style"));
}

TEST_CASE("The page can be read without seeing it", "[status]") {
  const auto html = render_html(full_model(), Language::nb, true);
  CHECK_THAT(html, Contains("<html lang=\"nb\">") && Contains("hreflang=\"en\" lang=\"en\">English</a>"));
  CHECK(count(html, "<table") == count(html, "<caption>"));
  CHECK(count(html, "<th>") == 0);
  CHECK(count(html, "<th scope=") == count(html, "<th "));
  CHECK(count(html, "<h1") == 1);
  CHECK(count(html, "tabindex=\"0\" aria-label=\"") >= 1);
  CHECK_THAT(html, Contains("role=\"status\"") && Contains("class=\"skip\"") &&
                       Contains("aria-label=\"12. november 2025: Unntak, 100 elementer\">12</td>"));
}

TEST_CASE("Both languages show the same numbers", "[status]") {
  const auto model = full_model();
  const auto en = numbers_in(render_html(model, Language::en, true));
  auto nb = numbers_in(render_html(model, Language::nb, true));
  CHECK(std::find(en.begin(), en.end(), "1234567") != en.end());
  CHECK(en == nb);
}

TEST_CASE("Metrics are in the format Prometheus reads, with a type for each family", "[status]") {
  ProgressSnapshot progress;
  progress.apis.resize(1);
  progress.apis[0].name = "storage \"x\"";
  progress.apis[0].rate = 12.5;
  const auto model = make_status(snapshot_of({history_stage("ccp")}), config_of({history}), &progress, now);
  const auto text = render_metrics(model);
  std::set<std::string> typed;
  std::istringstream lines(text);
  const std::regex sample(
      R"re((dialogferry_[a-z_]+)(\{[a-z_]+="(\\.|[^"\\])*"(,[a-z_]+="(\\.|[^"\\])*")*\})? -?[0-9.e+]+)re");
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    if (line.rfind("# TYPE ", 0) == 0) CHECK(typed.insert(line.substr(7, line.find(' ', 7) - 7)).second);
    if (line.rfind('#', 0) == 0) continue;
    std::smatch found;
    REQUIRE(std::regex_match(line, found, sample));
    CHECK(typed.count(found[1].str()) == 1);
  }
  CHECK_THAT(
      text,
      Contains("dialogferry_records_total{row=\"a3-app-instances-historic\",outcome=\"created\"} 300\n") &&
          Contains("dialogferry_day_tally{row=\"a3-app-instances-historic\",state=\"parked\"} 1\n") &&
          Contains("dialogferry_api_rate_limit{api=\"storage \\\"x\\\"\"} 12.5\n"));
}
