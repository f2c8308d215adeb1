#include "prepared.hpp"

#include "text.hpp"

#include <algorithm>
#include <unordered_set>

namespace dialogferry::mapping {

namespace {

struct ContentName {
  std::string_view prefix;
  std::size_t max;
};

constexpr std::array<ContentName, content_type_count> content_names{{
    {"dp.title", 255},
    {"dp.summary", 255},
    {"dp.additionalinfo", 1023},
    {"dp.primaryactionlabel", 255},
    {"dp.deleteactionlabel", 255},
    {"dp.copyactionlabel", 255},
}};

/// The code a text goes out with, empty for none: normal (dialogporten.md 3.8), but capitals are kept.
std::string_view usable_code(std::string_view language) {
  return is_language(language) ? language : normal_language(language);
}

/// Leaves one text a language, the first, in place: `no` counts as `nb` where there is no nb (D-14).
codec::LocalizedList settle_languages(std::span<codec::Localized> list) {
  const bool has_nb = std::any_of(list.begin(), list.end(),
                                  [](const auto& entry) { return same_ignoring_case(entry.language, "nb"); });
  std::size_t kept = 0;
  for (const auto& entry : list) {
    if (has_nb && entry.language == "no") continue;
    const auto code = entry.language == "no" ? std::string_view("nb") : entry.language;
    const auto settled = list.first(kept);
    if (std::none_of(settled.begin(), settled.end(),
                     [&](const auto& other) { return same_ignoring_case(other.language, code); }))
      list[kept++] = {entry.value, code};
  }
  return list.first(kept);
}

codec::LocalizedList usable_titles(std::span<const codec::NamedText> titles, codec::Arena& arena) {
  const auto list = arena.make<codec::Localized>(titles.size());
  std::size_t count = 0;
  for (const auto& [language, text] : titles)
    if (const auto code = usable_code(language); text && !is_blank(*text) && !code.empty())
      list[count++] = {*text, code};
  return settle_languages(list.first(count));
}

void take_keyed(LanguageTexts& texts, std::string_view id, std::string_view text, codec::Arena& arena) {
  for (std::size_t type = 0; type < content_type_count; ++type) {
    const auto& [prefix, max] = content_names[type];
    if (!id.starts_with(prefix)) continue;
    const auto suffix = id.substr(prefix.size());
    if (suffix.empty() || suffix.front() == '.') texts.keyed[type].push_back({suffix, cut(arena, text, max)});
  }
}

LanguageTexts index_texts(const codec::TextResources& resources, codec::Arena& arena) {
  LanguageTexts texts;
  const auto code = usable_code(resources.language);
  texts.is_language = !code.empty();
  texts.code = texts.is_language ? code : resources.language;
  std::unordered_set<std::string_view> seen;
  for (const auto& [id, value] : resources.resources) {
    if (!seen.insert(id).second || !value || is_blank(*value)) continue;
    texts.by_id.emplace(id, *value);
    if (texts.is_language) take_keyed(texts, id, *value, arena);
  }
  return texts;
}

/// Whether the suffix is these parts, each behind a dot.
bool is_suffix(std::string_view suffix, std::initializer_list<std::string_view> parts) {
  for (const auto part : parts) {
    if (suffix.empty() || suffix.front() != '.' || !suffix.substr(1).starts_with(part)) return false;
    suffix.remove_prefix(1 + part.size());
  }
  return suffix.empty();
}

/// How specific a key is in this state, 1 the most, 4 the least; 0 where it does not apply.
int level_of(std::string_view suffix, const TextState& state) {
  const auto status = key_of(state.status);
  if (state.task && is_suffix(suffix, {*state.task, status})) return 1;
  if (state.task && is_suffix(suffix, {*state.task})) return 2;
  if (is_suffix(suffix, {"_any_", status})) return 3;
  return suffix.empty() ? 4 : 0;
}

std::string_view most_specific(const std::vector<KeyedText>& keyed, const TextState& state) {
  int best = 5;
  std::string_view found;
  for (const auto& [suffix, text] : keyed)
    if (const int level = level_of(suffix, state); level != 0 && level < best) {
      best = level;
      found = text;
    }
  return found;
}

constexpr std::string_view api_groupings[] = {"group.formdatahtml", "group.formdatasource",
                                              "group.signaturesource", "group.paymentsource",
                                              "group.activities"};

bool is_api_grouping(const codec::OptionalText& grouping) {
  return grouping &&
         std::find(std::begin(api_groupings), std::end(api_groupings), *grouping) != std::end(api_groupings);
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

} // namespace

ApiTypes::ApiTypes(std::span<const codec::DataType> types) {
  std::unordered_map<std::string, bool>
      grouped; // what the last of one name says, where none is the app's own
  for (const auto& type : types) {
    auto name = lower_case(type.id);
    if (type.has_app_logic || type.app_owned) names_.insert(name);
    grouped[std::move(name)] = is_api_grouping(type.grouping);
  }
  for (const auto& [name, hidden] : grouped)
    if (hidden) names_.insert(name);
}

bool ApiTypes::contains(std::string_view type) const {
  return !names_.empty() && names_.count(lower_case(type)) != 0;
}

PreparedApplication::PreparedApplication(std::unique_ptr<const Parts> parts)
    : parts_(std::move(parts)) {}
PreparedApplication::~PreparedApplication() = default;

const codec::SyncSwitches& PreparedApplication::switches() const {
  return parts_->application.switches;
}

codec::LocalizedList find_texts(const PreparedApplication::Parts& application, ContentType type,
                                const TextState& state, codec::Arena& arena) {
  const auto index = static_cast<std::size_t>(type);
  if (!application.has_texts[index]) return {};
  const auto list = arena.make<codec::Localized>(application.languages.size());
  std::size_t count = 0;
  for (const auto& language : application.languages)
    if (const auto text = most_specific(language.keyed[index], state); !text.empty())
      list[count++] = {text, language.code};
  return settle_languages(list.first(count));
}

codec::LocalizedList translate(const PreparedApplication::Parts& application, std::string_view text,
                               std::size_t max, codec::Arena& arena) {
  const auto list = arena.make<codec::Localized>(application.languages.size() + 1);
  std::size_t count = 0;
  for (const auto& language : application.languages)
    if (const auto found = language.by_id.find(text); found != language.by_id.end())
      list[count++] = {cut(arena, found->second, max), language.code};
  if (count == 0) list[count++] = {cut(arena, text, max), "nb"};
  return settle_languages(list.first(count));
}

Result<std::shared_ptr<const PreparedApplication>> Mapper::prepare(codec::Parser& parser,
                                                                   codec::Document application,
                                                                   std::vector<codec::Document> texts) const {
  auto parts = std::make_unique<PreparedApplication::Parts>();
  parts->document = std::move(application);
  parts->text_documents = std::move(texts);
  auto decoded = codec::read_application(parser, parts->document.view());
  if (!decoded) return tl::unexpected(std::move(decoded).error());
  parts->application = std::move(*decoded);
  parts->api_types = ApiTypes(parts->application.data_types);
  for (const auto& document : parts->text_documents) {
    auto resources = codec::read_texts(parser, document.view());
    if (!resources) return tl::unexpected(std::move(resources).error());
    parts->resources.push_back(std::move(*resources));
    parts->languages.push_back(index_texts(parts->resources.back(), parts->arena));
  }
  for (const auto& language : parts->languages)
    for (std::size_t type = 0; type < content_type_count; ++type)
      parts->has_texts[type] = parts->has_texts[type] || !language.keyed[type].empty();
  parts->has_title = parts->application.title.has_value();
  if (parts->has_title) parts->title = usable_titles(*parts->application.title, parts->arena);
  return std::make_shared<const PreparedApplication>(std::move(parts));
}

} // namespace dialogferry::mapping
