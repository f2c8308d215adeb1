#include "values.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace dialogferry::cli {

namespace {

bool all_of_them(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

constexpr std::string_view lower_digits_dash = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::string_view host_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:[]";

bool is_port(std::string_view text) {
  int port = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port >= 0 && port <= 65535;
}

bool is_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  return colon != std::string_view::npos && all_of_them(text.substr(0, colon), host_characters) &&
         is_port(text.substr(colon + 1));
}

bool is_url(std::string_view text) {
  const auto rest = text.starts_with("https://")  ? text.substr(8)
                    : text.starts_with("http://") ? text.substr(7)
                                                  : std::string_view{};
  const auto host = rest.substr(0, rest.find('/'));
  if (!all_of_them(host, host_characters)) return false;
  if (const auto colon = host.rfind(':'); colon != std::string_view::npos && host.back() != ']')
    if (!is_port(host.substr(colon + 1))) return false;
  return std::none_of(rest.begin(), rest.end(), [](char c) { return c == '?' || c == '#' || c <= ' '; });
}

} // namespace

bool has_form(Form form, std::string_view text) {
  switch (form) {
  case Form::any: return true;
  case Form::word:
  case Form::file:
  case Form::optional_file: return !text.empty();
  case Form::host: return all_of_them(text, host_characters);
  case Form::listen: return is_listen(text);
  case Form::url: return is_url(text);
  case Form::archive_url: return is_url(text) || (text.starts_with("file:") && text.size() > 5);
  case Form::ledger_url:
    return (text.starts_with("sqlite:") && text.size() > 7) ||
           (text.starts_with("postgresql://") && text.size() > 13);
  case Form::organisation: return all_of_them(text, lower_digits_dash);
  case Form::organisation_number: return text.size() == 9 && all_of_them(text, "0123456789");
  case Form::row: return std::find(row_ids.begin(), row_ids.end(), text) != row_ids.end();
  }
  return false;
}

std::string_view name_of(Form form) {
  switch (form) {
  case Form::any: return "a text";
  case Form::word: return "a text that is not empty";
  case Form::host: return "a host name such as \"apps.tt02.altinn.no\"";
  case Form::listen: return "an address and a port such as \"127.0.0.1:8080\"";
  case Form::url:
  case Form::archive_url: return "an http:// or https:// URL without a query";
  case Form::ledger_url: return "\"sqlite:FILE\" or \"postgresql://USER@HOST/DATABASE\"";
  case Form::file:
  case Form::optional_file: return "the path of a file";
  case Form::organisation: return "a service owner code such as \"ttd\"";
  case Form::organisation_number: return "an organisation number such as \"991825827\"";
  case Form::row: return "the id of a row such as \"a3-app-instances-historic\"";
  }
  return "a text";
}

std::string duration_text(std::chrono::milliseconds duration) {
  struct Unit {
    std::int64_t milliseconds;
    std::string_view name;
  };
  constexpr std::array<Unit, 4> units = {{{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1'000, "s"}}};
  const auto count = duration.count();
  for (const auto& unit : units)
    if (count != 0 && count % unit.milliseconds == 0)
      return std::to_string(count / unit.milliseconds).append(unit.name);
  return count == 0 ? "0s" : std::to_string(count).append("ms");
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count < 0 || count > 1'000'000'000) return std::nullopt;
  const auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit == "ms") return std::chrono::milliseconds{count};
  if (unit == "s") return std::chrono::seconds{count};
  if (unit == "m") return std::chrono::minutes{count};
  if (unit == "h") return std::chrono::hours{count};
  if (unit == "d") return std::chrono::hours{24 * count};
  return std::nullopt;
}

} // namespace dialogferry::cli
