#pragma once

#include <dialogferry/codec/page.hpp>
#include <dialogferry/http/message.hpp>
#include <dialogferry/model/result.hpp>
#include <dialogferry/model/time.hpp>
#include <dialogferry/model/uuid.hpp>

#include <memory>
#include <optional>
#include <string_view>

namespace dialogferry::source {

/// One question for records in the order of their changes, in half-open time windows (storage.md 1.8).
struct ListRequest {
  std::string_view organisation;
  std::optional<Instant> from;   ///< the change, inclusive
  std::optional<Instant> before; ///< the change, exclusive
  std::optional<Instant> at;     ///< the change, exactly
  bool ascending = false;
  unsigned size = 100;    ///< 1 to 5000; never 0 (storage.md 1.5)
  std::string_view token; ///< continuation token as it stood in `next`, still encoded
};

/// A list of records that a source has: how it is asked for and how its answers are read. What scans days and
/// follows changes knows sources by this alone.
struct Listing {
  std::string_view api; ///< that is asked
  http::Request (*request)(const ListRequest& request);
  Result<codec::Page> (*read)(codec::Parser& parser, std::shared_ptr<const codec::Document> body);
  /// The continuation token inside the query of a page's `next`, still encoded; empty where none.
  std::string_view (*token_of)(std::string_view next_query);
  /// Whether it was refused over a record that the source itself cannot read (observed.md OS-4).
  bool (*is_over_a_row)(const http::Response& answer);
  /// What records of one id have in common, so that they are carried one after another; nothing for what is
  /// no id of a record.
  std::optional<Uuid> (*lane_of)(std::string_view record_id);
};

} // namespace dialogferry::source
