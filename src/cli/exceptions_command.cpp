#include "json.hpp"

#include <dialogferry/cli/commands.hpp>
#include <dialogferry/ledger/ledger.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>

namespace dialogferry::cli {

namespace {

using ledger::Exception;
using ledger::ExceptionFilter;
using ledger::ExceptionState;
using ledger::Ledger;
using ledger::OpenMode;

constexpr std::array all_states = {ExceptionState::open, ExceptionState::retrying, ExceptionState::resolved,
                                   ExceptionState::dismissed};

/// Runs `act` with the ledger of the configuration; a problem on the way there, or of `act`, is told.
Exit with_ledger(const Console& console, const ConfigOptions& options, OpenMode mode,
                 const std::function<Result<Exit>(Ledger&)>& act) {
  const auto loaded = load_or_explain(console, options);
  if (!loaded) return usage;
  auto opened =
      ledger::open(loaded->config.ledger.url, name_of(loaded->config.environment), mode, system_now());
  const auto ended = opened.and_then([&](std::unique_ptr<Ledger>& ledger) { return act(*ledger); });
  if (ended) return *ended;
  console.error(ended.error());
  return failed;
}

std::string to_json(const Exception& exception) {
  const auto problem = JsonObject()
                           .text("member", exception.problem.member)
                           .text("message", exception.problem.message)
                           .text("hint", exception.problem.hint)
                           .take();
  return JsonObject()
      .number("id", exception.id)
      .text("row", exception.row)
      .text("stage", exception.stage)
      .text("day", dialogferry::to_string(exception.day))
      .text("organisation", exception.organisation)
      .text("record_id", exception.record_id)
      .text("last_changed", dialogferry::to_string(exception.last_changed))
      .raw("problem", problem)
      .number("http_status", exception.http_status)
      .number("attempts", exception.attempts)
      .text("first_at", dialogferry::to_string(exception.first_at))
      .text("last_at", dialogferry::to_string(exception.last_at))
      .text("state", name_of(exception.state))
      .text("closed_reason", exception.closed_reason)
      .text("closed_by", exception.closed_by)
      .text("body_excerpt", exception.body_excerpt)
      .take();
}

// -- tables ---------------------------------------------------------------------

using Cells = std::vector<std::string>;

Cells cells(const Exception& exception) {
  return {std::to_string(exception.id),
          exception.row,
          dialogferry::to_string(exception.day),
          exception.organisation,
          exception.record_id,
          std::string(name_of(exception.state)),
          std::to_string(exception.attempts),
          exception.http_status == 0 ? "" : std::to_string(exception.http_status),
          fmt::format("{} {}", exception.problem.member, exception.problem.message)};
}

/// Columns as wide as their widest cell, the last one as it is.
void print_table(std::ostream& out, const std::vector<Cells>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], row[i].size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i)
      out << fmt::format("{:<{}}  ", row[i], widths[i]);
    out << row.back() << '\n';
  }
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text)
    quoted.append(c == '"' ? 2 : 1, c);
  return quoted + "\"";
}

const Cells column_names = {"id",    "row",      "day",         "organisation", "record_id",
                            "state", "attempts", "http_status", "problem"};

void print_csv(std::ostream& out, const Cells& row) {
  for (std::size_t i = 0; i < row.size(); ++i)
    out << (i > 0 ? "," : "") << csv_cell(row[i]);
  out << '\n';
}

std::string shouted(std::string text) {
  for (auto& c : text)
    c = c == '_' ? ' ' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

Result<std::vector<ExceptionState>> states_of(const std::vector<std::string>& names) {
  std::vector<ExceptionState> states;
  for (const auto& name : names) {
    if (name == "all") return std::vector<ExceptionState>(all_states.begin(), all_states.end());
    const auto found = std::find_if(all_states.begin(), all_states.end(),
                                    [&](ExceptionState state) { return name_of(state) == name; });
    if (found == all_states.end())
      return fail("--state",
                  fmt::format("is {}, but must be open, retrying, resolved, dismissed or all", name));
    states.push_back(*found);
  }
  return states;
}

} // namespace

