#include "common.hpp"

#include <dialogferry/codec/page.hpp>

namespace dialogferry::codec {

namespace {

bool read_rows(Reader& reader, ondemand::value value, Page& page) {
  const JsonView body = page.body->view();
  return reader.list(value, "instances", [&](ondemand::value entry) {
    std::string_view slice;
    if (!slice_of(entry, slice)) return reader.fail({}, "is broken JSON");
    const auto behind = body.text.data() + body.text.size() - (slice.data() + slice.size());
    page.rows.emplace_back().json = {slice, static_cast<std::size_t>(behind) + body.padding};
    return true;
  });
}

/// The slices of the rows, and what the page says of itself.
bool read_envelope(Reader& reader, Parser& parser, Page& page, bool& found) {
  std::optional<std::int64_t> count;
  std::optional<std::string_view> next;
  const bool read = reader.document(parser, page.body->view(), [&](Key key, ondemand::value value) {
    if (key == "count") return reader.number(value, "count", count);
    if (key == "next") return reader.text(value, "next", next);
    if (!(key == "instances")) return true;
    return reader.present(value, "instances", found) && read_rows(reader, value, page);
  });
  page.count = count.value_or(static_cast<std::int64_t>(page.rows.size()));
  // Without `?` there is no query to follow: find() gives npos, and npos + 1 is the whole text.
  if (next) page.next_query = next->substr(next->find('?') + 1);
  return read;
}

bool split_id(Reader& reader, Row& row) {
  const auto slash = row.id.find('/');
  if (slash != std::string_view::npos) {
    row.party_id = row.id.substr(0, slash);
    row.guid = parse_uuid(row.id.substr(slash + 1));
  }
  return row.guid || reader.fail("id", "must be a party id and a UUID with / between them");
}

/// Keeps the first problem of a row and goes on reading the rest of its identity.
class FirstProblem {
public:
  explicit FirstProblem(Row& row)
      : row_(row) {}

  void check(bool good, Reader& reader) {
    if (!good && !row_.problem) row_.problem = std::move(reader).problem();
  }

private:
  Row& row_;
};

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
  Page page;
  page.body = std::move(body);
  Reader reader("page", page.texts);
  bool found = false;
  if (!read_envelope(reader, parser, page, found) || (!found && !reader.fail("instances", "is missing")))
    return tl::unexpected(std::move(reader).problem());
  for (auto& row : page.rows)
    read_identity(parser, row, page.texts);
  return page;
}

} // namespace dialogferry::codec
