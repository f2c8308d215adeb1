#include "owners.hpp"

#include <dialogferry/codec/organisations.hpp>
#include <dialogferry/model/suggest.hpp>
#include <dialogferry/source/storage.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine {

Owners::Owners(caf::actor_config& config, OwnersSetup setup)
    : actor_base(config)
    , setup_(std::move(setup)) {}

Owners::behavior_type Owners::make_behavior() {
  if (setup_.named.empty())
    delayed_send(this, setup_.every, Proceed{});
  else
    send(this, Proceed{});
  return {[this](Proceed) { ask(); }};
}

void Owners::ask() {
  Call call{std::make_shared<const http::Request>(source::storage::applications()), http::Operation::list,
            Priority::live, Patience::page};
  const auto again = [this] { delayed_send(this, setup_.every, Proceed{}); };
  request(setup_.storage, caf::infinite, std::move(call))
      .then(
          [this, again](const Answered& answered) {
            on_listed(answered);
            again();
          },
          [again](const caf::error&) { again(); });
}

void Owners::on_listed(const Answered& answered) {
  const auto owners = owners_of(answered);
  if (!owners) return; // the next time
  for (const auto& [row, configured] : std::exchange(setup_.named, {}))
    if (auto problem = unknown_organisation(row, configured, *owners); problem && setup_.engine)
      send(setup_.engine, Fatal{std::move(*problem)});
  for (const auto& row : setup_.history)
    send(row, NewOrganisations{*owners});
  for (const auto& row : setup_.live)
    send(row, NewOrganisations{*owners});
}

std::optional<Problem> unknown_organisation(const std::string& row,
                                            const std::vector<std::string>& configured,
                                            const std::vector<std::string>& known) {
  for (const auto& name : configured) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto meant = nearest(name, known);
    return Problem{"rows." + row + ".organisations",
                   "\"" + name + "\" is no service owner that Storage has applications of",
                   meant ? "did you mean \"" + *meant + "\"?" : "leave the key out for all service owners"};
  }
  return std::nullopt;
}

Result<std::vector<std::string>> owners_of(const Answered& answered) {
  if (answered.verdict.kind != http::Verdict::Kind::success) return tl::unexpected(answered.verdict.problem);
  codec::Parser parser;
  const codec::Document body{(*answered.answer)->body};
  return codec::read_organisations(parser, body.view());
}

} // namespace dialogferry::engine
