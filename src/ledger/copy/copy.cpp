#include "../url.hpp"
#include "store.hpp"

#include <dialogferry/ledger/copy.hpp>

#include <fmt/format.h>

namespace dialogferry::ledger {

namespace {

constexpr std::size_t rows_at_a_time = 2'000;

Result<std::unique_ptr<Store>> open_store(const std::string& url, Side side) {
  return is_postgres(url) ? open_postgres_store(url, side) : open_sqlite_store(url, side);
}

/// From one side to the other, table by table.
class Copying {
public:
  Copying(Store& from, Store& to, const CopyProgress& progress)
      : from_(from)
      , to_(to)
      , progress_(progress) {}

  std::vector<TableCount> all() {
    std::vector<TableCount> counts;
    for (const auto& table : copied_tables())
      counts.push_back(one(table));
    at(to_).commit();
    return counts;
  }

  /// What an Error means, to the side that was at work.
  Problem problem_of(const sql::Error& error) const { return at_->problem_of(error); }

private:
  Store& at(Store& side) {
    at_ = &side;
    return side;
  }

  TableCount one(const CopiedTable& table) {
    TableCount count{std::string(table.name), at(from_).count(table)};
    std::uint64_t done = 0;
    std::vector<Row> rows;
    const auto flush = [&] {
      at(to_).write(table, rows);
      at(from_);
      done += rows.size();
      rows.clear();
      if (progress_) progress_(table.name, done, count.from);
    };
    at(from_).read(table, [&](Row row) {
      rows.push_back(std::move(row));
      if (rows.size() == rows_at_a_time) flush();
    });
    if (!rows.empty()) flush();
    if (table.has_id) {
      const auto highest = at(from_).highest_id(table);
      at(to_).go_on_after(table, highest);
    }
    count.to = at(to_).count(table);
    if (count.from != count.to)
      throw sql::Refusal{{"table " + count.table,
                          fmt::format("has {} rows, its copy {}", count.from, count.to),
                          "nothing was copied; try again"}};
    return count;
  }

  Store& from_;
  Store& to_;
  const CopyProgress& progress_;
  Store* at_ = &from_;
};

} // namespace

Result<std::vector<TableCount>> copy(const std::string& from, const std::string& to,
                                     const CopyProgress& progress) {
  const auto source = open_store(from, Side::from);
  if (!source) return tl::unexpected<Problem>(source.error());
  const auto target = open_store(to, Side::to);
  if (!target) return tl::unexpected<Problem>(target.error());
  Copying copying(**source, **target, progress);
  try {
    return copying.all();
  } catch (const sql::Error& error) {
    return tl::unexpected<Problem>(copying.problem_of(error));
  } catch (const sql::Refusal& refusal) {
    return tl::unexpected<Problem>(refusal.problem);
  }
}

} // namespace dialogferry::ledger
