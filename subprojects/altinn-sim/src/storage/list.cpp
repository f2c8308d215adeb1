#include "answers.hpp"
#include "list_query.hpp"
#include "record_json.hpp"
#include "storage.hpp"

#include <algorithm>
#include <cctype>

namespace altinn_sim::storage {

namespace {

constexpr std::string_view token_name = "continuationtoken";

bool is_token(std::string_view name) {
  return std::equal(name.begin(), name.end(), token_name.begin(), token_name.end(),
                    [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

/// As .NET's encoder of addresses: what may stand everywhere in one stays.
void append_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view kept = "-._~!$()*,;@";
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const auto letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x80 && (std::isalnum(byte) != 0 || kept.find(letter) != std::string_view::npos)) {
      out += letter;
    } else {
      out.append({'%', digits[byte >> 4U], digits[byte & 0xfU]});
    }
  }
}

/// The parameters without the token, encoded again (observed.md OS-11).
std::string without_token(const Request& request) {
  std::string out;
  for (const auto& [name, value] : request.parameters) {
    if (is_token(name)) continue;
    if (!out.empty()) out += '&';
    append_encoded(out, name);
    out += '=';
    append_encoded(out, value);
  }
  return out;
}

/// Storage's resume condition: the row id goes the way of the time, though rows of one time ascend either
/// way. A page that breaks off inside such a group, descending, loses rows and may repeat some
/// (storage.md 1.5).
bool comes_after(const Row& row, const Cursor& cursor, bool descending) {
  if (descending) return row.time < cursor.time || (row.time == cursor.time && row.row_id < cursor.row_id);
  return row.time > cursor.time || (row.time == cursor.time && row.row_id > cursor.row_id);
}

Window resumed(Window window, const std::optional<Cursor>& cursor) {
  if (!cursor) return window;
  if (window.descending) {
    window.to = std::min(window.to, cursor->time + microsecond);
  } else {
    window.from = std::max(window.from, cursor->time);
  }
  return window;
}

/// The page's rows, written to `out`; how many there were, and the last of them. Null where one of them
/// cannot be read.
std::optional<std::int64_t> write_rows(const World& world, const ListQuery& query, std::string& out,
                                       Record& record) {
  JsonElements list(out);
  if (query.nothing || query.size == 0) return 0;
  const InstanceStyle style{world.options().hostname, query.with_elements, false};
  Scan scan(world, resumed(query.window, query.after));
  std::int64_t count = 0;
  std::vector<Row> group;
  Record candidate;
  while (scan.next(group)) {
    for (const auto& row : group) {
      if (query.after && !comes_after(row, *query.after, query.window.descending)) continue;
      world.read(row, candidate);
      if (!query.matches(candidate)) continue;
      if (candidate.unreadable) return {};
      append_instance(list.next(), candidate, style);
      std::swap(record, candidate);
      if (++count == query.size) return count;
    }
  }
  return count;
}

std::string next_link(const World& world, const Request& request, const std::string& token) {
  auto out =
      "https://platform." + world.options().hostname + "/storage/api/v1/instances?" + without_token(request);
  if (!token.empty()) out += "&continuationToken=" + token;
  return out;
}

} // namespace

Response Storage::list(const Request& request) const {
  auto read = read_list_query(request);
  if (auto* refused = std::get_if<Response>(&read)) return std::move(*refused);
  const auto& query = std::get<ListQuery>(read);
  std::string rows;
  rows.reserve(static_cast<std::size_t>(std::clamp<std::int64_t>(query.size, 1, 200)) * 4096);
  Record last;
  const auto written = write_rows(world_, query, rows, last);
  if (!written) return text_answer(500, unreadable_row);
  const auto count = *written;
  std::string body;
  body.reserve(rows.size() + 1024);
  {
    JsonMembers json(body);
    json.number("count", count);
    json.text("self", "https://platform." + world_.options().hostname + "/storage/api/v1/instances?" +
                          std::string(request.query));
    // A full page, even one of no rows, promises another.
    if (count == query.size && !query.nothing) {
      json.text("next", next_link(world_, request, count == 0 ? "" : continuation_token(last)));
    } else {
      json.null("next");
    }
    json.value("instances") += rows;
  }
  return json_answer(std::move(body));
}

} // namespace altinn_sim::storage
