#include "days.hpp"

namespace straight {

using namespace dialogferry;

void Days::begin() {
  const auto& options = setup_.options;
  for (std::size_t i = 0; i < std::max<std::size_t>(1, options.windows / options.loops); ++i)
    next_window();
}

void Days::next_window() {
  const Day day{setup_.next_day--};
  if (day.number >= setup_.options.first_day) {
    ++open_windows_;
    return read_on(std::make_shared<Window>(day));
  }
  if (open_windows_ > 0 || std::exchange(over_, true)) return;
  setup_.over();
}

void Days::read_on(const WindowPtr& window) {
  if (window->asking || window->done) return;
  const auto query = window->scan.next();
  if (!query) {
    if (setup_.is_read) setup_.is_read(window);
    if (window->in_flight > 0 || window->done) return;
    window->done = true;
    --open_windows_;
    return next_window();
  }
  constexpr unsigned page_size = 100;
  if (window->in_flight > 0 && window->in_flight + page_size > setup_.options.credit) return;
  window->asking = true;
  source::ListRequest list;
  list.organisation = setup_.options.organisation;
  list.size = page_size;
  const bool tie = query->kind == engine::ListQuery::Kind::tie;
  if (tie) {
    list.at = query->at;
    list.ascending = true;
    list.token = query->token;
  } else {
    list.from = query->from;
    list.before = query->before;
  }
  auto request = setup_.listing.request(list);
  if (setup_.asking) setup_.asking(request);
  fetch(setup_.source, std::move(request), [this, window, tie](std::string body) {
    window->asking = false;
    take(window, std::move(body), tie);
    read_on(window);
  });
}

void Days::take(const WindowPtr& window, std::string body, bool is_tie) {
  const auto& listing = setup_.listing;
  auto split = listing.read(setup_.parser, std::make_shared<const codec::Document>(std::move(body)));
  if (!split) die(split.error().message);
  const auto page = std::make_shared<const codec::Page>(std::move(*split));
  std::vector<engine::RowHead> heads;
  for (const auto& row : page->rows)
    heads.push_back({row.guid.value(), row.last_changed.value()});
  if (is_tie) {
    std::string token;
    if (page->next_query) token = listing.token_of(*page->next_query);
    const auto batch = window->scan.on_tie(heads, std::move(token));
    if (!batch) die(batch.error().message);
    setup_.carry(window, window->page, batch->from_page);
    return setup_.carry(window, page, batch->from_tie);
  }
  window->page = page;
  const auto batch = window->scan.on_page(heads, page->next_query.has_value());
  if (!batch) die(batch.error().message);
  if (*batch) setup_.carry(window, page, (*batch)->from_page);
}

} // namespace straight
