#include "../../src/status/strings.hpp"
#include "support.hpp"

#include <dialogferry/ledger/ledger.hpp>

#include <simdjson.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <regex>
#include <unistd.h>

using namespace dialogferry;
using namespace dialogferry::status;
using namespace dialogferry::status::test;

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> histories = {history, "a2-archived-forms-historic"};
const std::vector<std::string> owners = {"skd", "ttd"};
const std::vector<std::string> causes = {"events[0].user", "Content.Title", "timeout", "", "instance.data"};

/// A ledger in a folder of its own to which things happen at random.
class RandomLedger {
public:
  explicit RandomLedger(unsigned seed)
      : random_(seed) {
    fs::create_directories(folder_);
    ledger_ =
        ledger::open("sqlite:" + (folder_ / "ferry.db").string(), "local", ledger::OpenMode::engine, now)
            .value();
    for (const auto& row : histories)
      REQUIRE(ledger_->set_plan({row, "carry", day("2025-10-20"), day("2025-11-14"), owners}, now));
  }
  ~RandomLedger() {
    ledger_.reset();
    fs::remove_all(folder_);
  }
  RandomLedger(const RandomLedger&) = delete;
  RandomLedger& operator=(const RandomLedger&) = delete;

  void change() {
    switch (below(8)) {
    case 0: return pause();
    case 1: return hear();
    case 2: return compare();
    default: return carry();
    }
  }

  ledger::Snapshot snapshot() { return ledger_->snapshot().value(); }

private:
  std::uint64_t below(std::uint64_t most) { return random_() % most; }
  template <class T>
  const T& one_of(const std::vector<T>& list) {
    return list[below(list.size())];
  }

  void carry() {
    const auto of = Day{day("2025-11-14").number - static_cast<std::int32_t>(below(26))};
    const ShardKey key{one_of(histories), "carry", of, one_of(owners), 0};
    const ledger::ShardStart starts[] = {{key, of.start(), of.end()}};
    REQUIRE(ledger_->start_shards(starts, now));
    std::vector<ledger::Commit> commits(1);
    auto& commit = commits.front();
    commit.key = key;
    commit.counts[Outcome::created] = below(3000);
    commit.counts[Outcome::unchanged] = below(20);
    commit.counts[Outcome::excluded] = below(20);
    for (auto failed = below(3); failed > 0; --failed) {
      ledger::Failure failure;
      failure.record_id = "record-" + std::to_string(next_++);
      failure.problem.member = one_of(causes);
      failure.http_status = below(2) == 0 ? 0 : 422;
      commit.failures.push_back(std::move(failure));
      ++commit.counts[Outcome::failed];
    }
    const auto ends = below(4);
    if (ends == 0)
      commit.state =
          ledger::StateChange{ShardState::parked, "timeout: no answer in 10 s", at("2025-11-20T15:00:00Z")};
    else if (ends != 1)
      commit.state = ledger::StateChange{ShardState::complete, "", {}};
    REQUIRE(ledger_->commit(commits, now));
  }

  void pause() {
    REQUIRE(
        ledger_->set({"rows." + one_of(histories) + ".paused", below(2) == 0 ? "true" : "", "kari", now}));
  }

  void hear() {
    const ledger::InboxEvent events[] = {
        {live, "record-" + std::to_string(next_++), at("2025-11-20T14:32:01Z")}};
    REQUIRE(ledger_->note_events(events));
  }

  void compare() {
    ledger::Verification verification;
    verification.row = one_of(histories);
    verification.day = Day{day("2025-11-14").number - static_cast<std::int32_t>(below(26))};
    verification.at = now;
    verification.wrong = below(2);
    REQUIRE(ledger_->note_verification(verification));
  }

  std::mt19937 random_;
  fs::path folder_ = fs::temp_directory_path() / ("dialogferry-truth-" + std::to_string(getpid()));
  std::unique_ptr<ledger::Ledger> ledger_;
  std::uint64_t next_ = 0;
};

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const auto begin = text.find(from);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find(to, begin + from.size()) - begin);
}

using Figures = std::map<std::string, std::string>;

Figures matches(const std::string& text, const std::regex& pair) {
  Figures found;
  for (std::sregex_iterator each(text.begin(), text.end(), pair), end; each != end; ++each)
    found[(*each)[1].str()] = (*each)[2].str();
  return found;
}

