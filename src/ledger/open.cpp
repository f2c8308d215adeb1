#include "postgres/open.hpp"

#include "sqlite/open.hpp"
#include "url.hpp"

#include <dialogferry/ledger/ledger.hpp>
#include <dialogferry/ledger/outage.hpp>

namespace dialogferry::ledger {

namespace {

/// Who looks now and then does not hold up others for long.
constexpr postgres::Patience for_looking{std::chrono::milliseconds{2'000}, std::chrono::milliseconds{10'000}};

Result<std::unique_ptr<Ledger>> open_by(const std::string& url, std::string_view environment, Instant now,
                                        const postgres::Setup& setup) {
  if (is_postgres(url)) {
    const auto place = postgres::parse_url(url);
    if (!place) return tl::unexpected<Problem>(place.error());
    return postgres::open(*place, environment, now, setup);
  }
  const auto place = parse_url(url);
  if (!place) return tl::unexpected<Problem>(place.error());
  return sqlite::open(*place, environment, setup.mode, now);
}

} // namespace

Result<std::unique_ptr<Ledger>> open(const std::string& url, std::string_view environment, OpenMode mode,
                                     Instant now) {
  postgres::Setup setup{mode};
  if (mode != OpenMode::engine) setup.patience = for_looking;
  return open_by(url, environment, now, setup);
}

Result<std::unique_ptr<Ledger>> open_to_wait(const std::string& url, std::string_view environment,
                                             Instant now, std::shared_ptr<Outage> outage,
                                             const Introduction& introduction) {
  postgres::Setup setup{OpenMode::engine, std::move(outage)};
  setup.introduction = introduction;
  return open_by(url, environment, now, setup);
}

bool may_be_shared(const std::string& url) {
  return is_postgres(url);
}

} // namespace dialogferry::ledger
