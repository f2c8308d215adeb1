#pragma once

#include "support.hpp"

#include <dialogferry/ledger/temporary_postgres.hpp>

namespace dialogferry::ledger::test {

/// The PostgreSQL of this test program; starts when it is first needed.
TemporaryPostgres& server();

/// An empty database of it, for one test; its name.
std::string new_database();

enum class Backend { sqlite, postgres };

/// A place for a ledger that goes with the test. The test runs once for each kind there is.
class TempLedger {
public:
  TempLedger();
  explicit TempLedger(Backend backend);

  Backend backend() const { return backend_; }
  std::string url() const { return url_; }

private:
  TempFolder folder_;
  Backend backend_;
  std::string url_;
};

} // namespace dialogferry::ledger::test
