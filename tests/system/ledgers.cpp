#include "ledgers.hpp"

#include "ferry.hpp"

#include <dialogferry/ledger/ledger.hpp>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>

namespace dialogferry::system {

namespace {

bool each_kind() {
  const auto on_postgres = GENERATE(false, true);
  return on_postgres;
}

} // namespace

ledger::TemporaryPostgres& postgres() {
  static const auto started = ledger::TemporaryPostgres::start();
  if (!started) throw std::runtime_error(started.error().message);
  return **started;
}

std::string new_database() {
  static int number = 0;
  const auto name = "ferry" + std::to_string(++number);
  if (const auto made = postgres().make(name); !made) throw std::runtime_error(made.error().message);
  return postgres().url(name);
}

std::string shared_ledger() {
  const auto url = new_database();
  if (const auto made = ledger::open(url, "local", ledger::OpenMode::engine, system_now()); !made)
    throw std::runtime_error(made.error().message);
  const auto done =
      postgres().run(url.substr(url.rfind('/') + 1),
                     fmt::format("UPDATE dialogferry.ledger SET lease = {}", short_lease.count()));
  if (!done) throw std::runtime_error(done.error().message);
  return url;
}

EitherLedger::EitherLedger() {
  const bool on_postgres = each_kind();
  url = on_postgres ? new_database() : ledger_in_file;
  if (on_postgres) kills = number_from("TEST_POSTGRES_KILLS", 4);
}

int number_from(const char* variable, int usual) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::atoi(text) : usual;
}

} // namespace dialogferry::system
