#include "correspondence/api/desk.hpp"
#include "correspondence/api/problem.hpp"
#include "dialogporten/model/text.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

// The list of correspondences (correspondence.md 6.3)
namespace altinn_sim::correspondence {

namespace {

constexpr std::size_t longest_list = 1'000;

std::string value_of(const Request& request, std::string_view name) {
  const auto* found = request.parameter(name);
  return found == nullptr ? std::string() : *found;
}

bool is_role(std::string_view text) {
  constexpr std::array<std::string_view, 3> roles = {"Recipient", "Sender", "RecipientAndSender"};
  return std::any_of(roles.begin(), roles.end(),
                     [&](std::string_view role) { return dialogporten::same_name(role, text); });
}

/// What the query does not leave out; what is not made available is not listed (2).
bool is_listed(const Request& request, const Record& record) {
  if (record.is_migrating || record.resource != value_of(request, "resourceId")) return false;
  const auto number = value_of(request, "altinn2CorrespondenceId");
  if (!number.empty() && number != std::to_string(record.altinn2_id)) return false;
  const auto reference = value_of(request, "sendersReference");
  return reference.empty() || reference == record.senders_reference;
}

} // namespace

Response list(Desk& desk, const Request& request) {
  if (value_of(request, "resourceId").empty() || !is_role(value_of(request, "role")))
    return problem(request, 400, 0, "One or more validation errors occurred.");
  const std::lock_guard lock(desk.mutex);
  std::vector<const Record*> records;
  const auto number = value_of(request, "altinn2CorrespondenceId");
  if (number.empty()) {
    for (const auto& [id, record] : desk.store.records)
      if (is_listed(request, record)) records.push_back(&record);
  } else {
    for (const auto& [altinn2, id] : desk.store.by_altinn2)
      if (std::to_string(altinn2) == number)
        if (const auto* record = desk.store.find(id); record != nullptr && is_listed(request, *record))
          records.push_back(record);
  }
  std::sort(records.begin(), records.end(), [](const Record* a, const Record* b) {
    return a->requested_publish_time > b->requested_publish_time;
  });
  records.resize(std::min(records.size(), longest_list));
  json::array ids;
  for (const auto* record : records)
    ids.push_back(json::value(to_string(record->id)));
  return ok(json::serialize(json::object{{"ids", std::move(ids)}}));
}

} // namespace altinn_sim::correspondence
