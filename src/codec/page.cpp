#include "page_parts.hpp"

namespace dialogferry::codec {

namespace {

bool split_id(Reader& reader, Row& row) {
  const auto slash = row.id.find('/');
  if (slash != std::string_view::npos) {
    row.party_id = row.id.substr(0, slash);
    row.guid = parse_uuid(row.id.substr(slash + 1));
  }
  return row.guid || reader.fail("id", "must be a party id and a UUID with / between them");
}

void read_identity(Parser& parser, Row& row, Arena& texts) {
  Reader reader("instance", texts);
  FirstProblem first(row);
  const bool read = reader.document(parser, row.json, [&](Key key, ondemand::value value) {
    if (key == "id") first.check(reader.text(value, "id", row.id), reader);
    if (key == "appId") first.check(reader.text(value, "appId", row.app_id), reader);
    if (key == "org") first.check(reader.text(value, "org", row.org), reader);
    if (key == "created") first.check(reader.instant(value, "created", row.created), reader);
    if (key == "lastChanged") first.check(reader.instant(value, "lastChanged", row.last_changed), reader);
    return true;
  });
  first.check(read, reader);
  first.check(!row.id.empty() || reader.fail("id", "is missing"), reader);
  if (!row.id.empty()) first.check(split_id(reader, row), reader);
  first.check(!row.app_id.empty() || reader.fail("appId", "is missing"), reader);
  first.check(!row.org.empty() || reader.fail("org", "is missing"), reader);
  first.check(row.created || reader.fail("created", "is missing"), reader);
}

} // namespace

Result<Page> split_page(Parser& parser, std::shared_ptr<const Document> body) {
  auto page = read_envelope(parser, std::move(body), "instances");
  if (!page) return page;
  for (auto& row : page->rows)
    read_identity(parser, row, page->texts);
  return page;
}

} // namespace dialogferry::codec
