#pragma once

#include <dialogferry/ledger/ledger.hpp>

namespace dialogferry::engine::verify {

/// Notes what comparing a day has shown, and for the changelog that it differs, unless that was known.
Result<void> keep(ledger::Ledger& ledger, const ledger::Verification& verification);

} // namespace dialogferry::engine::verify
