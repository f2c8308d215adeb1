#pragma once

#include "common.hpp"

#include <dialogferry/codec/page.hpp>

#include <utility>

namespace dialogferry::codec {

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

/// One slice for each entry of a page's list.
inline bool read_rows(Reader& reader, ondemand::value value, std::string_view member, Page& page) {
  const JsonView body = page.body->view();
  return reader.list(value, member, [&](ondemand::value entry) {
    std::string_view slice;
    if (!slice_of(entry, slice)) return reader.fail({}, "is broken JSON");
    const auto behind = body.text.data() + body.text.size() - (slice.data() + slice.size());
    page.rows.emplace_back().json = {slice, static_cast<std::size_t>(behind) + body.padding};
    return true;
  });
}

/// Reads a page whose list of rows is the member `rows`: their slices, and what the page says of itself.
template <std::size_t N>
Result<Page> read_envelope(Parser& parser, std::shared_ptr<const Document> body, const char (&rows)[N]) {
  Page page;
  page.body = std::move(body);
  Reader reader("page", page.texts);
  bool found = false;
  std::optional<std::int64_t> count;
  std::optional<std::string_view> next;
  const bool read = reader.document(parser, page.body->view(), [&](Key key, ondemand::value value) {
    if (key == "count") return reader.number(value, "count", count);
    if (key == "next") return reader.text(value, "next", next);
    if (!(key == rows)) return true;
    return reader.present(value, rows, found) && read_rows(reader, value, rows, page);
  });
  if (!read || (!found && !reader.fail(rows, "is missing")))
    return tl::unexpected(std::move(reader).problem());
  page.count = count.value_or(static_cast<std::int64_t>(page.rows.size()));
  // Without `?` there is no query to follow: find() gives npos, and npos + 1 is the whole text.
  if (next) page.next_query = next->substr(next->find('?') + 1);
  return page;
}

} // namespace dialogferry::codec
