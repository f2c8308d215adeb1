#include "dialogporten/api/answers.hpp"
#include "dialogporten/api/call.hpp"
#include "dialogporten/api/search_query.hpp"

#include <algorithm>

// dialogporten.md 2.2
namespace altinn_sim::dialogporten {

/// The content of a search result: title, summary, extended status and sender name.
struct ListedContent {
  const Content& all;
};

template <class V, As<ListedContent> T>
void describe(V& visit, T& it) {
  for (std::size_t i = 0; i < dialog_content_rules.size(); ++i) {
    const auto name = dialog_content_rules[i].name;
    if (name == "title" || name == "summary" || name == "extendedStatus" || name == "senderName")
      visit(name, it.all.values[i]);
  }
}

namespace {

/// A dialog that fits, with what it is ordered by.
struct Hit {
  Snapshot record;
  std::vector<KeyValue> keys;
};

template <class List, class Value>
bool any_of(const List& list, const Value& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

bool has_label(const Record& record, const LabelFilter& filter) {
  if (!filter.is_prefix) return std::binary_search(record.labels.begin(), record.labels.end(), filter.text);
  const auto first = std::lower_bound(record.labels.begin(), record.labels.end(), filter.text);
  return first != record.labels.end() && first->starts_with(filter.text);
}

bool has_system_label(const Record& record, SystemLabel label) {
  if (label == SystemLabel::marked_as_unopened) return (record.system_labels & unopened_bit) != 0;
  if (label == SystemLabel::sent) return (record.system_labels & sent_bit) != 0;
  return folder_of(record) == label;
}

/// What can be judged without the text of the dialog.
bool fits(const Record& record, const SearchQuery& query, const std::string& org) {
  const bool is_deleted = record.deleted_at.has_value();
  return *record.org == org &&
         (query.deleted == DeletedFilter::include || is_deleted == (query.deleted == DeletedFilter::only)) &&
         any_of(query.service_resources, *record.service_resource) && any_of(query.parties, record.party) &&
         any_of(query.statuses, record.status) && query.created.holds(record.created_at) &&
         query.updated.holds(record.updated_at) && query.content_updated.holds(record.content_updated_at) &&
         query.visible.holds(record.visible_from) && !(query.exclude_api_only && record.api_only) &&
         (!query.is_content_seen || *query.is_content_seen == record.is_content_seen) &&
         std::all_of(query.labels.begin(), query.labels.end(),
                     [&](const LabelFilter& label) { return has_label(record, label); }) &&
         std::all_of(query.system_labels.begin(), query.system_labels.end(),
                     [&](SystemLabel label) { return has_system_label(record, label); });
}

bool needs_text(const SearchQuery& query) {
  return query.external_reference || query.process || !query.extended_statuses.empty() ||
         query.due.is_given() || std::any_of(query.order.begin(), query.order.end(), [](const Order& order) {
           return order.key == OrderKey::due_at;
         });
}

bool text_fits(const Dialog& dialog, const SearchQuery& query) {
  return (!query.external_reference || dialog.external_reference == *query.external_reference) &&
         (!query.process || dialog.process == *query.process) && query.due.holds(dialog.due_at) &&
         (query.extended_statuses.empty() ||
          (dialog.extended_status && any_of(query.extended_statuses, *dialog.extended_status)));
}

std::vector<KeyValue> keys_of(const Record& record, const std::optional<Time>& due_at,
                              const std::vector<Order>& order) {
  std::vector<KeyValue> keys;
  for (const auto& [key, ascending] : order) {
    switch (key) {
    case OrderKey::content_updated_at: keys.push_back({record.content_updated_at, {}}); break;
    case OrderKey::updated_at: keys.push_back({record.updated_at, {}}); break;
    case OrderKey::created_at: keys.push_back({record.created_at, {}}); break;
    case OrderKey::due_at: keys.push_back({due_at, {}}); break;
    case OrderKey::id: keys.push_back({{}, record.id}); break;
    }
  }
  return keys;
}

/// Below, equal or above in ascending order; a missing time is above all.
int compare(const KeyValue& left, const KeyValue& right) {
  if (left.time != right.time) {
    if (!left.time || !right.time) return left.time ? -1 : 1;
    return *left.time < *right.time ? -1 : 1;
  }
  if (left.id == right.id) return 0;
  return left.id < right.id ? -1 : 1;
}

bool comes_before(const std::vector<KeyValue>& left, const std::vector<KeyValue>& right,
                  const std::vector<Order>& order) {
  for (std::size_t i = 0; i < order.size(); ++i)
    if (const int sign = compare(left[i], right[i]); sign != 0) return (sign < 0) == order[i].ascending;
  return false;
}

/// By index where a label leads to few dialogs, else all there are.
std::vector<Snapshot> candidates(const Store& store, const SearchQuery& query) {
  for (const auto& label : query.labels) {
    if (label.is_prefix) continue;
    if (auto found = store.find_label(label.text)) return std::move(*found);
  }
  return store.all();
}

std::vector<Hit> hits_of(const Call& call, const SearchQuery& query) {
  std::vector<Hit> hits;
  const bool with_text = needs_text(query);
  for (auto& record : candidates(call.store, query)) {
    if (!fits(*record, query, call.caller.org)) continue;
    std::optional<Time> due_at;
    if (with_text) {
      const Document document{Form::stored, *record->text};
      if (!text_fits(document.dialog, query)) continue;
      due_at = document.dialog.due_at;
    }
    auto keys = keys_of(*record, due_at, query.order);
    if (!query.continues.empty() && !comes_before(query.continues, keys, query.order)) continue;
    hits.push_back({std::move(record), std::move(keys)});
  }
  return hits;
}

std::string token_of(const std::vector<KeyValue>& keys, const std::vector<Order>& order) {
  std::string out;
  for (std::size_t i = 0; i < order.size(); ++i) {
    ((out += out.empty() ? "" : ",") += token_name(order[i].key)) += '_';
    if (order[i].key == OrderKey::id)
      out += to_string(keys[i].id);
    else if (keys[i].time)
      out += to_string(*keys[i].time);
  }
  return out;
}

std::string item_of(const Record& record) {
  const Document document{Form::stored, *record.text};
  const Dialog& dialog = document.dialog;
  std::string out;
  Writer writer{out};
  describe_record(writer, record);
  writer("serviceResource", dialog.service_resource);
  writer("party", dialog.party);
  writer("progress", dialog.progress);
  writer("process", dialog.process);
  writer("precedingProcess", dialog.preceding_process);
  writer("extendedStatus", dialog.extended_status);
  writer("externalReference", dialog.external_reference);
  writer("visibleFrom", dialog.visible_from);
  writer("dueAt", dialog.due_at);
  writer("status", dialog.status);
  writer("isApiOnly", dialog.is_api_only);
  writer("guiAttachmentCount", record.gui_attachments);
  if (dialog.content) writer("content", ListedContent{*dialog.content});
  if (!dialog.activities.empty()) writer("latestActivity", dialog.activities.back());
  writer.close();
  return out;
}

} // namespace

Response search_dialogs(Call& call) {
  const auto query = parse_search(call.request);
  if (!query.complaints.empty()) return problem(call.request, 400, query.complaints);
  if (query.breaks) return problem(call.request, 500);
  auto hits = hits_of(call, query);
  const bool has_next = hits.size() > query.limit;
  const auto count = std::min(hits.size(), query.limit);
  std::partial_sort(
      hits.begin(), hits.begin() + static_cast<std::ptrdiff_t>(count), hits.end(),
      [&](const Hit& left, const Hit& right) { return comes_before(left.keys, right.keys, query.order); });
  std::string items = "[";
  for (std::size_t i = 0; i < count; ++i)
    items += (i > 0 ? "," : "") + item_of(*hits[i].record);
  items += ']';
  std::string body;
  Writer writer{body};
  writer.raw("items", items);
  writer("hasNextPage", has_next);
  const auto token = count > 0 ? token_of(hits[count - 1].keys, query.order) : query.continuation_token;
  if (!token.empty()) writer("continuationToken", token);
  writer("orderBy", spelled(query.order));
  writer.close();
  return ok(std::move(body));
}

} // namespace altinn_sim::dialogporten
