#include "audit.hpp"

#include "json.hpp"

#include <dialogferry/cli/progress.hpp>
#include <dialogferry/status/render.hpp>

#include <fmt/format.h>
#include <simdjson.h>

namespace dialogferry::cli {

namespace {

namespace dom = simdjson::dom;

AuditRow read_row(const dom::element& element) {
  AuditRow row;
  row.id = std::string(std::string_view(element["id"]));
  const auto number = [&](const char* name) { return std::uint64_t(element[name]); };
  row.expected = number("expected");
  row.excluded = number("excluded");
  row.failed = number("failed");
  row.present = number("present");
  row.missing = number("missing");
  row.doubled = number("doubled");
  row.stale = number("stale");
  row.wrong = number("wrong");
  if (std::uint64_t leftover = 0; element["leftover"].get(leftover) == simdjson::SUCCESS)
    row.leftover = leftover;
  for (const auto* list : {"missing", "doubled", "stale", "wrong"}) {
    dom::array ids;
    if (element[fmt::format("{}_ids", list)].get(ids) != simdjson::SUCCESS) continue;
    for (const std::string_view id : ids)
      row.examples.push_back(fmt::format("{}: {}", list, id));
  }
  return row;
}

std::string plural(std::uint64_t count, std::string_view what) {
  return fmt::format("{} {}{}", grouped(count), what, count == 1 ? "" : "s");
}

} // namespace

Result<std::vector<AuditRow>> read_audit(const std::string& json) {
  try {
    dom::parser parser;
    const dom::element root = parser.parse(json);
    std::vector<AuditRow> rows;
    for (const dom::element row : dom::array(root["rows"]))
      rows.push_back(read_row(row));
    return rows;
  } catch (const simdjson::simdjson_error& error) {
    return fail("/_sim/audit", fmt::format("is no audit: {}", error.what()));
  }
}

std::vector<std::string> faults(const AuditRow& audit, const LedgerRow& ledger, Counting counting) {
  std::vector<std::string> found;
  const auto none = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) found.push_back(fmt::format("{} {}", plural(count, "dialog"), what));
  };
  none(audit.missing, "missing");
  none(audit.doubled, "doubled");
  none(audit.stale, "stale");
  none(audit.wrong, "wrong");
  if (counting == Counting::at_least && ledger.counts.read() < audit.records())
    found.push_back(fmt::format("{} records at the source, only {} in the ledger", grouped(audit.records()),
                                grouped(ledger.counts.read())));
  const auto equal = [&](std::uint64_t source, std::uint64_t counted, std::string_view what) {
    if (source != counted)
      found.push_back(
          fmt::format("{} {} at the source, {} in the ledger", grouped(source), what, grouped(counted)));
  };
  if (counting == Counting::exact) {
    equal(audit.records(), ledger.counts.read(), "records");
    equal(audit.excluded, ledger.counts[Outcome::excluded], "records to be excluded");
  }
  // A message of history that cannot be carried and changes later is an exception of both its rows.
  const bool counts_once = counting != Counting::changes || ledger.exceptions < audit.failed;
  if (counts_once) equal(audit.failed, ledger.counts[Outcome::failed], "records that cannot be carried");
  if (counts_once) equal(audit.failed, ledger.exceptions, "exceptions");
  equal(0, ledger.counts[Outcome::deferred], "records deferred");
  return found;
}

namespace {

/// `240 records: 232 that must have dialogs, 5 that must not, 3 that cannot be carried`
std::string at_source(const AuditRow& audit) {
  auto text =
      fmt::format("{}: {} must have dialogs", plural(audit.records(), "record"), grouped(audit.expected));
  if (audit.excluded > 0) text += fmt::format(", {} must not", grouped(audit.excluded));
  if (audit.failed > 0) text += fmt::format(", {} cannot be carried", grouped(audit.failed));
  return text;
}

std::string in_ledger(const LedgerRow& ledger, Counting counting) {
  const auto failed = ledger.counts[Outcome::failed], excluded = ledger.counts[Outcome::excluded];
  const auto deferred = ledger.counts[Outcome::deferred];
  const auto carried = ledger.counts.read() - failed - excluded - deferred;
  const bool changes = counting == Counting::changes;
  auto text = fmt::format("{}: {} carried", plural(ledger.counts.read(), changes ? "change" : "record"),
                          grouped(carried));
  if (excluded > 0) text += fmt::format(", {} not to be carried", grouped(excluded));
  if (failed > 0) text += fmt::format(", {} exceptions", grouped(failed));
  if (deferred > 0) text += fmt::format(", {} waiting", grouped(deferred));
  if (changes) text += " (a record counts each time it changes)";
  if (counting == Counting::at_least) text += " (with those that changed meanwhile)";
  return text;
}

std::string at_target(const AuditRow& audit) {
  auto text = fmt::format("{} of {}", grouped(audit.present), plural(audit.expected, "dialog"));
  std::string wrong;
  const auto add = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) wrong += fmt::format(", {} {}", grouped(count), what);
  };
  add(audit.missing, "missing");
  add(audit.doubled, "doubled");
  add(audit.stale, "stale");
  add(audit.wrong, "wrong");
  return text + (wrong.empty() ? ", none of them doubled, stale or wrong" : wrong);
}

} // namespace

std::string audit_text(const AuditRow& audit, const LedgerRow& ledger, Counting counting) {
  const auto name = status::row_name(status::Language::en, audit.id);
  auto text =
      fmt::format("{} {} [{}]\n", faults(audit, ledger, counting).empty() ? "✔" : "⚠", name, audit.id);
  if (!ledger.standing.empty()) text += fmt::format("    {}\n", ledger.standing);
  text += fmt::format("    at the source     {}\n", at_source(audit));
  text += fmt::format("    counted here      {}\n", in_ledger(ledger, counting));
  text += fmt::format("    in Dialogporten   {}\n", at_target(audit));
  for (const auto& example : audit.examples)
    text += fmt::format("      {}\n", example);
  return text;
}

std::string audit_json(const AuditRow& audit, const LedgerRow& ledger, Counting counting) {
  std::string sentences;
  for (const auto& fault : faults(audit, ledger, counting))
    sentences.append(sentences.empty() ? "" : ", ").append(json_quoted(fault));
  JsonObject counted;
  counted.number("read", ledger.counts.read());
  for (std::size_t i = 0; i < outcome_count; ++i)
    counted.number(name_of(static_cast<Outcome>(i)), ledger.counts.of[i]);
  return JsonObject()
      .text("id", audit.id)
      .number("expected", audit.expected)
      .number("excluded", audit.excluded)
      .number("failed", audit.failed)
      .number("present", audit.present)
      .number("missing", audit.missing)
      .number("doubled", audit.doubled)
      .number("stale", audit.stale)
      .number("wrong", audit.wrong)
      .raw("ledger", counted.take())
      .raw("faults", "[" + sentences + "]")
      .take();
}

} // namespace dialogferry::cli
