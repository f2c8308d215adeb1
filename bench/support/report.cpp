#include "report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace bench {

namespace {

/// Digits in groups of three, for people.
std::string grouped(std::string digits) {
  const auto begin = digits.find_first_of("0123456789");
  const auto end = std::min(digits.find('.'), digits.size());
  for (auto at = end; at > begin + 3; at -= 3)
    digits.insert(at - 3, " ");
  return digits;
}

} // namespace

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out += '"';
}

Report& Report::number(std::string_view name, double value, int decimals) {
  auto digits = fmt::format("{:.{}f}", value, decimals);
  const bool finite = std::isfinite(value);
  members_.push_back({std::string(name), finite ? grouped(digits) : "-", finite ? digits : "null"});
  return *this;
}

Report& Report::text(std::string_view name, std::string_view value) {
  members_.push_back({std::string(name), std::string(value), quoted(value)});
  return *this;
}

Report& Report::list(std::string_view name, std::vector<Report> parts) {
  lists_.emplace_back(name, std::move(parts));
  return *this;
}

std::string Report::as_json() const {
  std::string out;
  for (const auto& member : members_)
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", quoted(member.name), member.json);
  for (const auto& [name, parts] : lists_) {
    out += fmt::format("{}{}: [", out.empty() ? "" : ", ", quoted(name));
    for (std::size_t i = 0; i < parts.size(); ++i)
      out += (i > 0 ? ", " : "") + parts[i].as_json();
    out += "]";
  }
  return "{" + out + "}";
}

std::string Report::as_text() const {
  std::string out;
  std::size_t widest = 0;
  for (const auto& member : members_)
    widest = std::max(widest, member.name.size());
  for (const auto& member : members_)
    out += fmt::format("  {:<{}}  {}\n", member.name, widest, member.shown);
  for (const auto& [name, parts] : lists_) {
    if (parts.empty()) continue;
    const auto& columns = parts.front().members_;
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      std::size_t width = columns[i].name.size();
      for (const auto& part : parts)
        width = std::max(width, part.members_[i].shown.size());
      widths.push_back(width);
    }
    for (std::size_t i = 0; i < columns.size(); ++i)
      out += fmt::format("  {:>{}}", columns[i].name, widths[i]);
    out += '\n';
    for (const auto& part : parts) {
      for (std::size_t i = 0; i < columns.size(); ++i)
        out += fmt::format("  {:>{}}", part.members_[i].shown, widths[i]);
      out += '\n';
    }
  }
  return out;
}

void Report::print(std::string_view benchmark, bool json) const {
  if (json) {
    const auto members = as_json();
    fmt::print("{{\"benchmark\": {}, {}\n", quoted(benchmark), members.substr(1));
  } else {
    fmt::print("{}\n{}\n", benchmark, as_text());
  }
  std::fflush(stdout);
}

} // namespace bench
