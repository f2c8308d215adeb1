#include "property.hpp"
#include "targets.hpp"

#include <dialogferry/codec/application.hpp>
#include <dialogferry/codec/bundle.hpp>
#include <dialogferry/codec/cloud_event.hpp>
#include <dialogferry/codec/dialog_json.hpp>
#include <dialogferry/codec/dialog_lookup.hpp>
#include <dialogferry/codec/events.hpp>
#include <dialogferry/codec/instance.hpp>
#include <dialogferry/codec/json_writer.hpp>
#include <dialogferry/codec/organisations.hpp>
#include <dialogferry/codec/page.hpp>
#include <dialogferry/codec/parties.hpp>

#include <algorithm>
#include <string>

namespace fuzz {

namespace {

using namespace dialogferry;
using codec::Document;
using codec::Parser;

/// A problem names a member, holds nobody's number and can be shown.
void require_problem(const Problem& problem) {
  require(!problem.member.empty() && !problem.message.empty(), "a problem says what and where");
  codec::JsonWriter json(64);
  json.text(problem.member);
  require_json(json.view());
}

/// Reads the input with one parser twice: the same comes out, and memory stays in proportion. What was read
/// is shown to `check`, while the document its texts may lie in is still there.
template <class Read, class Check>
void read_twice(std::string_view input, Read read, Check check) {
  const Memory memory;
  Parser parser;
  const Document document{std::string(input)};
  auto first = read(parser, document.view());
  const auto second = read(parser, document.view());
  require(first.has_value() == second.has_value(), "a text is read the same way twice");
  memory.require_proportion(input.size());
  if (!first) return require_problem(first.error());
  check(*first);
}

} // namespace

void page(std::string_view input) {
  const Memory memory;
  Parser parser;
  const auto read = codec::split_page(parser, std::make_shared<const Document>(std::string(input)));
  memory.require_proportion(input.size());
  if (!read) return require_problem(read.error());
  for (const auto& row : read->rows) {
    const auto whole = codec::read_instance(parser, row.json);
    if (row.problem) require_problem(*row.problem);
    require(!whole || !row.problem || !row.problem->member.empty(), "a row knows what is wrong with it");
    require(!whole || whole->id == row.id, "a row is known by its instance's id");
  }
}

void instance(std::string_view input) {
  read_twice(input, codec::read_instance, [](const auto& read) {
    require(read.id.substr(0, read.party_id.size()) == read.party_id, "an id begins with its party");
  });
}

void events(std::string_view input) {
  read_twice(input, codec::read_events, [](const auto&) {});
}

void application(std::string_view input) {
  read_twice(input, codec::read_application, [](const auto&) {});
}

void texts(std::string_view input) {
  read_twice(input, codec::read_texts,
             [](const auto& read) { require(!read.language.empty(), "texts are of a language"); });
}

void parties(std::string_view input) {
  read_twice(input, codec::read_parties, [](const auto&) {});
}

void dialog(std::string_view input) {
  read_twice(input, codec::read_dialog,
             [](const auto& read) { require_json(codec::write_update(read.kept, read.body)); });
}

void dialog_lookup(std::string_view input) {
  read_twice(input, codec::read_dialog_lookup, [](const auto&) {});
}

void organisations(std::string_view input) {
  read_twice(input, codec::read_organisations, [](const auto& read) {
    require(std::is_sorted(read.begin(), read.end()), "organisations are in order");
  });
}

void cloud_events(std::string_view input) {
  read_twice(input, codec::read_cloud_events, [](const auto& read) {
    for (const auto& event : read.events)
      require(!event.record_id || event.record_id->find('/') != std::string::npos,
              "a record has a party and an id");
  });
}

void bundle(std::string_view input) {
  read_twice(input, codec::read_bundle, [](const auto&) {});
}

} // namespace fuzz
