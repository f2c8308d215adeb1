#include <dialogferry/cli/commands.hpp>
#include <dialogferry/ledger/ledger.hpp>
#include <dialogferry/status/render.hpp>

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <ostream>
#include <thread>

namespace dialogferry::cli {

namespace {

using status::Language;
using status::StatusModel;

constexpr std::chrono::seconds watch_every{2};

Result<StatusModel> read_status(const Config& config) {
  const auto now = system_now();
  const auto opened =
      ledger::open(config.ledger.url, name_of(config.environment), ledger::OpenMode::read_only, now);
  if (!opened) return tl::unexpected(opened.error());
  const auto snapshot = (*opened)->snapshot();
  if (!snapshot) return tl::unexpected(snapshot.error());
  return status::make_status(*snapshot, config, nullptr, now);
}

std::string render(const StatusModel& model, const std::string& format, Language language) {
  if (format == "json") return render_json(model);
  if (format == "html") return render_html(model, language, false);
  if (format == "markdown") return render_markdown(model, language);
  return render_text(model, language);
}

/// Puts a file in its place at once, so that a reader never sees half of it.
Result<void> replace_file(const std::filesystem::path& path, const std::string& text) {
  auto next = path;
  next += ".new";
  std::ofstream file(next, std::ios::binary);
  file << text;
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(next, path, error);
  if (!file || error) return fail(path.string(), "cannot be written", "--output names a folder of yours");
  return {};
}

struct File {
  std::string_view name;
  std::string_view format;
  Language language;
};

constexpr File files[] = {{"index.html", "html", Language::en},    {"index.nb.html", "html", Language::nb},
                          {"status.md", "markdown", Language::en}, {"status.nb.md", "markdown", Language::nb},
                          {"status.txt", "text", Language::en},    {"status.nb.txt", "text", Language::nb},
                          {"status.json", "json", Language::en}};

/// Writes the status in both languages, in one format or in all.
Result<void> write_files(const StatusModel& model, const StatusOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.output, error);
  for (const auto& file : files) {
    if (options.format && *options.format != file.format) continue;
    const auto path = std::filesystem::path(options.output) / file.name;
    auto written = replace_file(path, render(model, std::string(file.format), file.language));
    if (!written) return written;
  }
  return {};
}

Result<void> show_once(const Console& console, const Config& config, const StatusOptions& options) {
  const auto model = read_status(config);
  if (!model) return tl::unexpected(model.error());
  if (!options.output.empty()) return write_files(*model, options);
  const auto language = status::parse_language(options.language).value_or(Language::en);
  if (options.watch && console.out_is_terminal)
    console.out << "\x1b[H\x1b[2J"; // the whole screen, from its top
  console.out << render(*model, options.format.value_or("text"), language) << std::flush;
  return {};
}

} // namespace

Exit show_status(const Console& console, const StatusOptions& options) {
  const auto loaded = load_or_explain(console, options.config);
  if (!loaded) return usage;
  for (;;) {
    const auto shown = show_once(console, loaded->config, options);
    if (!shown) return console.error(shown.error()), failed;
    if (!options.watch || !console.out) return done;
    std::this_thread::sleep_for(watch_every);
  }
}

} // namespace dialogferry::cli
