#include <dialogferry/engine/history/scan_pages.hpp>
#include <dialogferry/engine/listing/reading.hpp>
#include <dialogferry/engine/verify/day_window.hpp>
#include <dialogferry/source/listing.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace dialogferry::engine::verify {

namespace dp = target::dialogporten;

namespace {

std::vector<RowHead> heads(const std::vector<codec::InstanceHead>& rows, Instant fallback) {
  std::vector<RowHead> heads;
  heads.reserve(rows.size());
  for (const auto& row : rows) {
    fallback = row.last_changed.value_or(fallback); // a row without a time stands where it is listed
    heads.push_back({row.problem && row.guid == Uuid{} ? stand_in_of(row.json) : row.guid, fallback});
  }
  return heads;
}

std::int64_t number_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : 0;
}

} // namespace

DayWindow::DayWindow(caf::actor_config& config, Window window, std::shared_ptr<const WindowSetup> setup,
                     verifier_actor parent)
    : actor_base(config)
    , window_(std::move(window))
    , setup_(std::move(setup))
    , parent_(std::move(parent))
    , scan_(window_.from, window_.to, {window_.to, {}})
    , target_over_(!window_.searches) {
  if (target_over_) merge_.end_target();
}

DayWindow::behavior_type DayWindow::make_behavior() {
  send(this, Proceed{});
  return {[this](Proceed) { go_on(); }};
}

void DayWindow::on_exit() {
  setup_.reset();
  parent_ = nullptr;
}

void DayWindow::go_on() {
  if (ended_) return;
  merge_.advance(suspects_);
  deliver();
  if (may_read_source()) ask_source(*scan_.next());
  if (may_read_target()) ask_target();
  if (merge_.done() && suspects_.empty() && !delivering_) end();
}

void DayWindow::deliver() {
  if (suspects_.empty() || delivering_) return;
  delivering_ = true;
  if (!window_.searches)
    for (auto& suspect : suspects_)
      suspect.side = Suspect::Side::listed;
  request(parent_, caf::infinite, Suspects{std::exchange(suspects_, {})})
      .then(
          [this](Taken) {
            delivering_ = false;
            go_on();
          },
          [this](const caf::error& error) { no_answer("verifier", error); });
}

void DayWindow::end(std::optional<Problem> problem) {
  if (std::exchange(ended_, true)) return;
  tally_.organisation = window_.organisation;
  tally_.searches = window_.searches;
  tally_.pairs = merge_.pairs();
  tally_.problem = std::move(problem);
  send(parent_, std::move(tally_));
  quit();
}

void DayWindow::no_answer(std::string_view member, const caf::error& error) {
  end(Problem{std::string(member), "was not answered inside the engine: " + home_system().render(error), {}});
}

// -- the source -------------------------------------------------------------------

bool DayWindow::may_read_source() const {
  return !asking_source_ && lookups_ == 0 && !source_over_ && has_room() &&
         merge_.source_waiting() < setup_->source_page;
}

void DayWindow::ask_source(const ListQuery& query) {
  asking_source_ = true;
  const auto list = list_of(query, window_.organisation, setup_->source_page);
  auto call = setup_->pages.call(list, setup_->priority);
  call.patience = Patience::record;
  request(setup_->pages.gate, caf::infinite, std::move(call))
      .then([this, query](const Answered& answered) { on_source(query, answered); },
            [this](const caf::error& error) { no_answer(setup_->pages.listing->api, error); });
}

void DayWindow::on_source(const ListQuery& query, const Answered& answered) {
  asking_source_ = false;
  if (answered.verdict.kind != http::Verdict::Kind::success) return end(answered.verdict.problem);
  auto page =
      codec::read_instance_heads(parser_of_thread(), kept_page((*answered.answer)->body, setup_->bodies));
  if (!page) return end(page.error());
  const auto batch = take(query, std::move(*page));
  if (!batch) return end(batch.error());
  *batch ? prepare(**batch) : go_on();
}

Result<std::optional<ScanBatch>> DayWindow::take(const ListQuery& query, codec::HeadPage page) {
  const bool more = page.next_query.has_value();
  if (query.kind == ListQuery::Kind::page) {
    page_.emplace(std::move(page));
    tie_.reset();
    return scan_.on_page(heads(page_->rows, {query.before.ticks - Instant::per_microsecond}), more);
  }
  tie_.emplace(std::move(page));
  std::string token;
  if (more) token = setup_->pages.listing->token_of(*tie_->next_query);
  auto batch = scan_.on_tie(heads(tie_->rows, query.at), std::move(token));
  if (!batch) return tl::unexpected(batch.error());
  return std::optional<ScanBatch>(std::move(*batch));
}

void DayWindow::prepare(const ScanBatch& batch) {
  rows_.clear();
  for (const auto i : batch.from_page)
    rows_.push_back(&page_->rows[i]);
  for (const auto i : batch.from_tie)
    rows_.push_back(&tie_->rows[i]);
  owners_.clear();
  for (const auto* row : rows_)
    owners_.push_back(number_of(row->party_id));
  ask_for_missing();
}

/// The rows are taken once their applications and owners are known.
void DayWindow::ask_for_missing() {
  lookups_ = 1;
  for (const auto* row : rows_)
    if (!row->problem && apps_.find(row->app_id) == apps_.end())
      ask_for_application(std::string(row->app_id));
  std::vector<std::uint64_t> known;
  std::vector<std::int64_t> missing;
  setup_->parties->find(owners_, known, missing);
  if (!missing.empty()) ask_for_parties(std::move(missing));
  arrived();
}

