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

std::string record_of(const std::string& guid);

/// A dialog that agrees with a row of a Listing, until a test makes it differ.
struct StoredDialog {
  explicit StoredDialog(const Listing::Row& row);

  std::string json() const;

  std::string record;
  Uuid id;
  Instant created = form_created;
  Instant updated;
  std::string party = form_owner;
};

/// Dialogporten's search by the time of the last change, and its GET.
struct StoredDialogs {
  void add_all(const Listing& listing);

  http::Answer answer(const std::string& target) const;

  std::vector<StoredDialog> list;
  std::string order = "updatedat_desc,id_desc";

private:
  http::Answer one(const std::string& target) const;
  /// A token is how many dialogs came before.
  http::Answer page(const std::string& target) const;
};

/// The APIs and caches that both windows and examiners ask.
class SidesWorld : public World {
public:
  SidesWorld();

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
