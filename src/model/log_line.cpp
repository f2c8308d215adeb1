#include <dialogferry/model/log_line.hpp>
#include <dialogferry/model/masking.hpp>

#include <algorithm>

namespace dialogferry {

namespace {

constexpr char separator = '\x1f'; ///< "unit separator": stands in no text of ours

} // namespace

LogLine& LogLine::field(std::string_view name, std::string_view value) {
  if (value.empty()) return *this;
  auto masked = mask_identities(value);
  std::replace(masked.begin(), masked.end(), separator, ' ');
  text_.append(1, separator).append(name).append(1, '=').append(masked);
  return *this;
}

LogLine& LogLine::id(std::string_view name, std::string_view value) {
  text_.append(1, separator).append(name).append(1, '=').append(value);
  return *this;
}

ReadLogLine read_log_line(std::string_view text) {
  const auto end = std::min(text.find(separator), text.size());
  ReadLogLine line{text.substr(0, end), {}};
  for (auto rest = text.substr(end); !rest.empty();) {
    rest.remove_prefix(1);
    const auto field = rest.substr(0, rest.find(separator));
    rest.remove_prefix(field.size());
    const auto equals = std::min(field.find('='), field.size());
    line.fields.emplace_back(field.substr(0, equals), field.substr(std::min(equals + 1, field.size())));
  }
  return line;
}

} // namespace dialogferry
