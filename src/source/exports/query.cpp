#include "query.hpp"

#include <dialogferry/http/url.hpp>

#include <array>
#include <charconv>

namespace dialogferry::source::exports {

namespace {

constexpr std::size_t largest_page = 5'000;

template <class Number>
bool read_number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

std::string_view cut_at(std::string_view& text, char separator) {
  const auto at = text.find(separator);
  const auto front = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
  return front;
}

/// `17375472000000000_48120077_12345`: ticks, number, place in the file.
std::optional<Place> read_token(std::string_view text) {
  Place place;
  const auto ticks = cut_at(text, '_');
  const auto id = cut_at(text, '_');
  const bool good =
      read_number(ticks, place.ticks) && read_number(id, place.id) && read_number(text, place.offset);
  return good ? std::optional(place) : std::nullopt;
}

bool read_order(Query& query, std::string_view value) {
  query.by_change = value == "asc:changed";
  query.ascending = value != "desc:created";
  return query.by_change || value == "desc:created" || value == "asc:created";
}

bool read_window(Query& query, std::string_view value) {
  const auto how = cut_at(value, ':');
  const auto at = parse_instant(value);
  if (!at) return false;
  if (how == "gte" || how == "eq") query.from = at;
  if (how == "lt") query.before = at;
  if (how == "eq") query.before = Instant{at->ticks + Instant::per_microsecond};
  return how == "gte" || how == "lt" || how == "eq";
}

bool read_parameter(Query& query, std::string_view name, std::string_view value) {
  if (name == "order") return read_order(query, value);
  if (name == "created" || name == "changed") return read_window(query, value);
  if (name == "size") return read_number(value, query.size) && query.size >= 1 && query.size <= largest_page;
  if (name != "continuationToken") return true;
  query.behind = read_token(value);
  return query.behind.has_value();
}

} // namespace

Result<Query> read_query(std::string_view text) {
  Query query;
  while (!text.empty()) {
    auto parameter = cut_at(text, '&');
    const auto name = http::percent_decode(cut_at(parameter, '='), true);
    const auto value = http::percent_decode(parameter, true);
    if (!name || !value) return fail("query", "holds a broken escape");
    if (!read_parameter(query, *name, *value)) return fail(*name, "cannot be read");
  }
  return query;
}

std::string next_of(const Query& query, const Place& last) {
  std::string text = query.ascending ? "order=asc:created" : "order=desc:created";
  if (query.from) text.append("&created=gte:").append(to_string(*query.from));
  if (query.before) text.append("&created=lt:").append(to_string(*query.before));
  text.append("&size=").append(std::to_string(query.size)).append("&continuationToken=");
  text.append(std::to_string(last.ticks)).append("_").append(std::to_string(last.id)).append("_");
  return text.append(std::to_string(last.offset));
}

} // namespace dialogferry::source::exports
