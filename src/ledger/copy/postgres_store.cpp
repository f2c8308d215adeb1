#include "../postgres/engines.hpp"
#include "../postgres/open.hpp"
#include "../postgres/schema.hpp"
#include "../postgres/table.hpp"
#include "store.hpp"

#include <fmt/format.h>

namespace dialogferry::ledger {

namespace {

using postgres::Parameters;

constexpr int rows_at_a_time = 5'000;
constexpr std::chrono::minutes patience{10}; ///< for counting large tables, and for the commit

class PostgresStore final : public Store {
public:
  PostgresStore(postgres::Place place, std::unique_ptr<postgres::Connection> connection)
      : place_(std::move(place))
      , connection_(std::move(connection)) {}

  Problem problem_of(const sql::Error& error) const override {
    return postgres::problem_of(static_cast<const postgres::Error&>(error), place_);
  }

  std::uint64_t count(const CopiedTable& table) override {
    return static_cast<std::uint64_t>(number(fmt::format("SELECT count(*) FROM {}", table.name)));
  }

  void read(const CopiedTable& table, const std::function<void(Row)>& each) override {
    connection_->ask(
        fmt::format("DECLARE copied NO SCROLL CURSOR FOR SELECT {} FROM {}", names_of(table), table.name));
    while (true) {
      // Asked anew each time: a prepared one would keep the columns of the table before.
      const auto found =
          connection_->ask(fmt::format("FETCH {} FROM copied /* {} */", rows_at_a_time, table.name));
      for (int row = 0; row < found.rows(); ++row)
        each(row_of(found, row, table));
      if (found.rows() < rows_at_a_time) break;
    }
    connection_->ask("CLOSE copied");
  }

  void write(const CopiedTable& table, std::span<const Row> rows) override {
    std::string kinds, places;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const auto kind = table.columns[i].kind;
      kinds += kind == sql::Kind::integer ? 'i' : kind == sql::Kind::text ? 't' : 'b';
      places += fmt::format("{}${}", i > 0 ? ", " : "", i + 1);
    }
    postgres::Table columns(kinds);
    for (const auto& row : rows)
      columns.add_row(row);
    connection_->ask(
        fmt::format("INSERT INTO {} ({}) SELECT * FROM unnest({})", table.name, names_of(table), places),
        columns.parameters());
  }

  std::int64_t highest_id(const CopiedTable& table) override {
    return number(fmt::format("SELECT greatest((SELECT max(id) FROM {0}), "
                              "pg_sequence_last_value(pg_get_serial_sequence('{0}', 'id')::regclass), 0)",
                              table.name));
  }

  void go_on_after(const CopiedTable& table, std::int64_t id) override {
    if (id > 0) number(fmt::format("SELECT setval(pg_get_serial_sequence('{}', 'id'), {})", table.name, id));
  }

  void commit() override {
    connection_->ask("UPDATE ledger SET version = $1", Parameters::of(postgres::schema_version()));
    connection_->ask("COMMIT");
    connection_->run("ANALYZE stage, shard, day, exception, inbox, wake_up, block, file");
  }

private:
  std::int64_t number(const std::string& sql) { return connection_->ask(sql).integer(0, 0); }

  static Row row_of(const postgres::Reply& reply, int row, const CopiedTable& table) {
    Row values;
    for (int at = 0; at < static_cast<int>(table.columns.size()); ++at) {
      if (reply.null(row, at))
        values.emplace_back();
      else if (table.columns[static_cast<std::size_t>(at)].kind == sql::Kind::integer)
        values.emplace_back(reply.integer(row, at));
      else
        values.emplace_back(std::string(reply.text(row, at)));
    }
    return values;
  }

  postgres::Place place_;
  std::unique_ptr<postgres::Connection> connection_;
};

void begin(postgres::Connection& connection, const postgres::Place& place, Side side) {
  const auto version = postgres::version_of(connection, place);
  const auto about = "ledger " + place.label;
  if (side == Side::to) {
    if (version > 0) throw sql::Refusal{{about, "holds a ledger already", "name a database that holds none"}};
    connection.ask("BEGIN");
    return postgres::make_tables(connection, version);
  }
  if (version != postgres::schema_version())
    throw sql::Refusal{
        {about, version == 0 ? "holds nothing" : "is of an older version",
         version == 0 ? "name the ledger that is to be copied" : "start the engine on it once"}};
  connection.ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

} // namespace

Result<std::unique_ptr<Store>> open_postgres_store(const std::string& url, Side side) {
  auto place = postgres::parse_url(url);
  if (!place) return tl::unexpected<Problem>(place.error());
  postgres::Setup setup;
  setup.mode = OpenMode::tool; // its plans are those for many rows
  setup.patience.answer = patience;
  try {
    auto connection = postgres::connect(*place, setup);
    postgres::pass_door(*connection, *place);
    postgres::refuse_while_used(*connection, *place, "stop its engines first");
    begin(*connection, *place, side);
    return std::make_unique<PostgresStore>(std::move(*place), std::move(connection));
  } catch (const postgres::Error& error) {
    return tl::unexpected<Problem>(postgres::problem_of(error, *place));
  } catch (const sql::Refusal& refusal) {
    return tl::unexpected<Problem>(refusal.problem);
  }
}

} // namespace dialogferry::ledger
