#include "sql_ledger.hpp"

#include <algorithm>

namespace dialogferry::ledger::sql {

namespace {

std::vector<Difference> differences_of(Database& db, std::string_view row_id, Day day) {
  auto row = db.query("SELECT kind, record_id, dialog, member, source, target, repaired FROM difference "
                      "WHERE row = ? AND day = ? ORDER BY position",
                      row_id, day);
  std::vector<Difference> differences;
  while (row.step())
    differences.push_back({static_cast<DifferenceKind>(row.integer(0)), row.string(1), row.uuids(2).at(0),
                           row.string(3), row.string(4), row.string(5), row.integer(6) != 0});
  return differences;
}

} // namespace

Result<void> SqlLedger::note_verification(const Verification& v) {
  return writing([&] {
    db_->change("DELETE FROM verification WHERE row = ? AND day = ?", v.row, v.day);
    db_->change("INSERT INTO verification (row, day, at, how, source, target, compared, missing, unexpected, "
                "stale, wrong, repaired) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                v.row, v.day, v.at, static_cast<int>(v.how), v.source, v.target, v.compared, v.missing,
                v.unexpected, v.stale, v.wrong, v.repaired);
    const auto kept = std::min(v.first.size(), Verification::differences_limit);
    for (std::size_t i = 0; i < kept; ++i) {
      const auto& d = v.first[i];
      db_->change(
          "INSERT INTO difference (row, day, position, kind, record_id, dialog, member, source, target, "
          "repaired) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          v.row, v.day, static_cast<std::int64_t>(i), static_cast<int>(d.kind), d.record_id,
          std::vector<Uuid>{d.dialog}, d.member, d.source, d.target, d.repaired ? 1 : 0);
    }
  });
}

Result<std::vector<Verification>> SqlLedger::verifications(std::string_view row, Day from, Day to) const {
  return reading([&] {
    auto found = db_->query("SELECT row, day, at, how, source, target, compared, missing, unexpected, stale, "
                            "wrong, repaired FROM verification WHERE row = ? AND day BETWEEN ? AND ? "
                            "ORDER BY day DESC",
                            row, from, to);
    std::vector<Verification> all;
    while (found.step()) {
      Verification v{found.string(0), found.day(1), found.instant(2),
                     static_cast<VerifyMethod>(found.integer(3))};
      v.source = found.number(4);
      v.target = found.number(5);
      v.compared = found.number(6);
      v.missing = found.number(7);
      v.unexpected = found.number(8);
      v.stale = found.number(9);
      v.wrong = found.number(10);
      v.repaired = found.number(11);
      v.first = differences_of(*db_, row, v.day);
      all.push_back(std::move(v));
    }
    return all;
  });
}

} // namespace dialogferry::ledger::sql