Exit exceptions_list(const Console& console, const ExceptionsListOptions& options) {
  const auto states = states_of(options.states);
  if (!states) return console.error(states.error()), usage;
  return with_ledger(console, options.config, OpenMode::read_only, [&](Ledger& ledger) -> Result<Exit> {
    ExceptionFilter filter;
    filter.row = options.row;
    filter.day = options.day;
    filter.cause = options.cause;
    filter.states = *states;
    filter.limit = options.limit;
    const auto found = ledger.exceptions(filter);
    if (!found) return tl::unexpected(found.error());
    if (options.json) {
      std::string list;
      for (const auto& exception : *found)
        list.append(list.empty() ? "" : ",\n ").append(to_json(exception));
      console.out << "[" << list << "]\n";
      return done;
    }
    if (found->empty()) return console.err << "no exceptions\n", done;
    std::vector<Cells> rows = {{}};
    for (const auto& name : column_names)
      rows[0].push_back(shouted(name));
    for (const auto& exception : *found)
      rows.push_back(cells(exception));
    print_table(console.out, rows);
    if (found->size() == options.limit)
      console.err << fmt::format("the first {}; --limit shows more\n", options.limit);
    return done;
  });
}

Exit exceptions_show(const Console& console, const ExceptionsShowOptions& options) {
  return with_ledger(console, options.config, OpenMode::read_only, [&](Ledger& ledger) -> Result<Exit> {
    const auto found = ledger.exception(options.id);
    if (!found) return tl::unexpected(found.error());
    if (!*found)
      return fail("", fmt::format("there is no exception {}", options.id),
                  "`dialogferry exceptions list` shows those there are");
    const auto& exception = **found;
    if (options.json) return console.out << to_json(exception) << '\n', done;
    const auto line = [&](std::string_view name, std::string_view value) {
      if (!value.empty()) console.out << fmt::format("{:<13} {}\n", name, value);
    };
    line("exception", std::to_string(exception.id));
    line("state", name_of(exception.state));
    line("record", exception.record_id);
    line("row", fmt::format("{}, {}", exception.row, exception.stage));
    line("day", dialogferry::to_string(exception.day));
    line("organisation", exception.organisation);
    line("last changed", dialogferry::to_string(exception.last_changed));
    line("problem", fmt::format("{} {}", exception.problem.member, exception.problem.message));
    line("hint", exception.problem.hint);
    line("HTTP status", exception.http_status == 0 ? "" : std::to_string(exception.http_status));
    line("attempts",
         fmt::format("{}, first {}, last {}", exception.attempts, dialogferry::to_string(exception.first_at),
                     dialogferry::to_string(exception.last_at)));
    line("dismissed by", exception.closed_by);
    line("because", exception.closed_reason);
    line("answer", exception.body_excerpt);
    return done;
  });
}

Exit exceptions_retry(const Console& console, const ExceptionsRetryOptions& options) {
  return with_ledger(console, options.config, OpenMode::tool, [&](Ledger& ledger) -> Result<Exit> {
    ledger::RetryMarks marks;
    if (!options.ids.empty()) {
      const auto marked = ledger.retry(options.ids, system_now());
      if (!marked) return tl::unexpected(marked.error());
      marks.exceptions = *marked;
    }
    for (const auto id : row_ids) {
      if (!options.ids.empty() || (options.row && *options.row != id)) continue;
      const auto marked = ledger.retry(id, options.day, system_now());
      if (!marked) return tl::unexpected(marked.error());
      marks.exceptions += marked->exceptions;
      marks.shards += marked->shards;
    }
    const auto count = [](std::uint64_t number, std::string_view name) {
      return fmt::format("{} {}{}", number, name, number == 1 ? "" : "s");
    };
    console.out << fmt::format("{} and {} will be tried again\n", count(marks.exceptions, "exception"),
                               count(marks.shards, "parked shard"));
    if (marks.exceptions + marks.shards > 0)
      console.err << "a running engine takes them up by itself, one that is not running at its next start\n";
    return done;
  });
}

Exit exceptions_dismiss(const Console& console, const ExceptionsDismissOptions& options) {
  return with_ledger(console, options.config, OpenMode::tool, [&](Ledger& ledger) -> Result<Exit> {
    const auto dismissed = ledger.dismiss(options.id, options.reason, options.who, system_now());
    if (!dismissed) return tl::unexpected(dismissed.error());
    console.out << fmt::format("exception {} is dismissed\n", options.id);
    return done;
  });
}

Exit exceptions_export(const Console& console, const ExceptionsExportOptions& options) {
  return with_ledger(console, options.config, OpenMode::read_only, [&](Ledger& ledger) -> Result<Exit> {
    const bool csv = options.format == "csv";
    if (csv) print_csv(console.out, column_names);
    ExceptionFilter filter;
    for (filter.limit = 1000;;) {
      const auto page = ledger.exceptions(filter);
      if (!page) return tl::unexpected(page.error());
      for (const auto& exception : *page) {
        if (csv)
          print_csv(console.out, cells(exception));
        else
          console.out << to_json(exception) << '\n';
        filter.after = exception.id;
      }
      if (page->size() < filter.limit) return done;
    }
  });
}

} // namespace dialogferry::cli
