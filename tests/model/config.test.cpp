#include <dialogferry/model/config.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;

TEST_CASE("The defaults are those the documentation shows", "[model][config]") {
  const Config config;
  CHECK(config.rows.at("a3-app-instances-historic").organisations.empty()); // all
  CHECK(config.rows.at("a3-app-instances-live").reconcile == std::chrono::hours{24});
  CHECK(config.engine.retry_for == std::chrono::hours{24});
  CHECK(config.apis.at("dialogporten").write_timeout == std::chrono::minutes{15});
  CHECK(config.apis.at("a2_archive").rate == 500.0);
  CHECK(config.ledger.url == "sqlite:ferry.db");
}

TEST_CASE("Every row and every API is there, and every row is off until it is given a table",
          "[model][config]") {
  const Config config;
  CHECK(config.apis.size() == 6);
  CHECK(config.rows.size() == 8);
  for (const auto& [id, row] : config.rows)
    CHECK_FALSE(row.enabled);
}
