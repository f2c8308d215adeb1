#include "sqlite/open.hpp"

#include "url.hpp"

#include <dialogferry/ledger/ledger.hpp>

namespace dialogferry::ledger {

Result<std::unique_ptr<Ledger>> open(const std::string& url, std::string_view environment, OpenMode mode,
                                     Instant now) {
  const auto place = parse_url(url);
  if (!place) return tl::unexpected<Problem>(place.error());
  return sqlite::open(*place, environment, mode, now);
}

} // namespace dialogferry::ledger
