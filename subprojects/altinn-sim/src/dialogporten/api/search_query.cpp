#include "dialogporten/api/search_query.hpp"

#include "dialogporten/model/text.hpp"
#include "dialogporten/validation/party.hpp"
#include "dialogporten/validation/uri.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace altinn_sim::dialogporten {

namespace {

constexpr std::size_t max_filter_values = 20;
constexpr std::array<std::string_view, 5> order_names{"contentupdatedat", "updatedat", "createdat", "dueat",
                                                      "id"};

void invalid(SearchQuery& query, std::string_view name, std::string_view value, std::string_view type) {
  query.complaints.push_back({std::string{name}, "Value [" + std::string{value} + "] is not valid for a [" +
                                                     std::string{type} + "] property!"});
}

std::optional<OrderKey> order_key(std::string_view name) {
  for (std::size_t i = 0; i < order_names.size(); ++i)
    if (same_name(order_names[i], name)) return static_cast<OrderKey>(i);
  return std::nullopt;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    parts.push_back(trimmed(text.substr(0, comma)));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

std::optional<Order> parse_order(std::string_view text) {
  const auto mark = text.rfind('_');
  const auto key = order_key(text.substr(0, mark));
  if (!key) return std::nullopt;
  if (mark == std::string_view::npos) return Order{*key};
  const auto direction = text.substr(mark + 1);
  if (!same_name(direction, "asc") && !same_name(direction, "desc")) return std::nullopt;
  return Order{*key, same_name(direction, "asc")};
}

bool orders_by(const std::vector<Order>& order, OrderKey key) {
  return std::any_of(order.begin(), order.end(), [&](const Order& it) { return it.key == key; });
}

/// Empty and doubled keys are refused (observed.md OD-9).
void read_order(SearchQuery& query, std::string_view text) {
  if (text.empty() || text.back() == ',') return invalid(query, "orderBy", text, "OrderSet");
  for (const auto part : split(text)) {
    const auto order = parse_order(part);
    if (!order || orders_by(query.order, order->key)) return invalid(query, "orderBy", text, "OrderSet");
    query.order.push_back(*order);
  }
}

/// Puts the default in and `id` last, descending unless asked otherwise; alone it is ignored
/// (observed.md OD-9).
void complete_order(std::vector<Order>& order) {
  Order last{OrderKey::id};
  const auto id =
      std::find_if(order.begin(), order.end(), [](const Order& it) { return it.key == OrderKey::id; });
  if (id != order.end()) {
    if (order.size() > 1) last = *id;
    order.erase(id);
  }
  if (order.empty()) order.push_back({OrderKey::content_updated_at});
  order.push_back(last);
}

/// Dates may come without a zone, and days without a time (observed.md OD-9); both are UTC then.
std::optional<Time> parse_filter_time(const std::string& text) {
  for (const auto* rest : {"", "Z", "T00:00:00Z"})
    if (const auto time = parse_time(text + rest)) return time;
  return std::nullopt;
}

std::optional<KeyValue> token_value(OrderKey key, std::string_view text) {
  KeyValue value;
  if (key == OrderKey::id) {
    const auto id = parse_uuid(text);
    if (!id) return std::nullopt;
    value.id = *id;
  } else if (!text.empty()) {
    value.time = parse_time(text);
    if (!value.time) return std::nullopt;
  }
  return value;
}

/// `key_value,key_value`; every order key must be in it.
void read_token(SearchQuery& query) {
  if (query.continuation_token.empty()) return;
  const auto parts = split(query.continuation_token);
  std::string missing;
  for (const auto& order : query.order) {
    const auto prefix = std::string{token_name(order.key)} + '_';
    const auto part = std::find_if(parts.begin(), parts.end(), [&](std::string_view it) {
      return same_name(it.substr(0, prefix.size()), prefix);
    });
    const auto value =
        part == parts.end() ? std::nullopt : token_value(order.key, part->substr(prefix.size()));
    if (value)
      query.continues.push_back(*value);
    else
      (missing += missing.empty() ? "" : ", ") += token_name(order.key);
  }
  if (!missing.empty())
    query.complaints.push_back(
        {"continuationToken",
         "ContinuationToken does not match OrderBy. Missing token keys: [" + missing + "]"});
}

void read_label(SearchQuery& query, std::string_view text) {
  const auto length = utf16_length(text);
  if (length < 3 || length > 255)
    query.complaints.push_back({"serviceOwnerLabels", "A label must have 3 to 255 characters."});
  LabelFilter filter{lower(trimmed(text)), false};
  if (filter.text.ends_with('*')) {
    filter.is_prefix = true;
    filter.text.pop_back();
  }
  query.breaks = query.breaks || filter.text.find('*') != std::string::npos;
  query.labels.push_back(std::move(filter));
}

/// The obsolete New and Sent are names of input only.
void read_status(SearchQuery& query, std::string_view text) {
  const auto status = value_of<Status>(text);
  if (status && stored(*status) == *status)
    query.statuses.push_back(*status);
  else
    invalid(query, "status", text, "DialogStatus");
}

void read_system_label(SearchQuery& query, std::string_view text) {
  if (const auto label = value_of<SystemLabel>(text))
    query.system_labels.push_back(*label);
  else
    invalid(query, "systemLabel", text, "SystemLabel");
}

void read_flag(SearchQuery& query, std::string_view name, std::string_view text, auto& to) {
  if (same_name(text, "true") || same_name(text, "false"))
    to = same_name(text, "true");
  else
    invalid(query, name, text, "Boolean");
}

void read_limit(SearchQuery& query, std::string_view text) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), query.limit);
  if (error != std::errc{} || end != text.data() + text.size()) return invalid(query, "limit", text, "Int32");
  if (query.limit < 1 || query.limit > 1000)
    query.complaints.push_back(
        {"limit", "'Limit' must be between 1 and 1000. You entered " + std::string{text} + "."});
}

