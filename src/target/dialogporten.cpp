#include <dialogferry/http/url.hpp>
#include <dialogferry/target/dialogporten.hpp>

#include <algorithm>
#include <array>

namespace dialogferry::target::dialogporten {

namespace {

constexpr std::string_view dialogs = "/api/v1/serviceowner/dialogs";

http::Request request(http::Method method, std::string target) {
  http::Request made;
  made.method = method;
  made.target = std::move(target);
  made.accept = "application/json";
  return made;
}

std::string of(const Uuid& dialog) {
  std::string target(dialogs);
  target += '/';
  append_uuid(target, dialog);
  return target;
}

std::string_view silent_query(bool silent) {
  return silent ? "?isSilentUpdate=true" : "?isSilentUpdate=false";
}

http::Method method_of(std::string_view name) {
  constexpr std::array methods = {http::Method::get, http::Method::post, http::Method::put,
                                  http::Method::patch, http::Method::remove};
  const auto* const found = std::find_if(methods.begin(), methods.end(),
                                         [&](http::Method method) { return name_of(method) == name; });
  return found == methods.end() ? http::Method::get : *found;
}

http::Request change(http::Method method, std::string target, bool silent, std::string revision) {
  auto made = request(method, target.append(silent_query(silent)));
  made.if_match = std::move(revision);
  return made;
}

} // namespace

http::Request create(std::string body, bool silent) {
  auto made = request(http::Method::post, std::string(dialogs).append(silent_query(silent)));
  made.content_type = "application/json";
  made.body = std::move(body);
  return made;
}

http::Request update(const Uuid& dialog, std::string body, bool silent, std::string revision) {
  auto made = change(http::Method::put, of(dialog), silent, std::move(revision));
  made.content_type = "application/json";
  made.body = std::move(body);
  return made;
}

http::Request remove(const Uuid& dialog, bool silent, std::string revision) {
  return change(http::Method::remove, of(dialog), silent, std::move(revision));
}

http::Request purge(const Uuid& dialog, bool silent, std::string revision) {
  return change(http::Method::post, of(dialog) + "/actions/purge", silent, std::move(revision));
}

http::Request restore(const Uuid& dialog, bool silent, std::string revision) {
  return change(http::Method::post, of(dialog) + "/actions/restore", silent, std::move(revision));
}

http::Request get(const Uuid& dialog) {
  return request(http::Method::get, of(dialog));
}

http::Request update_form_saved_time(const Uuid& dialog, const Uuid& activity, Instant at,
                                     std::string revision) {
  auto made = request(http::Method::post, of(dialog) + "/activities/" + to_string(activity) +
                                              "/actions/updateFormSavedActivityTime");
  made.content_type = "application/json";
  made.body = '"' + to_string(at) + '"';
  made.if_match = std::move(revision);
  return made;
}

http::Request lookup(std::string_view instance_ref) {
  return request(http::Method::get,
                 "/api/v1/serviceowner/dialoglookup?instanceRef=" + http::percent_encode(instance_ref));
}

http::Request carry_out(const mapping::correspondence::Call& call) {
  constexpr std::string_view place = "/dialogporten";
  std::string_view path = call.path;
  if (path.starts_with(place)) path.remove_prefix(place.size());
  auto made = request(method_of(call.method), std::string(path));
  if (!call.body.empty()) made.content_type = "application/json";
  made.body = call.body;
  return made;
}

http::Request newest(unsigned limit) {
  return request(http::Method::get,
                 "/api/v1/serviceowner/dialogs?orderBy=createdAt_desc&limit=" + std::to_string(limit));
}

http::Request search(const Search& search) {
  std::string target(dialogs);
  target += "?updatedAfter=";
  append_instant(target, search.from); // has no character that a query must encode
  target += "&updatedBefore=";
  append_instant(target, {search.before.ticks - Instant::per_microsecond}); // both ends count (2.2)
  if (!search.label.empty())
    target.append("&serviceOwnerLabels=").append(http::percent_encode(search.label)).append("*");
  target.append("&deleted=include&orderBy=updatedAt_desc,id_desc&limit=")
      .append(std::to_string(search.limit));
  if (!search.token.empty()) target.append("&continuationToken=").append(http::percent_encode(search.token));
  return request(http::Method::get, std::move(target));
}

http::Request probe() {
  return request(http::Method::get, "/api/v1/metadata/limits");
}

} // namespace dialogferry::target::dialogporten
