#include <dialogferry/codec/correspondence.hpp>
#include <dialogferry/codec/messages.hpp>
#include <dialogferry/engine/history/scan_pages.hpp>
#include <dialogferry/engine/verify/message_window.hpp>
#include <dialogferry/mapping/correspondence.hpp>

#include <utility>

namespace dialogferry::engine::verify {

MessageWindow::MessageWindow(caf::actor_config& config, Window window,
                             std::shared_ptr<const WindowSetup> setup, verifier_actor parent)
    : actor_base(config)
    , window_(std::move(window))
    , setup_(std::move(setup))
    , parent_(std::move(parent))
    , scan_(window_.from, window_.to, {window_.to, {}}) {}

MessageWindow::behavior_type MessageWindow::make_behavior() {
  send(this, Proceed{});
  return {[this](Proceed) { go_on(); }};
}

void MessageWindow::on_exit() {
  setup_.reset();
  parent_ = nullptr;
}

void MessageWindow::go_on() {
  if (ended_ || busy_) return;
  if (!found_.empty()) return deliver();
  over_ ? end() : ask(*scan_.next());
}

void MessageWindow::deliver() {
  busy_ = true;
  request(parent_, caf::infinite, Suspects{std::exchange(found_, {})})
      .then(
          [this](Taken) {
            busy_ = false;
            go_on();
          },
          [this](const caf::error& error) {
            end(Problem{"verifier", home_system().render(error), {}});
          });
}

void MessageWindow::end(std::optional<Problem> problem) {
  if (std::exchange(ended_, true)) return;
  tally_.organisation = window_.organisation;
  tally_.searches = false;
  tally_.problem = std::move(problem);
  send(parent_, std::move(tally_));
  quit();
}

void MessageWindow::ask(const ListQuery& query) {
  busy_ = true;
  const auto list = list_of(query, window_.organisation, setup_->source_page);
  auto call = setup_->pages.call(list, setup_->priority);
  call.patience = Patience::record;
  request(setup_->pages.gate, caf::infinite, std::move(call))
      .then([this, query](const Answered& answered) { on_page(query, answered); },
            [this](const caf::error& error) {
              end(Problem{std::string(setup_->pages.listing->api), home_system().render(error), {}});
            });
}

void MessageWindow::on_page(const ListQuery& query, const Answered& answered) {
  busy_ = false;
  if (answered.verdict.kind != http::Verdict::Kind::success) return end(answered.verdict.problem);
  auto page = setup_->pages.listing->read(
      parser_, std::make_shared<const codec::Document>(std::move((*answered.answer)->body)));
  if (!page) return end(page.error());
  const auto batch = take(query, std::move(*page));
  if (!batch) return end(batch.error());
  if (*batch) take_rows(**batch);
  go_on();
}

Result<std::optional<ScanBatch>> MessageWindow::take(const ListQuery& query, codec::Page page) {
  const bool more = page.next_query.has_value();
  if (query.kind == ListQuery::Kind::page) {
    page_.emplace(std::move(page));
    tie_.reset();
    return scan_.on_page(heads_of(page_->rows, {query.before.ticks - Instant::per_microsecond}), more);
  }
  tie_.emplace(std::move(page));
  std::string token;
  if (more) token = setup_->pages.listing->token_of(*tie_->next_query);
  auto batch = scan_.on_tie(heads_of(tie_->rows, query.at), std::move(token));
  if (!batch) return tl::unexpected(batch.error());
  return std::optional<ScanBatch>(std::move(*batch));
}

void MessageWindow::take_rows(const ScanBatch& batch) {
  for (const auto i : batch.from_page)
    take_row(page_->rows[i]);
  for (const auto i : batch.from_tie)
    take_row(tie_->rows[i]);
  page_.reset();
  tie_.reset();
  if (scan_.done()) {
    over_ = true;
  } else if (window_.may_split && scan_.at_boundary()) {
    over_ = true;
    tally_.rest = scan_.rest();
  }
}

void MessageWindow::take_row(const codec::Row& row) {
  if (row.problem || !row.guid) return;
  const auto record = codec::read_correspondence(parser_, row.json);
  if (!record || mapping::correspondence::is_deleted_for_good(*record)) return;
  ++tally_.source;
  found_.push_back({Suspect::Side::listed, {0, *row.guid}, {}});
}

} // namespace dialogferry::engine::verify
