#pragma once

#include "dialogporten/model/enums.hpp"
#include "dialogporten/model/time.hpp"
#include "dialogporten/model/uuid.hpp"
#include "dialogporten/validation/validation.hpp"
#include "exchange.hpp"

#include <optional>
#include <string>
#include <vector>

namespace altinn_sim::dialogporten {

enum class OrderKey : std::uint8_t { content_updated_at, updated_at, created_at, due_at, id };

struct Order {
  OrderKey key;
  bool ascending = false;
};

/// The value that a dialog has under an order key: a time (none sorts as the latest), or its id.
struct KeyValue {
  std::optional<Time> time;
  Uuid id;
};

struct TimeRange {
  std::optional<Time> after;
  std::optional<Time> before;

  bool is_given() const { return after || before; }
  /// Inclusive on both ends.
  bool holds(const std::optional<Time>& time) const {
    return !is_given() || (time && (!after || *time >= *after) && (!before || *time <= *before));
  }
};

/// `sync:live` exactly, or everything that begins so.
struct LabelFilter {
  std::string text;
  bool is_prefix = false;
};

enum class DeletedFilter : std::uint8_t { exclude, include, only };

/// The parameters of a search (dialogporten.md 2.2).
struct SearchQuery {
  std::vector<std::string> service_resources;
  std::vector<std::string> parties;
  std::vector<std::string> extended_statuses;
  std::optional<std::string> external_reference;
  std::optional<std::string> process;
  std::vector<Status> statuses;
  std::vector<LabelFilter> labels;
  std::vector<SystemLabel> system_labels;
  TimeRange created;
  TimeRange updated;
  TimeRange content_updated;
  TimeRange due;
  TimeRange visible;
  DeletedFilter deleted = DeletedFilter::exclude;
  bool exclude_api_only = false;
  std::optional<bool> is_content_seen;
  std::size_t limit = 100;
  std::vector<Order> order;        ///< `id` last
  std::string continuation_token;  ///< as given
  std::vector<KeyValue> continues; ///< one value for each of `order`, empty on the first page

  Complaints complaints;
  bool breaks = false; ///< a pattern that the API answers with 500
};

SearchQuery parse_search(const Request& request);

/// "updatedat_desc,id_desc"
std::string spelled(const std::vector<Order>& order);

/// "updatedat", the name of a key in tokens.
std::string_view token_name(OrderKey key);

} // namespace altinn_sim::dialogporten
