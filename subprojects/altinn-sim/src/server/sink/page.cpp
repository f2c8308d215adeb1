#include "page.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>
#include <sstream>

namespace altinn_sim::sink {

namespace {

constexpr std::int64_t ticks_of_1970 = 621'355'968'000'000'000;
constexpr std::uint64_t default_size = 100;
constexpr std::uint64_t largest_size = 5000;

/// Times as a half-open range of microseconds.
struct Window {
  static constexpr std::int64_t always = std::numeric_limits<std::int64_t>::max() / 4;
  std::int64_t from = -always;
  std::int64_t until = always;

  void at_least(std::int64_t time) { from = std::max(from, time); }
  void below(std::int64_t time) { until = std::min(until, time); }
};

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Reads "2025-01-02T03:04:05.123Z", the fraction optional: 100 ns ticks since 1970.
std::optional<std::int64_t> ticks_in(std::string_view text) {
  using namespace std::chrono;
  if (text.size() < 20 || text.back() != 'Z' || text[4] != '-' || text[10] != 'T') return std::nullopt;
  auto part = [&](std::size_t at, std::size_t size) {
    return number_in<int>(text.substr(at, size)).value_or(-1);
  };
  year_month_day date(year(part(0, 4)), month(static_cast<unsigned>(part(5, 2))),
                      day(static_cast<unsigned>(part(8, 2))));
  int hour = part(11, 2);
  int minute = part(14, 2);
  int second = part(17, 2);
  if (!date.ok() || hour < 0 || hour > 24 || minute < 0 || second < 0) return std::nullopt;
  auto fraction = std::string(text.substr(19, text.size() - 20));
  std::int64_t ticks = 0;
  if (!fraction.empty()) {
    if (fraction.front() != '.' || fraction.size() > 8) return std::nullopt;
    fraction.resize(8, '0');
    auto read = number_in<std::int64_t>(std::string_view(fraction).substr(1));
    if (!read) return std::nullopt;
    ticks = *read;
  }
  auto seconds =
      sys_days(date).time_since_epoch().count() * std::int64_t{86'400} + hour * 3600 + minute * 60 + second;
  return seconds * 10'000'000 + ticks;
}

/// Rounded up to whole microseconds, as rows have no finer times.
std::int64_t us_from(std::int64_t ticks) {
  return ticks >= 0 ? (ticks + 9) / 10 : ticks / 10;
}

bool narrow(Window& window, std::string_view condition) {
  auto colon = condition.find(':');
  if (colon == std::string_view::npos) return false;
  auto operation = condition.substr(0, colon);
  auto ticks = ticks_in(condition.substr(colon + 1));
  if (!ticks) return false;
  if (operation == "gte" || operation == "eq") window.at_least(us_from(*ticks));
  if (operation == "gt") window.at_least(us_from(*ticks + 1));
  if (operation == "lt") window.below(us_from(*ticks));
  if (operation == "lte" || operation == "eq") window.below(us_from(*ticks + 1));
  return true;
}

/// The token is encoded twice on the wire: its semicolon may still be "%3b" here. Its time alone says where
/// to go on.
bool go_on_after(Window& window, std::string_view token, bool descending) {
  auto ticks = number_in<std::int64_t>(token.substr(0, token.find_first_not_of("0123456789")));
  if (!ticks) return false;
  auto last = *ticks - ticks_of_1970;
  descending ? window.below(us_from(last)) : window.at_least(us_from(last + 1));
  return true;
}

bool is_named(const std::string& name, std::string_view wanted) {
  return std::equal(name.begin(), name.end(), wanted.begin(), wanted.end(),
                    [](char a, char b) { return std::tolower(a) == std::tolower(b); });
}

} // namespace

std::optional<Page> page_of(const History& history, std::uint64_t organisation, const Request& request,
                            std::string_view time) {
  Page page;
  const auto* order = request.parameter("order");
  page.descending = order == nullptr || order->rfind("desc:", 0) == 0;
  Window window;
  for (const auto& [name, value] : request.parameters) {
    if (is_named(name, time) && !narrow(window, value)) return std::nullopt;
  }
  if (const auto* token = request.parameter("continuationToken"); token != nullptr) {
    if (!go_on_after(window, *token, page.descending)) return std::nullopt;
  }
  auto size = default_size;
  if (const auto* text = request.parameter("size"); text != nullptr) {
    auto read = number_in<std::uint64_t>(*text);
    if (!read || *read == 0 || *read > largest_size) return std::nullopt;
    size = *read;
  }
  auto begin = history.first_at_or_after(organisation, window.from);
  auto end = std::max(begin, history.first_at_or_after(organisation, window.until));
  page.count = std::min(size, end - begin);
  page.full = page.count == size;
  page.more = end - begin > size;
  page.first = page.descending && end > 0 ? end - 1 : begin;
  return page;
}

std::optional<Page> search_of(const History& history, std::uint64_t organisation, const Request& request) {
  Window window;
  const auto time_in = [&](std::string_view text) {
    const auto ticks = ticks_in(text);
    return ticks ? std::optional(us_from(*ticks)) : std::nullopt;
  };
  const auto narrow_by = [&](const char* name, auto bound) {
    const auto* text = request.parameter(name);
    if (text == nullptr) return true;
    const auto time = time_in(*text);
    if (time) bound(*time);
    return time.has_value();
  };
  if (!narrow_by("updatedAfter", [&](std::int64_t time) { window.at_least(time); }) ||
      !narrow_by("updatedBefore", [&](std::int64_t time) { window.below(time + 1); }))
    return std::nullopt;
  if (const auto* token = request.parameter("continuationToken"); token != nullptr && !token->empty()) {
    constexpr std::string_view before = "updatedat_";
    if (!token->starts_with(before)) return std::nullopt;
    const auto rest = std::string_view(*token).substr(before.size());
    const auto last = time_in(rest.substr(0, rest.find(',')));
    if (!last) return std::nullopt;
    window.below(*last);
  }
  constexpr std::uint64_t largest_limit = 1000;
  auto limit = default_size;
  if (const auto* text = request.parameter("limit"); text != nullptr) {
    const auto read = number_in<std::uint64_t>(*text);
    if (!read || *read == 0 || *read > largest_limit) return std::nullopt;
    limit = *read;
  }
  Page page;
  const auto begin = history.first_at_or_after(organisation, window.from);
  const auto end = std::max(begin, history.first_at_or_after(organisation, window.until));
  page.count = std::min(limit, end - begin);
  page.more = end - begin > limit;
  page.first = end > 0 ? end - 1 : 0;
  return page;
}

std::string next_page(const Request& request, std::string_view base, std::string_view path,
                      std::int64_t last_ticks, std::uint64_t last_rank) {
  auto address = std::string(base).append(path);
  for (auto rest = request.query; !rest.empty();) {
    auto end = std::min(rest.find('&'), rest.size());
    auto pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.rfind("continuationToken=", 0) != 0) address.append(pair).append("&");
  }
  return address + "continuationToken=" + std::to_string(last_ticks + ticks_of_1970) + "%253b" +
         std::to_string(last_rank);
}

} // namespace altinn_sim::sink
