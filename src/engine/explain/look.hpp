#pragma once

#include "reach.hpp"

#include <dialogferry/codec/document.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::engine {

/// What one look at a record works with; `told` is filled in.
struct Look {
  const Config& config;
  const mapping::Wording& wording;
  bool is_migration = false;
  Reach& reach;
  Explanation& told;

  /// Asks the source, or the target, and notes what was asked.
  Result<std::optional<std::string>> source(std::string_view api, http::Request request) const;
  Result<std::optional<std::string>> target(std::string_view api, http::Request request) const;
  /// Asks Register, whose answers are not shown.
  Result<std::optional<std::string>> people(http::Request request) const;
  /// Notes what would be sent.
  void would_send(std::string_view api, const http::Request& request) const;
};

Result<void> look_at_instance(const Look& with);
Result<void> look_at_old_message(const Look& with); ///< of Altinn 2
Result<void> look_at_new_message(const Look& with); ///< of Altinn 3

/// A mapping bundle under construction: JSON bodies as they came.
class BundleText {
public:
  BundleText& text(std::string_view name, std::string_view value);
  BundleText& flag(std::string_view name, bool value);
  /// A body, or null.
  BundleText& body(std::string_view name, const std::optional<std::string>& json);
  /// An object of texts; a null value where there is none.
  BundleText& map(std::string_view name,
                  const std::vector<std::pair<std::string, std::optional<std::string>>>& entries);
  BundleText& list(std::string_view name, const std::vector<std::string>& bodies);
  std::string take() const { return "{" + text_ + "}"; }

private:
  BundleText& raw(std::string_view name, std::string_view json);
  std::string text_;
};

} // namespace dialogferry::engine
