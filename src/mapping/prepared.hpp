#pragma once

#include "status.hpp"

#include <dialogferry/codec/dialog.hpp>
#include <dialogferry/mapping/mapper.hpp>

#include <array>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace dialogferry::mapping {

/// The texts an application may set for itself (M-60).
enum class ContentType : std::uint8_t {
  title,
  summary,
  additional_info,
  primary_action_label,
  delete_action_label,
  copy_action_label,
};

inline constexpr std::size_t content_type_count = 6;

/// One text of an application under a key `dp.{content type}{suffix}`, cut to what its field can hold.
struct KeyedText {
  std::string_view suffix; ///< empty, or starts with a dot
  std::string_view text;
};

/// The texts of one language.
struct LanguageTexts {
  std::string_view code;    ///< without a region, where it is a language
  bool is_language = false; ///< passes the filter of M-63
  std::array<std::vector<KeyedText>, content_type_count> keyed;
  std::unordered_map<std::string_view, std::string_view> by_id; ///< only those that are not blank
};

/// The data types whose files are for machines (M-82), their names in any case.
class ApiTypes {
public:
  ApiTypes() = default;
  explicit ApiTypes(std::span<const codec::DataType> types);

  bool contains(std::string_view type) const;

private:
  std::unordered_set<std::string> names_; ///< in lower case
};

struct PreparedApplication::Parts {
  codec::Document document;
  std::vector<codec::Document> text_documents;
  codec::Application application;
  std::vector<codec::TextResources> resources;

  std::vector<LanguageTexts> languages;
  std::array<bool, content_type_count> has_texts{}; ///< any language has one
  ApiTypes api_types;
  codec::LocalizedList title; ///< of the application, filtered (M-65)
  bool has_title = false;     ///< `title` of the application is not null
  codec::Arena arena;
};

/// What a text key is made of besides the content type (M-61).
struct TextState {
  codec::OptionalText task; ///< element id of the current task
  DerivedStatus status = DerivedStatus::awaiting_initial_user_input;
};

/// The texts under `dp.{type}…`, each language by its own most specific key (M-61); empty where there is
/// none.
codec::LocalizedList find_texts(const PreparedApplication::Parts& application, ContentType type,
                                const TextState& state, codec::Arena& arena);

/// What a free text stands for: the texts under it as a key, else itself in `nb` (M-66), cut to `max`.
codec::LocalizedList translate(const PreparedApplication::Parts& application, std::string_view text,
                               std::size_t max, codec::Arena& arena);

} // namespace dialogferry::mapping
