#include "json.hpp"

#include <dialogferry/cli/commands.hpp>

#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <future>
#include <ostream>

namespace dialogferry::cli {

namespace {

using engine::verify::ComparedDay;
using engine::verify::VerifyTask;
using ledger::Difference;
using ledger::DifferenceKind;
using ledger::VerifyMethod;

constexpr std::chrono::milliseconds look_every{100}; ///< for signals, and for the end
constexpr std::string_view searched_members = "id, createdAt, updatedAt, party, serviceResource, deletedAt";

// -- for people ----------------------------------------------------------------------

std::string_view words_of(VerifyMethod how) {
  switch (how) {
  case VerifyMethod::search: return "by search";
  case VerifyMethod::lookup: return "one by one";
  case VerifyMethod::sample: break;
  }
  return "a sample";
}

std::string numbers_of(const ledger::Verification& verification) {
  std::string text;
  const auto add = [&](std::uint64_t count, std::string_view name) {
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name);
  };
  add(verification.missing, "missing");
  add(verification.unexpected, "unexpected");
  add(verification.stale, "stale");
  add(verification.wrong, "wrong");
  if (text.empty()) return "no difference";
  if (verification.repaired > 0) text += fmt::format("; {} of them repaired", verification.repaired);
  return text;
}

std::string line_of(const Difference& difference) {
  auto line = fmt::format("  {:<10} {}", name_of(difference.kind), difference.record_id);
  if (difference.dialog != Uuid{}) line += fmt::format("  dialog {}", to_string(difference.dialog));
  if (!difference.member.empty()) line += fmt::format("  {}", difference.member);
  if (!difference.target.empty()) line += fmt::format(" is {}", difference.target);
  if (!difference.source.empty())
    line += difference.kind == DifferenceKind::missing ? fmt::format("  {}", difference.source)
                                                       : fmt::format(", must be {}", difference.source);
  return line + (difference.repaired ? "  repaired" : "");
}

void print(const Console& console, const ComparedDay& day) {
  const auto& verification = day.verification;
  if (day.problem) {
    console.out << fmt::format("{} {}  could not be compared", verification.row, to_string(verification.day))
                << std::endl;
    return;
  }
  console.out << fmt::format("{} {}  {}: {} records, {} dialogs, {} compared: {}\n", verification.row,
                             to_string(verification.day), words_of(verification.how), verification.source,
                             verification.target, verification.compared, numbers_of(verification));
  for (const auto& difference : verification.first)
    console.out << line_of(difference) << '\n';
  if (verification.differences() > verification.first.size())
    console.out << fmt::format("  and {} more\n", verification.differences() - verification.first.size());
  console.out.flush();
}

bool is_of_messages(const ComparedDay& day) {
  return day.verification.row.starts_with("a2-correspondence");
}

/// What was compared, and how.
void print_scope(const Console& console, const std::vector<ComparedDay>& days) {
  if (!days.empty() && is_of_messages(days.front())) {
    console.err << "message by message, in the archive, in Correspondence and in Dialogporten: that each has "
                   "it and knows the other; createdAt, updatedAt, party, serviceResource, deletedAt, label\n";
    return;
  }
  std::vector<std::string> apart;
  bool searched = false;
  for (const auto& day : days) {
    searched = searched || day.verification.how == VerifyMethod::search;
    for (const auto& name : day.not_searched)
      if (std::find(apart.begin(), apart.end(), name) == apart.end()) apart.push_back(name);
  }
  if (searched)
    console.err << fmt::format("by search: {} of all; the content of those that differ alone\n",
                               searched_members);
  if (!apart.empty())
    console.err << fmt::format(
        "one by one, with their content: {}. A search shows the dialogs of the token's own "
        "organisation alone, and so cannot tell what else is there\n",
        fmt::join(apart, ", "));
}

// -- for programs --------------------------------------------------------------------

std::string to_json(const Difference& difference) {
  return JsonObject()
      .text("kind", name_of(difference.kind))
      .text("record_id", difference.record_id)
      .text("dialog", to_string(difference.dialog))
      .text("member", difference.member)
      .text("source", difference.source)
      .text("target", difference.target)
      .raw("repaired", difference.repaired ? "true" : "false")
      .take();
}

std::string to_json(const ComparedDay& day) {
  const auto& verification = day.verification;
  std::string differences;
  for (const auto& difference : verification.first)
    differences.append(differences.empty() ? "" : ",\n   ").append(to_json(difference));
  std::string apart;
  for (const auto& name : day.not_searched)
    apart.append(apart.empty() ? "" : ", ").append(json_quoted(name));
  return JsonObject()
      .text("row", verification.row)
      .text("day", to_string(verification.day))
      .text("at", to_string(verification.at))
      .text("how", name_of(verification.how))
      .raw("not_searched", "[" + apart + "]")
      .raw("content", verification.how == VerifyMethod::search || is_of_messages(day) ? "false" : "true")
      .number("source", verification.source)
      .number("target", verification.target)
      .number("compared", verification.compared)
      .number("missing", verification.missing)
      .number("unexpected", verification.unexpected)
      .number("stale", verification.stale)
      .number("wrong", verification.wrong)
      .number("repaired", verification.repaired)
      .raw("problem", day.problem ? json_quoted(day.problem->member + " " + day.problem->message) : "null")
      .raw("differences", "[" + differences + "]")
      .take();
}

void print_json(const Console& console, const std::vector<ComparedDay>& days) {
  std::string list;
  for (const auto& day : days)
    list.append(list.empty() ? "" : ",\n ").append(to_json(day));
  console.out << "[" << list << "]\n";
}

// -- running -------------------------------------------------------------------------

/// Compares on another thread, so that this one hears signals: the first lets the day be finished, the second
/// ends at once.
Result<void> compare(const Console& console, const LoadedConfig& loaded, const VerifyTask& task,
                     const Runtime& runtime, const std::function<void(const ComparedDay&)>& each,
                     bool& stopped) {
  std::atomic<bool> stop{false};
  auto comparing = std::async(std::launch::async, [&] {
    return runtime.verify(loaded.config, task, [&](const ComparedDay& day) {
      each(day);
      return !stop;
    });
  });
  while (comparing.wait_for(std::chrono::milliseconds{0}) != std::future_status::ready) {
    if (!runtime.wait_signal(look_every)) continue;
    if (stop.exchange(true)) std::_Exit(Exit::stopped);
    console.err << "stopping after this day; once more ends at once" << std::endl;
  }
  stopped = stop;
  return comparing.get();
}

/// Names the day, and where it stands what to do.
Problem problem_of(const ComparedDay& day) {
  auto problem = *day.problem;
  problem.member =
      fmt::format("{} {}: {}", day.verification.row, to_string(day.verification.day), problem.member);
  if (problem.hint.empty())
    problem.hint = "docs/operations.md, \"A day cannot be compared\", says what to do";
  return problem;
}

Exit exit_of(const Console& console, const std::vector<ComparedDay>& days, bool stopped) {
  bool fails = false;
  bool differs = false;
  for (const auto& day : days) {
    if (day.problem) console.error(problem_of(day));
    fails = fails || day.problem.has_value();
    differs = differs || day.verification.differences() > day.verification.repaired;
  }
  if (stopped) return Exit::stopped;
  if (fails) return failed;
  return differs ? remains : done;
}

} // namespace

Exit verify(const Console& console, const VerifyOptions& options, const Runtime& runtime) {
  if (options.from > options.to) {
    console.error(fmt::format("--from {} is after --to {}", to_string(options.from), to_string(options.to)),
                  "both days are compared, and those between");
    return usage;
  }
  const auto loaded = load_or_explain(console, options.config);
  if (!loaded) return usage;
  auto wording = wording_or_explain(console, loaded->config.mapping.texts);
  if (!wording) return usage;
  const VerifyTask task{options.row,    options.from,   options.to,
                        options.repair, options.sample, std::move(*wording)};
  const bool as_json = options.format == "json";
  std::vector<ComparedDay> days;
  bool stopped = false;
  const auto each = [&](const ComparedDay& day) {
    days.push_back(day);
    if (!as_json) print(console, day);
  };
  const auto compared = compare(console, *loaded, task, runtime, each, stopped);
  if (as_json) print_json(console, days);
  if (!compared) return console.error(compared.error()), failed;
  print_scope(console, days);
  return exit_of(console, days, stopped);
}

} // namespace dialogferry::cli
