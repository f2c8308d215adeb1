#include "postgres/one_rate.hpp"

#include "url.hpp"

#include <dialogferry/ledger/one_rate.hpp>

namespace dialogferry::ledger {

Result<std::unique_ptr<OneRate>> one_rate_of(const std::string& url) {
  if (!is_postgres(url)) return std::unique_ptr<OneRate>();
  auto place = postgres::parse_url(url);
  if (!place) return tl::unexpected<Problem>(place.error());
  return std::make_unique<postgres::OneRate>(std::move(*place));
}

} // namespace dialogferry::ledger
