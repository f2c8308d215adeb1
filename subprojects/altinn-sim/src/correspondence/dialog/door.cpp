#include "correspondence/dialog/door.hpp"

#include <algorithm>

namespace altinn_sim::correspondence {

Response send(const Surroundings& around, Moment at, Method method, std::string_view path,
              std::string_view body, Behind behind) {
  if (behind == Behind::refused_400 || behind == Behind::refused_422) {
    Response refused;
    refused.status = behind == Behind::refused_400 ? 400 : 422;
    refused.body = R"({"title":"Refused","errors":{"Dialog":["Refused by a fault of the simulator."]}})";
    return refused;
  }
  const auto mark = std::min(path.find('?'), path.size());
  const auto whole = "/api/v1/serviceowner/dialogs" + std::string{path.substr(0, mark)};
  Request request;
  request.method = method;
  request.path = whole;
  if (mark < path.size()) {
    request.query = path.substr(mark + 1);
    const auto equals = std::min(request.query.find('='), request.query.size());
    request.parameters.emplace_back(request.query.substr(0, equals),
                                    request.query.substr(std::min(equals + 1, request.query.size())));
  }
  request.content_type = "application/json";
  request.body = body;
  request.now = around.now();
  request.begins_us = request.ends_us = at;
  auto answer = around.dialogporten(request);
  if (behind != Behind::error_after_store || answer.status / 100 != 2) return answer;
  Response lost;
  lost.status = 500;
  return lost;
}

bool is_tried_again(int status) {
  constexpr int again[] = {408, 429, 500, 502, 503, 504};
  return std::find(std::begin(again), std::end(again), status) != std::end(again);
}

} // namespace altinn_sim::correspondence
