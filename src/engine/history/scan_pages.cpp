#include <dialogferry/engine/history/scan_pages.hpp>
#include <dialogferry/engine/listing/reading.hpp>

namespace dialogferry::engine {

source::ListRequest list_of(const ListQuery& query, std::string_view organisation, unsigned page_size) {
  source::ListRequest list;
  list.organisation = organisation;
  list.size = query.size != 0 ? query.size : page_size;
  if (query.kind == ListQuery::Kind::page) {
    list.from = query.from;
    list.before = query.before;
  } else {
    list.at = query.at;
    list.ascending = true;
    list.token = query.token;
  }
  return list;
}

std::vector<RowHead> heads_of(const std::vector<codec::Row>& rows, Instant fallback) {
  std::vector<RowHead> heads;
  heads.reserve(rows.size());
  for (const auto& row : rows) {
    fallback = row.last_changed.value_or(fallback);
    heads.push_back({row.guid ? *row.guid : stand_in_of(row.json.text), fallback});
  }
  return heads;
}

} // namespace dialogferry::engine
