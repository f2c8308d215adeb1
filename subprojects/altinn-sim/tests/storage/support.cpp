#include "support.hpp"

namespace altinn_sim::storage {

namespace {

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(at + 1, 2)), nullptr, 16));
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

} // namespace

WorldOptions small_world(std::int64_t per_day) {
  WorldOptions options;
  options.first_day = day_from_civil(2025, 3, 1);
  options.last_day = day_from_civil(2025, 3, 12);
  options.per_day = per_day;
  options.organisations = 3;
  options.parties = 500;
  options.users = 300;
  return options;
}

Call::Call(std::string target, Method method, std::string body)
    : target_(std::move(target))
    , body_(std::move(body)) {
  const std::string_view all = target_;
  const auto mark = all.find('?');
  request.method = method;
  request.path = all.substr(0, mark);
  request.query = mark == std::string_view::npos ? std::string_view() : all.substr(mark + 1);
  request.body = body_;
  request.now = day_from_civil(2025, 11, 21) * whole_day;
  auto rest = request.query;
  while (!rest.empty()) {
    const auto pair = rest.substr(0, rest.find('&'));
    const auto equals = pair.find('=');
    request.parameters.emplace_back(decoded(pair.substr(0, equals)),
                                    equals == std::string_view::npos ? "" : decoded(pair.substr(equals + 1)));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
  }
}

Response ask(const Storage& storage, const std::string& target) {
  return storage.handle(Call(target).request);
}

boost::json::object json_of(const Response& response) {
  return boost::json::parse(response.body).as_object();
}

boost::json::array array_of(const Response& response, std::string_view name) {
  return json_of(response).at(name).as_array();
}

std::vector<std::string> ids_of(const boost::json::object& page) {
  std::vector<std::string> out;
  for (const auto& instance : page.at("instances").as_array())
    out.emplace_back(instance.as_object().at("id").as_string());
  return out;
}

std::vector<std::string> ids_of_all_pages(const Storage& storage, std::string target, std::size_t* pages) {
  std::vector<std::string> out;
  for (std::size_t count = 1;; ++count) {
    const auto page = json_of(ask(storage, target));
    for (auto& id : ids_of(page))
      out.push_back(std::move(id));
    if (pages != nullptr) *pages = count;
    if (page.at("next").is_null()) return out;
    const std::string next(page.at("next").as_string());
    target = next.substr(next.find("/instances"));
  }
}

} // namespace altinn_sim::storage
