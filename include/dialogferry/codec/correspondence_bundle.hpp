#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dialogferry::codec {

/// A party of a bundle as Register knows it.
struct BundleParty {
  Uuid id;
  std::optional<std::string> urn;      ///< nothing: known, without URN
  std::optional<std::string> name;     ///< `names`
  std::optional<std::string> username; ///< `usernames`
};

/// A mapping bundle of a message (correspondence.md 2.7), taken apart; its JSON bodies are left as they are.
/// A null body is nothing.
struct CorrespondenceBundle {
  std::optional<Document> correspondence;
  std::optional<Document> previous;
  std::optional<Document> existing;
  std::optional<Uuid> correspondence_id;
  std::vector<std::pair<std::string, Uuid>> attachment_ids; ///< by their ids in Altinn 2
  std::vector<BundleParty> parties;                         ///< of `parties`, by their ids; each once
  bool is_migration = false;
  Instant now;
};

/// Fails where the bundle is no JSON object, lacks `correspondence` or `now`, or has a member of a wrong
/// type.
Result<CorrespondenceBundle> read_correspondence_bundle(Parser& parser, JsonView json);

/// `kind` of a bundle; empty where it has none. Fails where the bundle is no JSON object.
Result<std::string> read_bundle_kind(Parser& parser, JsonView json);

} // namespace dialogferry::codec
