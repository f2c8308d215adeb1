#include "storage/truth.hpp"
#include "support.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace altinn_sim;
using namespace altinn_sim::storage;

namespace {

namespace bj = boost::json;
namespace fs = std::filesystem;

bj::object read(const fs::path& path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return bj::parse(text).as_object();
}

/// The bundle of a golden case as a folder of stored rows, gone at the end.
class Stored {
public:
  explicit Stored(const bj::object& bundle)
      : path_(fs::temp_directory_path() / ("altinn-sim-golden-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    const std::string id(bundle.at("instance").at("id").as_string());
    write("instances/" + id.substr(id.find('/') + 1), bundle.at("instance"));
    write("applications/app", bundle.at("application"));
    for (const auto& event : bundle.at("events").as_array())
      write("events/" + std::string(event.at("id").as_string()), event);
    for (const auto& texts : bundle.at("texts").as_array())
      write("texts/" + std::string(texts.at("language").as_string()), texts);
  }
  ~Stored() { fs::remove_all(path_); }
  Stored(const Stored&) = delete;
  Stored& operator=(const Stored&) = delete;

  const fs::path& path() const { return path_; }

private:
  void write(const std::string& name, const bj::value& content) const {
    const auto file = path_ / (name + ".json");
    fs::create_directories(file.parent_path());
    std::ofstream(file) << bj::serialize(content);
  }

  fs::path path_;
};

Truth truth_of_bundle(const bj::object& bundle) {
  const Stored stored(bundle);
  World world(small_world(0));
  world.add_fixtures(stored.path());
  const std::string id(bundle.at("instance").at("id").as_string());
  Record record;
  REQUIRE(world.find(*parse_guid(id.substr(id.find('/') + 1)), record));
  return truth_of(world, record);
}

std::size_t number_of(const bj::object& dialog, std::string_view member) {
  const auto* list = dialog.if_contains(member);
  return list == nullptr ? 0 : list->as_array().size();
}

void check_same(const Truth& truth, const bj::object& dialog) {
  const auto text = [&](std::string_view member) { return std::string(dialog.at(member).as_string()); };
  CHECK(guid_text(truth.id) == text("id"));
  CHECK(truth.created_at == parse_time(text("createdAt")));
  CHECK(truth.updated_at == parse_time(text("updatedAt")));
  CHECK(truth.service_resource == text("serviceResource"));
  CHECK(truth.status == text("status"));
  CHECK(truth.system_label == text("systemLabel"));
  const auto& labels = dialog.at("serviceOwnerContext").at("serviceOwnerLabels").as_array();
  CHECK(truth.label == labels.at(0).at("value").as_string());
  std::vector<std::pair<std::string, std::string>> title;
  for (const auto& value : dialog.at("content").at("title").at("value").as_array())
    title.emplace_back(value.at("languageCode").as_string(), value.at("value").as_string());
  std::sort(title.begin(), title.end());
  CHECK(truth.title == title);
  CHECK(truth.activities == number_of(dialog, "activities"));
  CHECK(truth.attachments == number_of(dialog, "attachments"));
  CHECK(truth.transmissions == number_of(dialog, "transmissions"));
  std::size_t sent = 0;
  for (const auto& transmission : dialog.at("transmissions").as_array())
    sent += number_of(transmission.as_object(), "attachments");
  CHECK(truth.transmission_attachments == sent);
}

} // namespace

TEST_CASE("The truth of archived forms is that of the golden cases", "[golden][M-54][M-80][M-87]") {
  std::size_t created = 0, excluded = 0, later = 0;
  for (const auto& entry : fs::directory_iterator(GOLDEN_DIR "/a2")) {
    const auto golden = read(entry.path());
    INFO(entry.path().filename().string());
    const auto truth = truth_of_bundle(golden.at("bundle").as_object());
    const auto& expected = golden.at("expected").as_object();
    const auto& action = expected.at("action").as_string();
    if (action == "create") {
      ++created;
      CHECK(truth.verdict == Verdict::carried);
      check_same(truth, expected.at("dialog").as_object());
    } else if (action == "exclude") {
      ++excluded;
      CHECK(truth.verdict == Verdict::excluded);
    } else if (action == "later") {
      ++later;
      CHECK(truth.verdict == Verdict::deferred);
    }
  }
  CHECK(created >= 7);
  CHECK(excluded == 3);
  CHECK(later == 3);
}
