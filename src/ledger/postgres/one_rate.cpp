#include "one_rate.hpp"

#include "table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace dialogferry::ledger::postgres {

namespace {

constexpr std::string_view exchange_sql =
    "SELECT * FROM exchange_rates($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
constexpr std::string_view columns = "tiiiiiiiiii";
constexpr double millionths = 1e6;
constexpr double most = 1e12; ///< a rate above it is as good as none

std::string new_name() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}", random(), random(), random());
}

std::int64_t written(double rate) {
  return std::llround(std::clamp(rate, 0.0, most) * millionths);
}

Table table_of(std::span<const RateUse> uses) {
  Table rows(columns);
  for (const auto& use : uses)
    rows.add(use.api, written(use.rate), written(use.wanted), use.answers.passed, use.answers.throttled,
             use.answers.late, std::int64_t{use.answers.held_back}, written(use.found.limit),
             written(use.found.pace), use.found.reduction, std::int64_t{use.pause.count()});
  return rows;
}

/// The columns of one row, one after another.
class Row {
public:
  Row(const Reply& reply, int row)
      : reply_(reply)
      , row_(row) {}

  std::int64_t integer() { return reply_.integer(row_, column_++); }
  std::uint32_t count() { return static_cast<std::uint32_t>(integer()); }
  double rate() { return static_cast<double>(integer()) / millionths; }

private:
  const Reply& reply_;
  int row_;
  int column_ = 0;
};

RateShare share_in(Row row, const std::string& api) {
  RateShare heard;
  heard.api = api;
  heard.share = row.rate();
  heard.engines = row.count();
  heard.leads = row.integer() != 0;
  heard.answers.passed = row.count();
  heard.answers.throttled = row.count();
  heard.answers.late = row.count();
  heard.answers.held_back = row.integer() != 0;
  heard.found.limit = row.rate();
  heard.found.pace = row.rate();
  heard.found.reduction = row.integer();
  heard.pause = std::chrono::microseconds{row.integer()};
  return heard;
}

} // namespace

OneRate::OneRate(Place place)
    : place_(std::move(place))
    , setup_{OpenMode::engine, {}, {std::chrono::milliseconds{1'000}, std::chrono::milliseconds{1'000}}}
    , engine_(new_name()) {}

Connection& OneRate::connection() {
  if (connection_ && !connection_->is_broken()) return *connection_;
  connection_ = connect(place_, setup_);
  connection_->run("SET synchronous_commit = off"); // what is of the moment need not survive it
  return *connection_;
}

Result<std::vector<RateShare>> OneRate::exchange(std::span<const RateUse> uses) {
  try {
    Parameters parameters = Parameters::of(std::string_view(engine_));
    table_of(uses).add_to(parameters);
    const auto reply = connection().ask(exchange_sql, parameters);
    std::vector<RateShare> heard;
    for (int row = 0; row < reply.rows(); ++row)
      heard.push_back(share_in(Row(reply, row), uses[static_cast<std::size_t>(row)].api));
    return heard;
  } catch (const Error& error) {
    return tl::unexpected<Problem>(problem_of(error, place_));
  } catch (const sql::Refusal& refusal) {
    return tl::unexpected<Problem>(refusal.problem);
  }
}

void OneRate::leave() {
  if (!connection_ || connection_->is_broken()) return;
  try {
    connection_->ask("SELECT leave_rates($1)", Parameters::of(std::string_view(engine_)));
  } catch (const Error&) { // its shares end by themselves
    connection_.reset();
  }
}

} // namespace dialogferry::ledger::postgres
