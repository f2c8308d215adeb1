#include "dialogporten/wire/document.hpp"

#include "dialogporten/wire/reached.hpp"
#include "dialogporten/wire/writer.hpp"

namespace altinn_sim::dialogporten {

namespace {

/// Without the mark that may stand before it.
std::string_view without_byte_order_mark(std::string_view body) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  return body.starts_with(mark) ? body.substr(mark.size()) : body;
}

/// How far a body can be read as JSON.
std::size_t well_formed_length(std::string_view body) {
  json::stream_parser parser;
  boost::system::error_code error;
  return parser.write_some(body.data(), body.size(), error);
}

} // namespace

std::optional<json::value> parse_json(std::string_view body, json::storage_ptr memory) {
  body = without_byte_order_mark(body);
  json::parse_options options;
  options.max_depth = 64;
  boost::system::error_code error;
  auto value = json::parse({body.data(), body.size()}, error, std::move(memory), options);
  if (error) return std::nullopt;
  return value;
}

Document::Document(Form form, std::string_view body) {
  body = without_byte_order_mark(body);
  auto parsed = parse_json(body, json::storage_ptr{&memory_});
  if (!parsed) {
    const auto member = member_reached(body.substr(0, well_formed_length(body)));
    unreadable =
        Unreadable{member.empty() ? "SerializerErrors" : member, "The body is not well-formed JSON."};
    return;
  }
  root_ = std::move(*parsed);
  if (root_.is_null()) {
    is_null = true;
    return;
  }
  Binding binding{form == Form::stored};
  const Place root;
  if (const auto* object = root_.if_object()) {
    Reader reader{binding, *object, root};
    if (form == Form::create)
      describe_create(reader, dialog);
    else if (form == Form::update)
      describe_update(reader, dialog);
    else
      describe_stored(reader, dialog);
  } else {
    binding.wrong_type(root, "a dialog");
  }
  unreadable = binding.failure();
  if (unreadable && unreadable->path.empty()) unreadable->path = "SerializerErrors";
}

std::string stored_text(const Dialog& dialog) {
  std::string text;
  text.reserve(8 * 1024);
  Writer writer{text};
  describe_stored(writer, dialog);
  writer.close();
  text.shrink_to_fit();
  return text;
}

ShortTexts short_texts_of(std::string_view stored_text) {
  constexpr std::string_view before = R"({"content":)";
  ShortTexts out;
  if (!stored_text.starts_with(before)) return out;
  stored_text.remove_prefix(before.size());
  json::stream_parser parser;
  parser.write_some(stored_text.data(), stored_text.size());
  const json::value content = parser.release();
  if (!content.is_object()) return out;
  const auto read = [&](json::string_view member, auto& texts) {
    const auto* held = content.get_object().if_contains(member);
    if (held == nullptr) return;
    for (const auto& entry : held->at("value").as_array())
      texts.emplace_back(json::value_to<std::string>(entry.at("languageCode")),
                         json::value_to<std::string>(entry.at("value")));
  };
  read("title", out.title);
  read("summary", out.summary);
  read("extendedStatus", out.extended_status);
  return out;
}

} // namespace altinn_sim::dialogporten
