#include "message_ferry.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace dialogferry::system {

std::string message_rows(const Days& days, const std::string& settings) {
  return fmt::format("[rows.{}]\nfrom = {}\ncutover = {}\npark_cooldown = \"2s\"\n{}\n", message_row,
                     days.from, days.to, settings);
}

std::string live_message_rows(const Days& days, const std::string& settings) {
  return message_rows(days, settings) + fmt::format("[rows.{}]\ninterval = \"1s\"\n", live_message_row);
}

std::vector<std::string> archive_of(const Days& days, int per_day, const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {"--days",
                                        fmt::format("{}..{}", days.from, days.to),
                                        "--per-day",
                                        "0",
                                        "--organisations",
                                        "2",
                                        "--messages-per-day",
                                        std::to_string(per_day)};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

namespace {

json::value row_of(Platform& platform, std::string_view id) {
  const auto audit = platform.get("/_sim/audit");
  for (const auto& row : audit.at("rows").as_array())
    if (row.at("id").as_string() == json::string_view(id.data(), id.size())) return row;
  throw std::runtime_error("the audit names no row " + std::string(id));
}

} // namespace

std::uint64_t audited(Platform& platform, std::string_view id, std::string_view member) {
  return row_of(platform, id).at(json::string_view(member.data(), member.size())).to_number<std::uint64_t>();
}

json::value order_messages(Platform& platform, std::string_view order) {
  const auto answer =
      platform.request("POST", "/_sim/archive", json::parse(json::string_view(order.data(), order.size())));
  if (answer.status / 100 != 2) throw std::runtime_error("/_sim/archive: " + answer.body);
  return json::parse(answer.body);
}

bool jobs_are_done(Platform& platform) {
  return platform.get("/_sim/correspondence").at("jobs").at("open").to_number<std::uint64_t>() == 0;
}

std::string message_faults(Platform& platform, std::string_view id) {
  std::string found;
  const auto row = row_of(platform, id);
  for (const auto* member :
       {"missing", "doubled", "stale", "wrong", "stranded", "wrongly_labelled", "orphaned_attachments"}) {
    if (const auto count = row.at(member).to_number<std::uint64_t>(); count > 0)
      found +=
          fmt::format("{} {}: {}\n", count, member, json::serialize(row.at(fmt::format("{}_ids", member))));
  }
  return found;
}

std::string message_disagreement(Platform& platform, const Ferry& ferry, std::string_view id) {
  return message_faults(platform, id) + disagreement(platform, ferry, id);
}

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const auto* text = std::getenv(name);
  return text == nullptr ? otherwise : std::stoull(text);
}

bool eventually(const std::function<bool()>& done, std::chrono::milliseconds within,
                std::chrono::milliseconds every) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(every);
  }
  return true;
}

} // namespace dialogferry::system