std::string without_escapes(const std::string& text) {
  return std::regex_replace(text, std::regex("\\\\(.)"), "$1");
}

/// What the details of a row say, by name, in two forms.
Figures in_html(const std::string& html, const std::string& row) {
  return matches(between(html, "id=\"row-" + row + '"', "</dl>"),
                 std::regex("<dt>([^<]*)</dt><dd>([^<]*)</dd>"));
}
Figures in_markdown(const std::string& markdown, std::string_view name) {
  const auto section = between(markdown, ' ' + std::string(name) + "\n\n", "\n#");
  return matches(without_escapes(section), std::regex("- ([^:\n]*): ([^\n]*)"));
}

/// How many cells of a row's year have one of the classes.
std::size_t cells(const std::string& html, const std::string& row, const std::string& classes) {
  const auto days = between(html, "data-key=\"" + row + "/2025\"", "<details data-key=\"table/");
  const std::regex cell("<td class=\"[" + classes + "]\"");
  return static_cast<std::size_t>(std::distance(std::sregex_iterator(days.begin(), days.end(), cell), {}));
}

struct Forms {
  explicit Forms(const StatusModel& model, Language of)
      : language(of)
      , html(render_html(model, of, true))
      , markdown(render_markdown(model, of))
      , text(render_text(model, of)) {}
  Language language;
  std::string html, markdown, text;
};

void check_row(const Forms& forms, const simdjson::dom::element& json) {
  const Locale locale(forms.language);
  const std::string row{std::string_view(json["id"])};
  const auto name = row_name(forms.language, row);
  const bool nb = forms.language == Language::nb;
  CAPTURE(row, name_of(forms.language));
  const auto figures = in_html(forms.html, row);
  CHECK(figures.size() > 3);
  CHECK(figures == in_markdown(forms.markdown, name));
  const auto read = locale.number(std::uint64_t(json["counts"]["read"]));
  CHECK(figures.at(nb ? "Elementer lest" : "Records read") == read);
  CHECK(between(forms.text, '[' + row + ']', "\n\n").find(read) != std::string::npos);
  if (row == live) return;
  const auto complete = std::uint64_t(json["days"]["complete"]),
             parked = std::uint64_t(json["days"]["parked"]);
  CHECK(figures.at(nb ? "Dager overført" : "Days carried").find(locale.number(complete)) == 0);
  CHECK(cells(forms.html, row, "cvfd") == complete);
  CHECK(cells(forms.html, row, "p") == parked);
  CHECK(cells(forms.html, row, "r") == std::uint64_t(json["days"]["running"]));
  std::string_view back_to;
  const bool migrated = json["migrated_back_to"].get(back_to) == simdjson::SUCCESS;
  const auto table_row = between(forms.html, "<a href=\"#row-" + row + '"', "</tr>");
  CHECK((table_row.find("<strong><time") != std::string::npos) == migrated);
  if (!migrated) return;
  const auto of = locale.day(*parse_day(back_to));
  CHECK(table_row.find('>' + of + "</time>") != std::string::npos);
  const auto section = between(forms.html, "id=\"row-" + row + '"', "</dl>");
  CHECK(section.find(of) != std::string::npos);
  CHECK(forms.markdown.find(std::string(name) + " | " + of) != std::string::npos);
  for (const std::string_view day : simdjson::dom::array(json["exceptions"]))
    CHECK(forms.html.find("datetime=\"" + std::string(day) + '"') != std::string::npos);
}

} // namespace

TEST_CASE("Table, details, calendar, both languages, Markdown, JSON and text show the same, whatever the "
          "ledger holds",
          "[status]") {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    RandomLedger ledger(seed);
    for (int i = 0; i < 70; ++i)
      ledger.change();
    auto config = config_of({history, live, "a2-archived-forms-historic"});
    const auto model = make_status(ledger.snapshot(), config, nullptr, now);
    simdjson::dom::parser parser;
    const simdjson::dom::element json = parser.parse(render_json(model));
    for (const auto language : {Language::en, Language::nb}) {
      const Forms forms(model, language);
      for (const simdjson::dom::element row : simdjson::dom::array(json["rows"]))
        if (std::string_view(row["state"]) != "off") check_row(forms, row);
    }
  }
}
