#include "temp_ledger.hpp"

namespace dialogferry::ledger::test {

TemporaryPostgres& server() {
  static const auto started = must(TemporaryPostgres::start());
  return *started;
}

std::string new_database() {
  static int number = 0;
  auto name = "test" + std::to_string(++number);
  must(server().make(name));
  return name;
}

namespace {

Backend each_backend() {
  const auto backend = GENERATE(Backend::sqlite, Backend::postgres);
  return backend;
}

} // namespace

TempLedger::TempLedger()
    : TempLedger(each_backend()) {}

TempLedger::TempLedger(Backend backend)
    : backend_(backend)
    , url_(backend == Backend::sqlite ? folder_.url() : server().url(new_database())) {}

} // namespace dialogferry::ledger::test
