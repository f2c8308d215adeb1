#include "migration/audit_row.hpp"

namespace altinn_sim {

namespace json = boost::json;

namespace {

constexpr std::size_t few = 5;

} // namespace

void AuditFigures::note(std::string_view name, const std::string& id, std::string_view what) {
  count(name);
  auto& ids = ids_[name];
  if (ids.size() >= few) return;
  auto text = id;
  if (!what.empty()) text.append(": ").append(what);
  ids.emplace_back(text);
}

void AuditFigures::wrong(const std::string& id, const std::vector<std::string_view>& members) {
  std::string all;
  for (const auto member : members) {
    all.append(all.empty() ? "" : ", ").append(member);
    ++wrong_members_[member];
  }
  note("wrong", id, all);
}

std::size_t AuditFigures::figure(std::string_view name) const {
  const auto found = figures_.find(name);
  return found == figures_.end() ? 0 : found->second;
}

json::object AuditFigures::as_json(std::string_view id) const {
  json::object out{{"id", id}};
  for (const auto* name : {"expected", "excluded", "failed", "unfit", "refused", "waiting", "unreadable",
                           "deferred", "present", "missing", "doubled", "leftover", "stale", "wrong",
                           "stranded", "wrongly_labelled", "orphaned_attachments", "doubled_uploads"})
    out[name] = figure(name);
  for (const auto* name :
       {"missing", "doubled", "stale", "wrong", "stranded", "wrongly_labelled", "orphaned_attachments"}) {
    const auto found = ids_.find(name);
    out[std::string(name) + "_ids"] = found == ids_.end() ? json::array() : found->second;
  }
  json::object members;
  for (const auto& [member, times] : wrong_members_)
    members[member] = times;
  out["wrong_members"] = std::move(members);
  return out;
}

} // namespace altinn_sim
