#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace altinn_sim::dialogporten {

inline constexpr std::size_t default_max_length = 255;
inline constexpr std::size_t correspondence_max_length = 512;
inline constexpr std::size_t long_text_max_length = 1023;
inline constexpr std::size_t uri_max_length = 1023;

/// Which media types a member of `content` takes (dialogporten.md 3.2).
enum class MediaRule : std::uint8_t { plain, rich, embed };

/// One member of `content`.
struct ContentRule {
  std::string_view name;    ///< in JSON
  std::string_view display; ///< in messages
  std::size_t max_length;   ///< UTF-16 code units; correspondence scope raises 255 to 512
  MediaRule media;
  bool required;
};

/// Dialog content (dialogporten.md 3.2); the title is the first.
inline constexpr std::array<ContentRule, 8> dialog_content_rules{{
    {"title", "Title", default_max_length, MediaRule::plain, true},
    {"nonSensitiveTitle", "NonSensitiveTitle", default_max_length, MediaRule::plain, false},
    {"summary", "Summary", default_max_length, MediaRule::plain, false},
    {"nonSensitiveSummary", "NonSensitiveSummary", default_max_length, MediaRule::plain, false},
    {"senderName", "SenderName", default_max_length, MediaRule::plain, false},
    {"additionalInfo", "AdditionalInfo", long_text_max_length, MediaRule::rich, false},
    {"extendedStatus", "ExtendedStatus", 25, MediaRule::plain, false},
    {"mainContentReference", "MainContentReference", long_text_max_length, MediaRule::embed, false},
}};

/// Transmission content (dialogporten.md 3.6).
inline constexpr std::array<ContentRule, 3> transmission_content_rules{{
    {"title", "Title", default_max_length, MediaRule::plain, true},
    {"summary", "Summary", default_max_length, MediaRule::plain, false},
    {"contentReference", "ContentReference", long_text_max_length, MediaRule::embed, false},
}};

namespace media_type {

inline constexpr std::string_view plain_text = "text/plain";
inline constexpr std::string_view markdown = "text/markdown";
inline constexpr std::string_view legacy_html = "text/html";
inline constexpr std::string_view embed_prefix = "application/vnd.dialogporten.frontchannelembed";
inline constexpr std::string_view embed_markdown =
    "application/vnd.dialogporten.frontchannelembed-url;type=text/markdown";
inline constexpr std::string_view embed_html =
    "application/vnd.dialogporten.frontchannelembed-url;type=text/html";
inline constexpr std::string_view old_embed_markdown =
    "application/vnd.dialogporten.frontchannelembed+json;type=markdown";
inline constexpr std::string_view old_embed_html =
    "application/vnd.dialogporten.frontchannelembed+json;type=html";

/// What is stored for a media type that came in: the deprecated embeds become the current ones.
constexpr std::string_view stored(std::string_view type) {
  if (type == old_embed_markdown) return embed_markdown;
  return type == old_embed_html ? embed_html : type;
}

} // namespace media_type

} // namespace altinn_sim::dialogporten
