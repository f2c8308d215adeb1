#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::codec {

/// One entry of a bundle's `parties` or `users`: an Altinn id and the URN that stands for it.
struct BundleUrn {
  std::string id;
  std::string urn;
};

/// A mapping bundle (interfaces.md), taken apart; its JSON bodies are left as they are. A null body is
/// nothing.
struct Bundle {
  std::string kind;
  std::optional<Document> instance;
  std::optional<Document> events;
  std::optional<Document> application;
  std::vector<Document> texts;
  std::vector<BundleUrn> parties;
  std::vector<BundleUrn> users;
  std::optional<Document> existing;
  bool is_migration = false;
  Instant now;
};

/// Fails where the bundle is no JSON object, lacks `now`, or has a member of a wrong type.
Result<Bundle> read_bundle(Parser& parser, JsonView json);

} // namespace dialogferry::codec
