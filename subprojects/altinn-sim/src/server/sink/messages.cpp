#include "messages.hpp"

#include "archive/bytes.hpp"
#include "digits.hpp"
#include "migration.hpp"
#include "page.hpp"
#include "people.hpp"
#include "route.hpp"
#include "target.hpp"
#include "texts.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <vector>

namespace altinn_sim::sink {

namespace {

constexpr std::string_view base = "/a2-archive/api/v1";
constexpr std::string_view json_type = "Content-Type: application/json; charset=utf-8\r\n";
constexpr std::uint64_t first_id = 1'000'000'000;
constexpr std::size_t id_digits = 10;

/// One piece of bytes, over and over.
class Repeated : public Bytes {
public:
  explicit Repeated(std::uint64_t size)
      : piece_(64UL * 1024, '\0')
      , size_(size) {
    archive::FileBytes(1, std::ssize(piece_)).read(0, piece_.data(), piece_.size());
  }

  std::uint64_t size() const override { return size_; }

  void read(std::uint64_t offset, char* room, std::size_t size) const override {
    while (size > 0) {
      const auto from = static_cast<std::size_t>(offset % piece_.size());
      const auto taken = std::min(size, piece_.size() - from);
      std::memcpy(room, piece_.data() + from, taken);
      offset += taken;
      room += taken;
      size -= taken;
    }
  }

private:
  std::vector<char> piece_;
  std::uint64_t size_;
};

int append_not_found(std::string& out) {
  constexpr std::string_view body = R"({"title":"Not Found","status":404})";
  out += with_head("404 Not Found", "Content-Type: application/problem+json\r\n", body, body.size());
  return 404;
}

std::size_t endpoint_of(std::string_view path) {
  return route_of(Method::get, std::string(base).append(path)).endpoint;
}

} // namespace

Messages::Messages(const History::Extent& extent, const Shape& shape)
    : history_({extent.seed, extent.first_day, extent.days, extent.per_day, 1})
    , attachments_(shape.attachments)
    , file_(std::make_shared<Repeated>(shape.attachment_size))
    , plain_(message_json({}))
    , with_file_(message_json(file_json(shape.attachment_size, archive::md5_of(*file_))))
    , list_endpoint_(endpoint_of("/messages"))
    , single_endpoint_(endpoint_of("/messages/1"))
    , file_endpoint_(endpoint_of("/attachments/1")) {}

bool Messages::has_file(std::uint64_t rank) const {
  constexpr std::uint64_t parts = 1'000'000;
  return static_cast<double>(history_.bits({0, rank}, 7) % parts) < attachments_ * parts;
}

Fields Messages::fields_of(std::uint64_t rank) const {
  Fields fields;
  write_time(fields.changed.data(), history_.changed_us({0, rank}) * 10, 6);
  write_decimal(fields.message.data(), first_id + rank, id_digits);
  const auto party = history_.bits({0, rank}, 3) % parties;
  write_decimal(fields.party.data(), first_party + party, 8);
  write_organisation_number(party, fields.number.data());
  write_decimal(fields.user.data(), first_user + history_.bits({0, rank}, 4) % users, 8);
  return fields;
}

std::optional<std::uint64_t> Messages::rank_of(std::string_view id) const {
  std::uint64_t number = 0;
  const auto* end = id.data() + id.size();
  const auto [at, error] = std::from_chars(id.data(), end, number);
  if (error != std::errc{} || at != end || number < first_id || number - first_id >= history_.size())
    return {};
  return number - first_id;
}

int Messages::answer(const Incoming& request, std::string_view path, std::string& out,
                     std::size_t& endpoint) const {
  if (const int status = answer_migration(request, path, out, endpoint)) return status;
  if (!path.starts_with(base)) return 0;
  const auto below = path.substr(base.size());
  if (below == "/messages") {
    endpoint = list_endpoint_;
    return list(request, out);
  }
  constexpr std::string_view messages = "/messages/";
  endpoint = single_endpoint_;
  return below.starts_with(messages) ? single(below.substr(messages.size()), out) : append_not_found(out);
}

std::shared_ptr<const Bytes> Messages::file(std::string_view path, std::size_t& endpoint) const {
  constexpr std::string_view files = "/a2-archive/api/v1/attachments/";
  if (!path.starts_with(files)) return nullptr;
  const auto rank = rank_of(path.substr(files.size()));
  if (!rank || !has_file(*rank)) return nullptr;
  endpoint = file_endpoint_;
  return file_;
}

int Messages::list(const Incoming& incoming, std::string& out) const {
  auto target = split_target(incoming.target);
  Request request;
  request.query = target.query;
  request.parameters = std::move(target.parameters);
  const auto* order = request.parameter("order");
  const auto page =
      page_of(history_, 0, request, order != nullptr && *order == "asc:changed" ? "changed" : "created");
  if (!page) {
    constexpr std::string_view body = R"({"title":"Bad Request","status":400})";
    out += with_head("400 Bad Request", "Content-Type: application/problem+json\r\n", body, body.size());
    return 400;
  }
  std::string envelope = R"({"count":)" + std::to_string(page->count);
  if (page->more) {
    const auto last = page->rank(page->count - 1);
    envelope += R"(,"next":")" +
                next_page(request, base, "/messages?", history_.changed_us({0, last}) * 10, last) + '"';
  }
  envelope += R"(,"messages":[)";
  auto size = envelope.size() + (page->count == 0 ? 0 : page->count - 1) + 2;
  for (std::uint64_t row = 0; row < page->count; ++row)
    size += piece_of(page->rank(row)).size();
  out.reserve(out.size() + size + 256);
  out += with_head("200 OK", json_type, envelope, size);
  for (std::uint64_t row = 0; row < page->count; ++row) {
    if (row > 0) out += ',';
    piece_of(page->rank(row)).append_to(out, fields_of(page->rank(row)));
  }
  out += "]}";
  return 200;
}

int Messages::single(std::string_view id, std::string& out) const {
  const auto rank = rank_of(id);
  if (!rank) return append_not_found(out);
  std::string body;
  piece_of(*rank).append_to(body, fields_of(*rank));
  out += with_head("200 OK", json_type, body, body.size());
  return 200;
}

} // namespace altinn_sim::sink
