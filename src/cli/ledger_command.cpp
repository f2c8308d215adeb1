#include "json.hpp"

#include <dialogferry/cli/commands.hpp>
#include <dialogferry/ledger/copy.hpp>

#include <fmt/format.h>

#include <chrono>
#include <ostream>

namespace dialogferry::cli {

namespace {

using std::chrono::steady_clock;

/// Says how far it is: each table when it is done, a large one now and then.
class Display {
public:
  explicit Display(std::ostream& out)
      : out_(out) {}

  void operator()(std::string_view table, std::uint64_t done, std::uint64_t all) {
    const auto now = steady_clock::now();
    if (done < all && now < next_) return;
    next_ = now + std::chrono::seconds{2};
    out_ << fmt::format("{}: {} of {}\n", table, done, all) << std::flush;
  }

private:
  std::ostream& out_;
  steady_clock::time_point next_ = steady_clock::now() + std::chrono::seconds{2};
};

void print_text(std::ostream& out, const std::vector<ledger::TableCount>& counts) {
  out << fmt::format("{:<14}{:>14}{:>14}\n", "table", "rows", "copied");
  for (const auto& count : counts)
    out << fmt::format("{:<14}{:>14}{:>14}\n", count.table, count.from, count.to);
}

void print_json(std::ostream& out, const std::vector<ledger::TableCount>& counts) {
  std::string tables;
  for (const auto& count : counts)
    tables.append(tables.empty() ? "" : ", ")
        .append(
            JsonObject().text("table", count.table).number("from", count.from).number("to", count.to).take());
  out << "{\"tables\": [" << tables << "]}\n";
}

} // namespace

Exit ledger_copy(const Console& console, const LedgerCopyOptions& options) {
  ledger::CopyProgress progress;
  if (options.progress) progress = Display(console.err);
  const auto counts = ledger::copy(options.from, options.to, progress);
  if (!counts) return console.error(counts.error()), failed;
  options.json ? print_json(console.out, *counts) : print_text(console.out, *counts);
  return done;
}

} // namespace dialogferry::cli