void DayWindow::ask_for_application(const std::string& app_id) {
  ++lookups_;
  apps_[app_id].resource = fingerprint(mapping::service_resource_of(app_id));
  request(setup_->metadata, caf::infinite, FindApplication{app_id, Priority::history})
      .then(
          [this, app_id](FoundApplication& found) {
            if (found.held) return end(std::move(found.problem));
            apps_[app_id].found = std::move(found);
            arrived();
          },
          [this](const caf::error& error) { no_answer("application", error); });
}

void DayWindow::ask_for_parties(std::vector<std::int64_t> parties) {
  ++lookups_;
  request(setup_->registry, caf::infinite, FindParties{parties, {}, Priority::history})
      .then(
          [this, parties](FoundParties& found) {
            if (found.problem) return end(std::move(found.problem));
            std::vector<std::pair<std::int64_t, std::uint64_t>> entries;
            for (const auto party : parties)
              entries.emplace_back(party, 0);
            for (const auto& [party, urn] : found.parties)
              entries.emplace_back(party, fingerprint(urn));
            setup_->parties->put(entries);
            arrived();
          },
          [this](const caf::error& error) { no_answer("register", error); });
}

void DayWindow::arrived() {
  if (--lookups_ > 0 || ended_) return;
  take_rows();
  go_on();
}

void DayWindow::take_rows() {
  std::vector<std::uint64_t> parties;
  std::vector<std::int64_t> forgotten; // by others, while this was under way: they differ, and are looked at
  setup_->parties->find(owners_, parties, forgotten);
  std::vector<Head> heads;
  heads.reserve(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i)
    take_row(*rows_[i], parties[i], heads);
  rows_.clear();
  page_.reset();
  tie_.reset();
  tally_.source += heads.size();
  merge_.add_source(std::move(heads));
  if (scan_.done()) {
    source_over_ = true;
  } else if (window_.may_split && scan_.at_boundary()) {
    source_over_ = true;
    tally_.rest = scan_.rest();
  }
  if (source_over_) merge_.end_source();
}

void DayWindow::take_row(const codec::InstanceHead& row, std::uint64_t party, std::vector<Head>& heads) {
  const auto record = record_named(row.id);
  if (row.problem || !record) {
    if (record) return suspects_.push_back({Suspect::Side::source, *record, {}});
    return end(row.problem.value_or(Problem{"instance.id", "names no record", {}}));
  }
  const auto& app = apps_.find(row.app_id)->second;
  const auto expected =
      mapping::expected_of(*setup_->mapper, row, app.found.application.get(), setup_->now());
  if (!expected || !expected->is_there) return; // an exception of its own, or nothing is made of it
  heads.push_back(head_of(*expected, *record, party, app.resource));
}

// -- the target -------------------------------------------------------------------

/// Where the window may split it is known first how far it goes.
bool DayWindow::may_read_target() const {
  return !asking_target_ && !target_over_ && has_room() && merge_.target_waiting() < setup_->target_page &&
         (!window_.may_split || source_over_);
}

void DayWindow::ask_target() {
  asking_target_ = true;
  dp::Search search;
  search.from = tally_.rest.value_or(window_.from);
  search.before = window_.to;
  search.label = codec::form_label;
  search.limit = setup_->target_page;
  search.token = token_;
  Call call{std::make_shared<const http::Request>(dp::search(search)), http::Operation::list,
            setup_->priority, Patience::record};
  request(setup_->dialogporten, caf::infinite, std::move(call))
      .then([this](const Answered& answered) { on_target(answered); },
            [this](const caf::error& error) { no_answer("dialogporten", error); });
}

void DayWindow::on_target(const Answered& answered) {
  asking_target_ = false;
  if (answered.verdict.kind != http::Verdict::Kind::success) return end(answered.verdict.problem);
  const auto body = kept_page((*answered.answer)->body, setup_->bodies);
  codec::Arena texts;
  std::vector<codec::DialogHead> dialogs;
  dialogs.reserve(setup_->target_page);
  const auto page = codec::read_search_page(parser_of_thread(), body->view(), texts, dialogs);
  if (!page) return end(page.error());
  if (page->order != dp::search_order)
    return end(Problem{"dialogs.orderBy", "answers in another order: " + std::string(page->order), {}});
  std::vector<Head> heads;
  heads.reserve(dialogs.size());
  for (const auto& dialog : dialogs)
    if (is_of_row(dialog))
      if (auto head = head_of(dialog)) heads.push_back(*head);
  tally_.target += heads.size();
  merge_.add_target(std::move(heads));
  if (page->has_next && (page->token.empty() || page->token == token_))
    return end(Problem{"dialogs.continuationToken", "leads nowhere", {}});
  token_ = page->token;
  if (!page->has_next) {
    target_over_ = true;
    merge_.end_target();
  }
  go_on();
}

/// Forms of Altinn 1 and 2 have applications of their own (storage.md 3.1).
bool DayWindow::is_of_row(const codec::DialogHead& dialog) const {
  const auto app = dialog.service_resource.rfind('_');
  const auto name = dialog.service_resource.substr(app == std::string_view::npos ? 0 : app + 1);
  return setup_->archived_forms == (name.starts_with("a1-") || name.starts_with("a2-"));
}

} // namespace dialogferry::engine::verify
