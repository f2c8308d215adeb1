#include "maskinporten/clients.hpp"

#include "json_reader.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <stdexcept>

namespace altinn_sim::maskinporten {

namespace {

namespace json = boost::json;

std::string needed(JsonReader& reader, std::string_view name) {
  auto text = reader.text(name, "a text");
  if (!text) refuse(name, "a text");
  return *text;
}

std::set<std::string> read_texts(const json::value* list, std::string_view name) {
  std::set<std::string> texts;
  if (!list) return texts;
  if (!list->is_array()) refuse(name, "a list of texts");
  for (const auto& each : list->get_array()) {
    if (!each.is_string()) refuse(name, "a list of texts");
    texts.emplace(each.get_string());
  }
  return texts;
}

void read_key(const json::value& json, Client& client) {
  JsonReader reader(json, "a key");
  const auto kid = needed(reader, "kid");
  client.keys[kid] = read_public_key(needed(reader, "pem"));
  reader.finish();
}

void read_client(const json::value& json, Clients& clients) {
  JsonReader reader(json, "a client");
  auto& client = clients.by_id[needed(reader, "client_id")];
  client.organisation = needed(reader, "organisation");
  client.scopes = read_texts(reader.find("scopes"), "scopes");
  if (const auto* keys = reader.find("keys")) {
    if (!keys->is_array()) refuse("keys", "a list");
    for (const auto& key : keys->get_array())
      read_key(key, client);
  }
  if (const auto* others = reader.find("acts_for")) {
    if (!others->is_object()) refuse("acts_for", "an object");
    for (const auto& [organisation, scopes] : others->get_object())
      client.acts_for[organisation] = read_texts(&scopes, "acts_for");
  }
  reader.finish();
}

} // namespace

const Client* Clients::find(std::string_view id) const {
  const auto found = by_id.find(id);
  return found == by_id.end() ? nullptr : &found->second;
}

Clients read_clients(const json::value& json) {
  Clients clients;
  JsonReader reader(json, "the file");
  if (const auto* all = reader.find("clients")) {
    if (!all->is_array()) refuse("clients", "a list");
    for (const auto& client : all->get_array())
      read_client(client, clients);
  }
  if (const auto pem = reader.text("authorities", "PEM")) clients.authorities = read_certificates(*pem);
  reader.finish();
  return clients;
}

} // namespace altinn_sim::maskinporten
