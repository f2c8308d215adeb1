#include "property.hpp"

#include <simdjson.h>

#include <algorithm>
#include <set>
#include <span>
#include <stdexcept>
#include <string>

namespace fuzz {

namespace {

namespace dom = simdjson::dom;

/// UTF-16 code units.
std::size_t units(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text)
    count += (static_cast<unsigned char>(c) & 0xC0) == 0x80 ? 0
             : static_cast<unsigned char>(c) >= 0xF0        ? 2
                                                            : 1;
  return count;
}

/// Calls each(path, text) for every text; indexes are left out of the path.
template <class Each>
void each_text(const dom::element& value, const std::string& path, const Each& each) {
  std::string_view text;
  dom::array list;
  dom::object object;
  if (value.get(text) == simdjson::SUCCESS) return each(path, text);
  if (value.get(list) == simdjson::SUCCESS)
    for (const auto entry : list)
      each_text(entry, path, each);
  if (value.get(object) == simdjson::SUCCESS)
    for (const auto& [name, member] : object)
      each_text(member, path + "/" + std::string(name), each);
}

struct Limit {
  std::string_view end; ///< of the path
  std::size_t most;
};

/// What must hold of every body, and of bodies that are all ours.
constexpr Limit always[] = {
    {"/mediaType", 255}, {"/actorId", 255}, {"/actorName", 255}, {"/serviceResource", 255}};
constexpr Limit ours[] = {{"/content/title/value/value", 255},
                          {"/content/summary/value/value", 255},
                          {"/content/additionalInfo/value/value", 1023},
                          {"/content/extendedStatus/value/value", 25},
                          {"/displayName/value", 255},
                          {"/guiActions/title/value", 255}};

void require_limits(const std::string& path, std::string_view text, std::span<const Limit> limits) {
  for (const auto& [end, most] : limits)
    require(!path.ends_with(end) || units(text) <= most, "within the limit: " + path);
}

dom::element parsed(dom::parser& parser, std::string_view text) {
  dom::element root;
  require(parser.parse(text.data(), text.size()).get(root) == simdjson::SUCCESS, "what is written is JSON");
  return root;
}

} // namespace

void require(bool holds, std::string_view property) {
  if (!holds) throw std::logic_error(std::string(property));
}

void require_json(std::string_view text) {
  dom::parser parser;
  parsed(parser, text);
}

void require_dialog(std::string_view body, bool all_ours) {
  dom::parser parser;
  const auto root = parsed(parser, body);
  std::set<std::string> ids;
  each_text(root, "", [&](const std::string& path, std::string_view text) {
    require(text.find('\0') == std::string_view::npos, "no U+0000 in " + path);
    require_limits(path, text, always);
    if (all_ours) require_limits(path, text, ours);
    const bool file = path.ends_with("attachments/id");
    if (file || path.ends_with("attachments/urls/id"))
      require(ids.insert((file ? "a" : "u") + std::string(text)).second, "no id twice");
  });
}

} // namespace fuzz