void read_deleted(SearchQuery& query, std::string_view text) {
  if (same_name(text, "include"))
    query.deleted = DeletedFilter::include;
  else if (same_name(text, "only"))
    query.deleted = DeletedFilter::only;
  else if (!same_name(text, "exclude"))
    invalid(query, "deleted", text, "DeletedFilter");
}

/// A parameter that is one end of a time range.
struct RangeParameter {
  std::string_view name;
  TimeRange SearchQuery::*range;
  std::optional<Time> TimeRange::*end;
};

constexpr RangeParameter range_parameters[] = {
    {"createdAfter", &SearchQuery::created, &TimeRange::after},
    {"createdBefore", &SearchQuery::created, &TimeRange::before},
    {"updatedAfter", &SearchQuery::updated, &TimeRange::after},
    {"updatedBefore", &SearchQuery::updated, &TimeRange::before},
    {"contentUpdatedAfter", &SearchQuery::content_updated, &TimeRange::after},
    {"contentUpdatedBefore", &SearchQuery::content_updated, &TimeRange::before},
    {"dueAfter", &SearchQuery::due, &TimeRange::after},
    {"dueBefore", &SearchQuery::due, &TimeRange::before},
    {"visibleAfter", &SearchQuery::visible, &TimeRange::after},
    {"visibleBefore", &SearchQuery::visible, &TimeRange::before},
};

bool read_range(SearchQuery& query, std::string_view name, std::string_view text) {
  for (const auto& parameter : range_parameters) {
    if (!same_name(parameter.name, name)) continue;
    const auto time = parse_filter_time(std::string{text});
    if (!time) invalid(query, parameter.name, text, "DateTimeOffset");
    query.*parameter.range.*parameter.end = time;
    return true;
  }
  return false;
}

void read_parameter(SearchQuery& query, std::string_view name, const std::string& text) {
  const auto is = [&](std::string_view wanted) { return same_name(wanted, name); };
  if (read_range(query, name, text)) return;
  if (is("serviceResource")) query.service_resources.push_back(text);
  if (is("party")) query.parties.push_back(lower(text));
  if (is("party") && !is_party(text))
    query.complaints.push_back({"party", "'Party' must be a valid party identifier."});
  if (is("extendedStatus")) query.extended_statuses.push_back(text);
  if (is("externalReference")) query.external_reference = text;
  if (is("process")) query.process = text;
  if (is("status")) read_status(query, text);
  if (is("systemLabel")) read_system_label(query, text);
  if (is("serviceOwnerLabels")) read_label(query, text);
  if (is("deleted")) read_deleted(query, text);
  if (is("excludeApiOnly")) read_flag(query, "excludeApiOnly", text, query.exclude_api_only);
  if (is("isContentSeen")) read_flag(query, "isContentSeen", text, query.is_content_seen);
  if (is("limit")) read_limit(query, text);
  if (is("orderBy")) read_order(query, text);
  if (is("continuationToken")) query.continuation_token = text;
}

void check_counts_and_ranges(SearchQuery& query) {
  const auto check = [&](std::size_t count, std::string_view name) {
    if (count > max_filter_values)
      query.complaints.push_back({std::string{name}, "At most 20 values are allowed."});
  };
  check(query.service_resources.size(), "serviceResource");
  check(query.parties.size(), "party");
  check(query.extended_statuses.size(), "extendedStatus");
  for (const auto& parameter : range_parameters) {
    const TimeRange& range = query.*parameter.range;
    if (parameter.end == &TimeRange::after && range.after && range.before && *range.after > *range.before)
      query.complaints.push_back({std::string{parameter.name}, "The range ends before it begins."});
  }
  if (query.process && (!is_well_formed_uri(*query.process) || utf16_length(*query.process) > 1023))
    query.complaints.push_back({"process", "'Process' is not a well-formatted URI."});
}

} // namespace

std::string_view token_name(OrderKey key) {
  return order_names[static_cast<std::size_t>(key)];
}

std::string spelled(const std::vector<Order>& order) {
  std::string out;
  for (const auto& key : order)
    ((out += out.empty() ? "" : ",") += token_name(key.key)) += key.ascending ? "_asc" : "_desc";
  return out;
}

SearchQuery parse_search(const Request& request) {
  SearchQuery query;
  for (const auto& [name, value] : request.parameters)
    read_parameter(query, name, value);
  complete_order(query.order);
  read_token(query);
  check_counts_and_ranges(query);
  return query;
}

} // namespace altinn_sim::dialogporten
