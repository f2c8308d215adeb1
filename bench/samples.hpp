#pragma once

#include <dialogferry/codec/bundle.hpp>
#include <dialogferry/mapping/mapper.hpp>

#include <simdjson.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

/// The records that the micro benchmarks run over: public sample data where the folder with it is there, else
/// the recorded cases of the checkout.
namespace bench {

/// One record, ready to be mapped again and again: its JSON stays, its application is read once.
struct Sample {
  dialogferry::codec::Document instance;
  dialogferry::codec::Document events;
  std::shared_ptr<const dialogferry::mapping::PreparedApplication> application;
  std::vector<std::string> urns; ///< of the owner, then of the users
  std::vector<dialogferry::mapping::KnownUser> users;
  bool is_migration = true;
  dialogferry::Instant now;
};

inline std::filesystem::path sample_folder() {
  const char* given = std::getenv("DIALOGFERRY_SHARED");
  const std::filesystem::path root = SOURCE_ROOT;
  const auto shared =
      (given != nullptr ? std::filesystem::path(given) : root / ".." / "shared") / "golden" / "realworld";
  return std::filesystem::is_directory(shared) ? shared : root / "tests" / "golden" / "transmissions";
}

/// The bundle of one case file, without white space, as the services would answer.
inline std::string bundle_text(const std::filesystem::path& path) {
  const auto text = simdjson::padded_string::load(path.string()).value();
  simdjson::ondemand::parser parser;
  auto document = parser.iterate(text).value();
  const std::string_view bundle = document["bundle"].get_object().value().raw_json().value();
  std::string compact(bundle.size(), ' ');
  std::size_t size = 0;
  if (simdjson::minify(bundle.data(), bundle.size(), compact.data(), size)) throw std::runtime_error(path);
  compact.resize(size);
  return compact;
}

inline std::vector<Sample> load_samples(const dialogferry::mapping::Mapper& mapper) {
  using namespace dialogferry;
  std::vector<Sample> samples;
  codec::Parser parser;
  for (const auto& entry : std::filesystem::directory_iterator(sample_folder())) {
    const codec::Document text(bundle_text(entry.path()));
    auto bundle = codec::read_bundle(parser, text.view());
    if (!bundle || !bundle->instance || !bundle->events || !bundle->application || bundle->existing) continue;
    Sample sample;
    sample.instance = std::move(*bundle->instance);
    sample.events = std::move(*bundle->events);
    auto application = mapper.prepare(parser, std::move(*bundle->application), std::move(bundle->texts));
    if (!application || bundle->parties.empty()) continue;
    sample.application = std::move(*application);
    sample.urns.push_back(bundle->parties.front().urn);
    for (const auto& user : bundle->users)
      sample.urns.push_back(user.urn);
    for (std::size_t i = 0; i < bundle->users.size(); ++i)
      sample.users.push_back({std::stoll(bundle->users[i].id), sample.urns[i + 1]});
    sample.is_migration = bundle->is_migration;
    sample.now = bundle->now;
    samples.push_back(std::move(sample));
  }
  return samples;
}

} // namespace bench
