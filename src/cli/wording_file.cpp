#include <dialogferry/cli/properties.hpp>
#include <dialogferry/cli/wording_file.hpp>

#include <fmt/format.h>

#include <array>
#include <toml++/toml.h>

namespace dialogferry::cli {

namespace {

using mapping::Language;
using mapping::Slot;

constexpr std::array languages = {Language::nb, Language::nn, Language::en};

std::vector<std::string> slot_names() {
  std::vector<std::string> names(mapping::slot_count);
  for (std::size_t i = 0; i < names.size(); ++i)
    names[i] = mapping::name_of(static_cast<Slot>(i));
  return names;
}

class Reader {
public:
  explicit Reader(const std::filesystem::path& file)
      : file_(file.string()) {}

  void read() {
    try {
      for (const auto& [name, node] : toml::parse_file(file_))
        read_slot(name.str(), name.source().begin.line, node);
    } catch (const toml::parse_error& error) {
      add(error.source().begin.line, "", fmt::format("is not TOML: {}", error.description()));
    }
  }

  tl::expected<mapping::Wording, std::vector<ConfigProblem>> finish() {
    if (!problems_.empty()) return tl::unexpected(std::move(problems_));
    return std::move(wording_);
  }

private:
  void add(std::uint32_t line, std::string_view key, std::string message, std::string hint = {}) {
    problems_.push_back(
        {{Origin::Kind::file, file_, line}, std::string(key), std::move(message), std::move(hint)});
  }

  void read_slot(std::string_view name, std::uint32_t line, const toml::node& node) {
    const auto slot = mapping::slot_named(name);
    if (!slot) {
      const auto meant = nearest(name, slot_names());
      return add(line, name, "is no text of a dialog",
                 meant ? fmt::format("did you mean {}?", *meant)
                       : fmt::format("there are {}", fmt::join(slot_names(), ", ")));
    }
    const auto* table = node.as_table();
    if (!table) return add(line, name, "must be a table of languages", fmt::format("write [\"{}\"]", name));
    for (const auto& [language, text] : *table)
      read_text(*slot, name, language.str(), language.source().begin.line, text);
  }

  void read_text(Slot slot, std::string_view name, std::string_view code, std::uint32_t line,
                 const toml::node& node) {
    const auto key = fmt::format("{}.{}", name, code);
    const auto text = node.value<std::string>();
    if (!text || text->empty()) return add(line, key, "must be a text that is not empty");
    for (const auto language : languages)
      if (mapping::code_of(language) == code) return wording_.set(slot, language, *text);
    add(line, key, "is of no language of ours", "there are nb, nn and en");
  }

  std::string file_;
  mapping::Wording wording_;
  std::vector<ConfigProblem> problems_;
};

} // namespace

tl::expected<mapping::Wording, std::vector<ConfigProblem>> load_wording(const std::filesystem::path& file) {
  if (file.empty()) return mapping::Wording{};
  Reader reader(file);
  reader.read();
  return reader.finish();
}

} // namespace dialogferry::cli
