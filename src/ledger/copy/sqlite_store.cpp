#include "../sqlite/database.hpp"
#include "../sqlite/open.hpp"
#include "../sqlite/schema.hpp"
#include "../sqlite/writer_lock.hpp"
#include "store.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>

namespace dialogferry::ledger {

namespace {

class SqliteStore final : public Store {
public:
  SqliteStore(std::string path, sqlite::WriterLock lock, std::unique_ptr<sqlite::Database> db, Side side)
      : path_(std::move(path))
      , lock_(std::move(lock))
      , db_(std::move(db))
      , transaction_(*db_, side == Side::to ? sql::Access::write : sql::Access::read_at_once) {}

  Problem problem_of(const sql::Error& error) const override {
    return sqlite::problem_of(static_cast<const sqlite::Error&>(error), path_);
  }

  std::uint64_t count(const CopiedTable& table) override {
    return static_cast<std::uint64_t>(
        db_->value(fmt::format("SELECT count(*) FROM {}", table.name)).value_or(0));
  }

  void read(const CopiedTable& table, const std::function<void(Row)>& each) override {
    auto found = db_->query(fmt::format("SELECT {} FROM {}", names_of(table), table.name));
    while (found.step()) {
      Row row;
      for (int at = 0; at < static_cast<int>(table.columns.size()); ++at) {
        if (found.null(at))
          row.emplace_back();
        else if (table.columns[static_cast<std::size_t>(at)].kind == sql::Kind::integer)
          row.emplace_back(found.integer(at));
        else
          row.emplace_back(found.string(at));
      }
      each(std::move(row));
    }
  }

  void write(const CopiedTable& table, std::span<const Row> rows) override {
    std::string places = "?";
    for (std::size_t i = 1; i < table.columns.size(); ++i)
      places += ", ?";
    auto& statement =
        db_->prepare(fmt::format("INSERT INTO {} ({}) VALUES ({})", table.name, names_of(table), places));
    for (const auto& row : rows) {
      const sql::Query query(statement); // makes it ready for the next one
      for (std::size_t i = 0; i < row.size(); ++i)
        bind(statement, static_cast<int>(i) + 1, row[i], table.columns[i].kind);
      statement.step();
    }
  }

  std::int64_t highest_id(const CopiedTable& table) override {
    const auto given = db_->value("SELECT seq FROM sqlite_sequence WHERE name = ?", table.name).value_or(0);
    return std::max(given, db_->value(fmt::format("SELECT max(id) FROM {}", table.name)).value_or(0));
  }

  void go_on_after(const CopiedTable& table, std::int64_t id) override {
    const auto known =
        db_->change("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", id, table.name);
    const bool counts =
        db_->value("SELECT 1 FROM sqlite_master WHERE name = ? AND sql LIKE '%AUTOINCREMENT%'", table.name)
            .has_value();
    if (known == 0 && counts && id > 0)
      db_->change("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", table.name, id);
  }

  void commit() override { transaction_.commit(); }

private:
  static void bind(sql::Statement& statement, int at, const Value& value, sql::Kind kind) {
    if (const auto* number = std::get_if<std::int64_t>(&value))
      statement.bind(at, *number);
    else if (const auto* text = std::get_if<std::string>(&value))
      statement.bind(at, *text, kind);
    else
      statement.bind_null(at, kind);
  }

  std::string path_;
  sqlite::WriterLock lock_;
  std::unique_ptr<sqlite::Database> db_;
  sql::Transaction transaction_;
};

void check_place(sqlite::Database& db, const std::string& path, Side side) {
  const auto version = sqlite::version_of(db, path);
  const auto about = "ledger " + path;
  if (side == Side::from && version != sqlite::schema_version())
    throw sql::Refusal{
        {about, version == 0 ? "holds nothing" : "is of an older version",
         version == 0 ? "name the ledger that is to be copied" : "start the engine on it once"}};
  if (side == Side::from) return;
  if (version > 0 && db.value("SELECT count(*) FROM ledger") != 0)
    throw sql::Refusal{{about, "holds a ledger already", "name a file that does not exist yet"}};
  sqlite::migrate(db, version);
}

} // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& url, Side side) {
  const auto place = parse_url(url);
  if (!place) return tl::unexpected<Problem>(place.error());
  const auto path = sqlite::canonical(place->path);
  std::error_code ignored;
  if (side == Side::from && !std::filesystem::exists(path, ignored))
    return fail("ledger " + path, "does not exist", "name the ledger that is to be copied");
  auto lock = sqlite::WriterLock::take(path);
  if (!lock) return tl::unexpected<Problem>(lock.error());
  try {
    const int flags = SQLITE_OPEN_READWRITE | (side == Side::to ? SQLITE_OPEN_CREATE : 0);
    auto db = std::make_unique<sqlite::Database>(path, flags);
    check_place(*db, path, side);
    if (side == Side::to) db->value("PRAGMA journal_mode = WAL");
    return std::make_unique<SqliteStore>(path, std::move(*lock), std::move(db), side);
  } catch (const sqlite::Error& error) {
    return tl::unexpected<Problem>(sqlite::problem_of(error, path));
  } catch (const sql::Refusal& refusal) {
    return tl::unexpected<Problem>(refusal.problem);
  }
}

} // namespace dialogferry::ledger
