#pragma once

#include "dialogporten/model/dialog.hpp"
#include "dialogporten/wire/reader.hpp"

#include <array>
#include <deque>
#include <memory>

namespace altinn_sim::dialogporten {

/// Which body a text is.
enum class Form : std::uint8_t { create, update, stored };

/// A body read once: the dialog in it, or why it does not bind. The dialog's texts live in here.
class Document {
public:
  Document(Form form, std::string_view body);
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  Dialog dialog;
  std::optional<Unreadable> unreadable;
  bool is_null = false; ///< the body is the literal null

  /// Gives a text that came from elsewhere the life of the document.
  std::string_view keep(std::string text) { return kept_.emplace_back(std::move(text)); }

private:
  std::array<unsigned char, 24 * 1024> first_block_;
  json::monotonic_resource memory_{first_block_.data(), first_block_.size()};
  json::value root_ = json::value(nullptr, json::storage_ptr(&memory_));
  std::deque<std::string> kept_;
};

/// Parses any JSON body as the API does (depth 64, UTF-8, no extensions); nothing where it is not JSON.
std::optional<json::value> parse_json(std::string_view body, json::storage_ptr memory = {});

/// The text that the store keeps of a dialog.
std::string stored_text(const Dialog& dialog);

/// Language code and text of some members of the content; empty where there are none.
struct ShortTexts {
  std::vector<std::pair<std::string, std::string>> title, summary, extended_status;
};

/// The content in a stored text, read without the rest of it.
ShortTexts short_texts_of(std::string_view stored_text);

} // namespace altinn_sim::dialogporten
