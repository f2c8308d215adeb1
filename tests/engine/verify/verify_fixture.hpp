#pragma once

#include "../history/shard_fixture.hpp"

#include <dialogferry/engine/verify/actors.hpp>
#include <dialogferry/mapping/mapper.hpp>

#include <algorithm>
#include <string>
#include <vector>

/// Both sides of a day as those who compare it see them: forms of Storage (Listing), and their dialogs.
namespace dialogferry::engine::test {

inline const std::string form_owner = "urn:altinn:organization:identifier-no:310000123";
inline const std::string form_resource = "urn:altinn:resource:app_ttd_form";
inline const Instant form_created = shard_day.start(); ///< of every row of a Listing

inline std::string record_of(const std::string& guid) {
  return "50001234/" + guid;
}

/// A dialog that agrees with a row of a Listing, until a test makes it differ.
struct StoredDialog {
  explicit StoredDialog(const Listing::Row& row)
      : record(record_of(row.guid))
      , id(version7(*parse_uuid(row.guid), form_created))
      , updated(row.at) {}

  std::string json() const {
    return R"({"id":")" + to_string(id) + R"(","org":"ttd","createdAt":")" + to_string(created) +
           R"(","updatedAt":")" + to_string(updated) + R"(","party":")" + party + R"(","serviceResource":")" +
           form_resource + R"(","serviceOwnerContext":{"serviceOwnerLabels":[{"value":)" +
           R"("urn:altinn:integration:storage:)" + record + R"("}]}})";
  }

  std::string record;
  Uuid id;
  Instant created = form_created;
  Instant updated;
  std::string party = form_owner;
};

/// Dialogporten's search by the time of the last change, and its GET.
struct StoredDialogs {
  void add_all(const Listing& listing) {
    for (const auto& row : listing.rows)
      list.emplace_back(row);
  }

  http::Answer answer(const std::string& target) const {
    return target.find("updatedAfter=") == std::string::npos ? one(target) : page(target);
  }

  std::vector<StoredDialog> list;
  std::string order = "updatedat_desc,id_desc";

private:
  static std::string behind(const std::string& target, const std::string& name) {
    const auto at = target.find(name);
    if (at == std::string::npos) return {};
    const auto begin = at + name.size();
    return target.substr(begin, target.find('&', begin) - begin);
  }

  http::Answer one(const std::string& target) const {
    for (const auto& dialog : list)
      if (target.find("/dialogs/" + to_string(dialog.id)) != std::string::npos)
        return response(200, dialog.json());
    return response(404);
  }

  /// A token is how many dialogs came before.
  http::Answer page(const std::string& target) const {
    const auto after = parse_instant(behind(target, "updatedAfter=")).value();
    const auto before = parse_instant(behind(target, "updatedBefore=")).value();
    const auto token = behind(target, "continuationToken=");
    std::vector<StoredDialog> found;
    for (const auto& dialog : list)
      if (dialog.updated >= after && dialog.updated <= before) found.push_back(dialog);
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
      return a.updated != b.updated ? a.updated > b.updated : a.id > b.id;
    });
    const auto begin = token.empty() ? 0 : std::stoul(token);
    const auto end = std::min(found.size(), begin + std::stoul(behind(target, "limit=")));
    std::string items;
    for (auto i = begin; i < end; ++i)
      items += (items.empty() ? "" : ",") + found[i].json();
    return response(200, R"({"items":[)" + items + R"(],"hasNextPage":)" +
                             (end < found.size() ? "true" : "false") + R"(,"continuationToken":")" +
                             std::to_string(end) + R"(","orderBy":")" + order + R"("})");
  }
};

/// The APIs and caches that both windows and examiners ask.
class SidesWorld : public World {
public:
  SidesWorld() {
    storage->at_once = [this](const Call& call) { return std::optional(source.answer(call)); };
    dialogporten->at_once = [this](const Call& call) {
      return std::optional(answered(call.operation, target.answer(call.request->target)));
    };
    metadata->at_once = [this](const FindApplication&) {
      return std::optional(FoundApplication{application, {}});
    };
    registry->at_once = [](const FindParties& find) {
      FoundParties found;
      for (const auto party : find.parties)
        found.parties.emplace_back(party, form_owner);
      return std::optional(found);
    };
    codec::Parser parser;
    application = mapper
                      ->prepare(parser,
                                codec::Document(R"({"id":"ttd/form","org":"ttd","title":{"nb":"Skjema"},)"
                                                R"("dataTypes":[]})"),
                                {})
                      .value();
  }

  Listing source;
  StoredDialogs target;
  std::shared_ptr<const mapping::Mapper> mapper = std::make_shared<const mapping::Mapper>();
  std::shared_ptr<const mapping::PreparedApplication> application;
  std::shared_ptr<Desk<Call, Answered>> storage = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<Call, Answered>> dialogporten = std::make_shared<Desk<Call, Answered>>();
  std::shared_ptr<Desk<FindApplication, FoundApplication>> metadata =
      std::make_shared<Desk<FindApplication, FoundApplication>>();
  std::shared_ptr<Desk<FindParties, FoundParties>> registry =
      std::make_shared<Desk<FindParties, FoundParties>>();
};

} // namespace dialogferry::engine::test
