#include "json.hpp"

#include <dialogferry/cli/commands.hpp>

#include <fmt/format.h>

#include <ostream>

namespace dialogferry::cli {

namespace {

using engine::Exchange;
using engine::Explanation;

constexpr std::size_t longest_body = 1'500; ///< of what people are shown; --json has all of it

// -- for people -------------------------------------------------------------------

/// A body, cut between characters where it is long.
std::string shown(const std::string& body) {
  if (body.size() <= longest_body) return body;
  auto end = longest_body;
  while (end > 0 && (static_cast<unsigned char>(body[end]) & 0xC0U) == 0x80U)
    --end;
  return fmt::format("{}… ({} more bytes, all of them with --json)", body.substr(0, end), body.size() - end);
}

void print(std::ostream& out, const Exchange& exchange) {
  out << "  " << exchange.api << ": " << exchange.request;
  if (exchange.status != 0) out << " → " << exchange.status;
  if (!exchange.problem.empty()) out << " → no answer: " << exchange.problem;
  out << '\n';
  if (!exchange.body.empty()) out << "    " << shown(exchange.body) << '\n';
}

void print(std::ostream& out, std::string_view heading, const std::vector<Exchange>& exchanges,
           std::string_view none) {
  out << '\n' << heading << '\n';
  for (const auto& exchange : exchanges)
    print(out, exchange);
  if (exchanges.empty()) out << "  " << none << '\n';
}

void print_answers(std::ostream& out, const Explanation& told) {
  out << "\nWhat came of it so far\n";
  for (const auto& exception : told.exceptions) {
    out << fmt::format("  exception {} ({}): {} {}", exception.id, name_of(exception.state),
                       exception.problem.member, exception.problem.message);
    if (exception.http_status != 0) out << fmt::format(" (HTTP {})", exception.http_status);
    out << fmt::format("; {} attempts, the last {}\n", exception.attempts,
                       dialogferry::to_string(exception.last_at));
    if (!exception.problem.hint.empty()) out << "    hint: " << exception.problem.hint << '\n';
    if (!exception.body_excerpt.empty()) out << "    " << exception.body_excerpt << '\n';
  }
  for (const auto& wake_up : told.waiting) {
    out << fmt::format("  is looked at again {}", dialogferry::to_string(wake_up.due));
    if (!wake_up.api.empty()) out << fmt::format(", waits for {} ({})", wake_up.api, wake_up.why);
    out << '\n';
  }
  if (told.exceptions.empty() && told.waiting.empty())
    out << "  the ledger keeps nothing of it: it was carried, or has not been come to\n";
}

void print_text(std::ostream& out, const Explanation& told) {
  out << told.record_id << " of " << told.row << '\n';
  print(out, "What the source has", told.source, "nothing was read");
  out << "\nWhat the mapping makes of it\n  "
      << (told.mapping.empty() ? "nothing: the source did not show the record" : shown(told.mapping)) << '\n';
  print(out, "What would be sent now", told.requests, "nothing");
  print_answers(out, told);
  print(out, "What the target has", told.target, "nothing was looked for");
}

// -- for programs -------------------------------------------------------------------

std::string to_json(const Exchange& exchange) {
  JsonObject json;
  json.text("api", exchange.api).text("request", exchange.request);
  if (exchange.status != 0) json.number("status", exchange.status);
  if (!exchange.problem.empty()) json.text("problem", exchange.problem);
  json.text("body", exchange.body);
  return json.take();
}

template <class Items, class Write>
std::string list_of(const Items& items, Write write) {
  std::string text;
  for (const auto& item : items)
    text.append(text.empty() ? "" : ", ").append(write(item));
  return "[" + text + "]";
}

std::string list_of(const std::vector<Exchange>& exchanges) {
  return list_of(exchanges, [](const Exchange& exchange) { return to_json(exchange); });
}

std::string to_json(const ledger::Exception& exception) {
  return JsonObject()
      .number("id", exception.id)
      .text("state", name_of(exception.state))
      .text("stage", exception.stage)
      .text("member", exception.problem.member)
      .text("message", exception.problem.message)
      .number("http_status", exception.http_status)
      .number("attempts", exception.attempts)
      .text("last_at", dialogferry::to_string(exception.last_at))
      .text("body_excerpt", exception.body_excerpt)
      .take();
}

std::string to_json(const ledger::WakeUp& wake_up) {
  return JsonObject()
      .text("due", dialogferry::to_string(wake_up.due))
      .text("stage", wake_up.stage)
      .text("api", wake_up.api)
      .text("why", wake_up.why)
      .take();
}

void print_json(std::ostream& out, const Explanation& told) {
  out << JsonObject()
             .text("row", told.row)
             .text("record_id", told.record_id)
             .raw("source", list_of(told.source))
             .raw("mapping", told.mapping.empty() ? "null" : told.mapping)
             .raw("requests", list_of(told.requests))
             .raw("exceptions",
                  list_of(told.exceptions, [](const auto& exception) { return to_json(exception); }))
             .raw("waiting", list_of(told.waiting, [](const auto& wake_up) { return to_json(wake_up); }))
             .raw("target", list_of(told.target))
             .take()
      << '\n';
}

} // namespace

Exit explain(const Console& console, const ExplainOptions& options, const Runtime& runtime) {
  const auto loaded = load_or_explain(console, options.config);
  if (!loaded) return usage;
  const auto wording = wording_or_explain(console, loaded->config.mapping.texts);
  if (!wording) return usage;
  const auto told = runtime.explain(loaded->config, *wording, options.row, options.id);
  if (!told) return console.error(told.error()), failed;
  options.json ? print_json(console.out, *told) : print_text(console.out, *told);
  return told->is_mapped ? done : remains;
}

} // namespace dialogferry::cli
