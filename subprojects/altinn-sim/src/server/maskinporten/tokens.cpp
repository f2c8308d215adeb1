#include "maskinporten/tokens.hpp"

#include "problem.hpp"
#include "target.hpp"

#include <boost/json/object.hpp>

namespace altinn_sim::maskinporten {

namespace {

namespace json = boost::json;

constexpr std::int64_t token_life = 119;
constexpr std::int64_t altinn_token_life = 1800;

Response refuse_grant(const Refusal& refusal) {
  auto response = json_answer(400, {{"error", refusal.error}, {"error_description", refusal.description}});
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

std::string form_value(std::string_view body, std::string_view name) {
  const auto fields = split_target("?" + std::string(body)).parameters;
  for (const auto& [key, value] : fields)
    if (key == name) return value;
  return {};
}

std::string issuer_of(const Request& request) {
  return "http://" + std::string(request.host) + "/";
}

std::string joined(const std::vector<std::string>& scopes) {
  std::string text;
  for (const auto& scope : scopes)
    text += (text.empty() ? "" : " ") + scope;
  return text;
}

} // namespace

Tokens::Tokens(Clients clients, std::function<std::int64_t()> now)
    : clients_(std::move(clients))
    , now_(std::move(now))
    , secret_(random_bytes(32)) {}

Response Tokens::token(const Request& request) {
  if (request.method != Method::post)
    return json_answer(405, {{"error", "invalid_request"}, {"error_description", "Method not allowed"}});
  if (!request.content_type.starts_with("application/x-www-form-urlencoded"))
    return json_answer(415,
                       {{"error", "invalid_request"}, {"error_description", "Unsupported content type"}});
  try {
    if (form_value(request.body, "grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer")
      throw Refusal{"unsupported_grant_type", "Unsupported grant_type"};
    const auto grant = judge(form_value(request.body, "assertion"), issuer_of(request), clients_, now_());
    if (!first_use(grant)) throw Refusal{"invalid_grant", "Invalid assertion. Grant is used before"};
    const auto scope = joined(grant.scopes);
    auto response = json_answer(200, {{"access_token", issue(Kind::maskinporten, issuer_of(request),
                                                             token_life, scope, grant.consumer)},
                                      {"token_type", "Bearer"},
                                      {"expires_in", token_life},
                                      {"scope", scope}});
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
  } catch (const Refusal& refusal) {
    return refuse_grant(refusal);
  }
}

Response Tokens::exchange(const Request& request) {
  Response response;
  response.content_type = "text/plain; charset=utf-8";
  std::optional<Issued> first;
  {
    const std::lock_guard lock(mutex_);
    if (const auto* found = find(Kind::maskinporten, request.authorization)) first = *found;
  }
  if (request.method != Method::get || !first) {
    response.status = request.method == Method::get ? 401 : 405;
    return response;
  }
  response.body = issue(Kind::altinn, issuer_of(request), altinn_token_life, first->scope, first->consumer);
  return response;
}

bool Tokens::admits(std::string_view authorization) {
  const std::lock_guard lock(mutex_);
  return find(Kind::altinn, authorization) != nullptr;
}

std::string Tokens::issue(Kind kind, std::string issuer, std::int64_t lifetime, std::string scope,
                          std::string consumer) {
  const auto expires_at = now_() + lifetime;
  const json::object claims = {
      {"iss", issuer},
      {"scope", scope},
      {"consumer", {{"authority", "iso6523-actorid-upis"}, {"ID", "0192:" + consumer}}},
      {"exp", expires_at},
      {"jti", base64url(random_bytes(16))}};
  auto token = base64url(R"({"alg":"HS256","typ":"JWT"})") + '.' + base64url(json::serialize(claims));
  token += '.' + base64url(hmac(secret_, token));
  const std::lock_guard lock(mutex_);
  forget_expired();
  issued_.emplace(token, Issued{kind, expires_at, std::move(scope), std::move(consumer)});
  return token;
}

const Tokens::Issued* Tokens::find(Kind kind, std::string_view authorization) {
  constexpr std::string_view scheme = "Bearer ";
  if (!authorization.starts_with(scheme)) return nullptr;
  const auto found = issued_.find(authorization.substr(scheme.size()));
  const bool good = found != issued_.end() && found->second.kind == kind && found->second.expires_at > now_();
  return good ? &found->second : nullptr;
}

bool Tokens::first_use(const Grant& grant) {
  if (grant.id.empty()) return true;
  const std::lock_guard lock(mutex_);
  return used_.emplace(grant.client_id + '\n' + grant.id, grant.expires_at).second;
}

void Tokens::forget_expired() {
  const auto now = now_();
  std::erase_if(issued_, [&](const auto& each) { return each.second.expires_at <= now; });
  std::erase_if(used_, [&](const auto& each) { return each.second <= now; });
}

} // namespace altinn_sim::maskinporten
