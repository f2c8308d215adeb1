#include "message_ferry.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace dialogferry::system;
namespace fs = std::filesystem;

namespace {

const Days days{"2025-11-10", "2025-11-14"};

/// What an archive has of these days, as files (docs/a2-archive.md).
class Exports {
public:
  explicit Exports(Platform& platform)
      : platform_(platform) {
    fs::create_directories(folder_.path("attachments"));
    for (int day = 10; day <= 14; ++day)
      export_day(fmt::format("2025-11-{}", day), fmt::format("2025-11-{}", day + 1));
  }

  std::string url() const { return "file:" + folder_.path(""); }
  std::string path(const std::string& name) const { return folder_.path(name); }
  void write(const std::string& name, const std::string& text) const { folder_.write(name, text); }
  std::string read(const std::string& name) const { return contents(path(name)); }

  void pack(const std::string& name) const {
    Process gzip("/bin/gzip", {path(name)}, {path("../gzip.out"), path("../gzip.err")});
    REQUIRE(gzip.wait_for(std::chrono::seconds{10}) == 0);
  }

  /// The first attachment of a day, and the message that it belongs to.
  std::pair<std::string, std::string> attachment_of(const std::string& day, std::size_t index = 0) const {
    std::size_t at = 0;
    for (const auto& message : messages_.at(day)) {
      const auto* files = message.as_object().if_contains("attachments");
      if (files == nullptr || files->as_array().empty() || at++ != index) continue;
      return {std::string(files->at(0).at("altinn2AttachmentId").as_string()),
              json::serialize(message.at("altinn2CorrespondenceId"))};
    }
    FAIL("no attachment on " << day);
    return {};
  }

private:
  void export_day(const std::string& day, const std::string& next) {
    const auto page = platform_.get(
        fmt::format("/a2-archive/api/v1/"
                    "messages?order=asc:created&created=gte:{}T00:00:00Z&created=lt:{}T00:00:00Z&size=5000",
                    day, next));
    messages_[day] = page.at("messages").as_array();
    std::string lines;
    for (const auto& message : messages_[day]) {
      lines += json::serialize(message) + "\n";
      if (const auto* files = message.as_object().if_contains("attachments"))
        for (const auto& file : files->as_array()) {
          const std::string id(file.at("altinn2AttachmentId").as_string());
          write("attachments/" + id, platform_.request("GET", "/a2-archive/api/v1/attachments/" + id).body);
        }
    }
    write(day + ".ndjson", lines);
  }

  Platform& platform_;
  Scratch folder_;
  std::map<std::string, json::array> messages_;
};

std::vector<std::string> from(const Exports& exports) {
  return {"apis.a2_archive.base_url=" + exports.url()};
}

/// Whether an exception has this text anywhere.
bool has_exception(const json::array& exceptions, const std::string& text) {
  return std::any_of(exceptions.begin(), exceptions.end(),
                     [&](const auto& each) { return json::serialize(each).find(text) != std::string::npos; });
}

} // namespace

TEST_CASE("A history is carried from files, packed ones too, as it is from the archive",
          "[system][messages][exports]") {
  Platform platform(archive_of(days, 40, {"--messages-attachments", "0.3", "--messages-unfit", "0.05"}));
  const Exports exports(platform);
  exports.pack("2025-11-11.ndjson");
  exports.pack("2025-11-13.ndjson");
  platform.forget_requests();
  const Ferry ferry(platform, message_rows(days));
  const auto ran = ferry.carry(from(exports));
  INFO(ran.err);
  CHECK(ran.exit == 3);
  CHECK(platform.requests("a2_archive") == 0);
  CHECK(message_disagreement(platform, ferry) == "");
}

TEST_CASE(
    "Each bad export is an exception that names file and line, or a parked day, and the other days go on",
    "[system][messages][exports]") {
  Platform platform(archive_of(days, 40, {"--messages-attachments", "0.3", "--messages-unfit", "0"}));
  const Exports exports(platform);
  const auto cut = exports.read("2025-11-10.ndjson");
  const auto lines = std::count(cut.begin(), cut.end(), '\n');
  exports.write("2025-11-10.ndjson", cut.substr(0, cut.size() - 40)); // in the midst of its last line
  exports.write("2025-11-11.ndjson", "no message\n" + exports.read("2025-11-11.ndjson")); // a line too many
  fs::remove(exports.path("2025-11-12.ndjson"));
  exports.pack("2025-11-13.ndjson");
  fs::resize_file(exports.path("2025-11-13.ndjson.gz"),
                  fs::file_size(exports.path("2025-11-13.ndjson.gz")) - 100);
  const auto [missing, its_message] = exports.attachment_of("2025-11-14", 0);
  const auto [shorter, of_shorter] = exports.attachment_of("2025-11-14", 1);
  const auto [other, of_other] = exports.attachment_of("2025-11-14", 2);
  fs::remove(exports.path("attachments/" + missing));
  const auto whole = exports.read("attachments/" + shorter);
  exports.write("attachments/" + shorter, whole.substr(0, whole.size() - 1));
  auto changed = exports.read("attachments/" + other);
  changed.back() = static_cast<char>(~changed.back());
  exports.write("attachments/" + other, changed);

  const Ferry ferry(platform, message_rows(days));
  const auto ran = ferry.carry(from(exports));
  INFO(ran.err);
  CHECK(ran.exit != 0);
  const auto exceptions = ferry.exceptions();
  INFO(json::serialize(exceptions));
  CHECK(has_exception(exceptions, fmt::format("2025-11-10.ndjson:{}", lines)));
  CHECK(has_exception(exceptions, "2025-11-11.ndjson:1"));
  CHECK(has_exception(exceptions, "2025-11-13.ndjson.gz"));
  for (const auto& [file, message] :
       {std::pair(missing, its_message), {shorter, of_shorter}, {other, of_other}}) {
    CHECK(has_exception(exceptions, file));
    CHECK(has_exception(exceptions, message));
  }
  const auto standing = ferry.standing(message_row);
  CHECK(standing.parked == 1);
  CHECK(standing.complete == 4);
  CHECK_THAT(ferry.run({"status", "--format", "json"}).out, Catch::Contains("2025-11-12"));
  const auto audit = platform.audit(message_row);
  CHECK(audit.wrong == 0);
  CHECK(audit.stale == 0);
  CHECK(audit.doubled == 0);
  CHECK(audit.present > 100);
  CHECK(audited(platform, message_row, "orphaned_attachments") == 0);
}
