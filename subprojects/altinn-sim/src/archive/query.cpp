#include "archive/query.hpp"

#include <charconv>

namespace altinn_sim::archive {

namespace {

constexpr std::string_view token_name = "continuationToken";
constexpr std::int64_t largest_page = 5000;

template <class Number>
bool read_number(std::string_view text, Number& out) {
  const auto* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, out);
  return error == std::errc{} && at == end && !text.empty();
}

bool read_order(std::string_view text, Order& out) {
  if (text == "desc:created") return out = Order::newest_created, true;
  if (text == "asc:created") return out = Order::oldest_created, true;
  if (text == "asc:changed") return out = Order::oldest_changed, true;
  return false;
}

/// "gte:TIME", "lt:TIME" or "eq:TIME".
bool read_bound(std::string_view text, Window& out) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const auto time = storage::parse_time(text.substr(colon + 1));
  if (!time || text.find('T') == std::string_view::npos) return false;
  const auto kind = text.substr(0, colon);
  if (kind == "gte" || kind == "eq") out.from = *time;
  if (kind == "lt") out.to = *time;
  if (kind == "eq") out.to = *time + 1;
  return kind == "gte" || kind == "lt" || kind == "eq";
}

/// The time in microseconds, a dash, the id.
bool read_token(std::string_view text, std::optional<Entry>& out) {
  const auto dash = text.rfind('-');
  Entry entry;
  if (dash == std::string_view::npos || dash == 0 || !read_number(text.substr(0, dash), entry.time) ||
      !read_number(text.substr(dash + 1), entry.id))
    return false;
  entry.time *= storage::microsecond;
  out = entry;
  return true;
}

std::string wrong(std::string_view name, std::string_view allowed) {
  return std::string(name).append(": ").append(allowed);
}

} // namespace

std::string read_query(const Request& request, Query& out) {
  auto& window = out.window;
  if (const auto* order = request.parameter("order"); order != nullptr && !read_order(*order, window.order))
    return wrong("order", "one of desc:created, asc:created, asc:changed");
  const std::string_view time = window.order == Order::oldest_changed ? "changed" : "created";
  for (const auto& [name, value] : request.parameters) {
    if (name == "created" || name == "changed") {
      if (name != time) return wrong(name, "a window of the time that is ordered by");
      if (!read_bound(value, window)) return wrong(name, "gte:TIME, lt:TIME or eq:TIME");
    } else if (name == "size") {
      std::int64_t size = 0;
      if (!read_number(value, size) || size < 1 || size > largest_page) return wrong(name, "1 to 5000");
      out.size = static_cast<std::size_t>(size);
    } else if (name == token_name && !read_token(value, window.after)) {
      return wrong(name, "a token as it stands in next");
    }
  }
  return {};
}

std::string next_page(const Request& request, const Query& query, const Message& last) {
  std::string out = "/a2-archive/api/v1/messages?";
  auto rest = request.query;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto parameter = rest.substr(0, end);
    if (!parameter.starts_with(token_name)) out.append(parameter).append("&");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const auto time = query.window.order == Order::oldest_changed ? last.changed : last.created;
  return out.append(token_name).append("=") + std::to_string(time / storage::microsecond) + "-" +
         std::to_string(last.id);
}

} // namespace altinn_sim::archive
