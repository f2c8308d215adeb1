#include <dialogferry/engine/listing/row_head.hpp>
#include <dialogferry/engine/listing/unreadable.hpp>
#include <dialogferry/http/masking.hpp>

namespace dialogferry::engine {

namespace {

constexpr std::size_t excerpt_size = 2048;

} // namespace

source::ListRequest list_of(const Narrowing::Query& query, std::string_view organisation,
                            unsigned page_size) {
  source::ListRequest list;
  list.organisation = organisation;
  list.from = query.from;
  list.before = query.before;
  list.ascending = query.ascending;
  list.size = query.size != 0 ? query.size : page_size;
  return list;
}

source::ListRequest list_at(Instant at, std::string_view organisation) {
  source::ListRequest list;
  list.organisation = organisation;
  list.at = at;
  list.ascending = true;
  list.size = most_rows_asked;
  return list;
}

Result<std::vector<std::string>> records_of(codec::Parser& parser, const Pages& pages,
                                            const Answered& answered) {
  if (answered.verdict.kind != http::Verdict::Kind::success) return tl::unexpected(answered.verdict.problem);
  auto body = std::make_shared<const codec::Document>((*answered.answer)->body);
  const auto page = pages.listing->read(parser, std::move(body));
  if (!page) return tl::unexpected(page.error());
  std::vector<std::string> records;
  for (const auto& row : page->rows)
    records.emplace_back(row.id);
  return records;
}

ledger::Failure unreadable_failure(Instant at, std::string_view organisation, const Answered& refusal) {
  ledger::Failure failure;
  failure.record_id = unreadable_id(at, organisation);
  failure.organisation = organisation;
  failure.last_changed = at;
  const auto& body = *refusal.answer ? (*refusal.answer)->body : std::string{};
  failure.body_excerpt = http::mask_identities(std::string_view(body).substr(0, excerpt_size));
  failure.problem = {"instances",
                     "a row of this time cannot be read by the source itself: " + failure.body_excerpt,
                     "once it is repaired there: dialogferry exceptions retry"};
  failure.http_status = refusal.verdict.status;
  failure.attempts = refusal.attempts;
  return failure;
}

} // namespace dialogferry::engine
