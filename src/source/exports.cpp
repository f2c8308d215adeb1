#include "exports/folder.hpp"
#include "exports/pages.hpp"

#include <dialogferry/codec/json_writer.hpp>
#include <dialogferry/codec/messages.hpp>
#include <dialogferry/http/disk_thread.hpp>
#include <dialogferry/http/stream.hpp>
#include <dialogferry/http/url.hpp>
#include <dialogferry/source/exports.hpp>

#include <filesystem>

namespace dialogferry::source {

namespace {

using exports::Folder;
using http::TransportFault;

constexpr std::string_view base = "/a2-archive/api/v1/";
constexpr std::size_t largest_body = 32 << 20; ///< of an attachment that is asked for without a sink

http::Response answered(int status, std::string body, std::string content_type) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  response.body.reserve(response.body.size() + http::body_padding);
  response.content_type = std::move(content_type);
  return response;
}

http::Response found(std::string json) {
  return answered(200, std::move(json), "application/json");
}

http::Response refused(int status, std::string_view title) {
  codec::JsonWriter json(256);
  json.open('{');
  json.name(R"("title":)");
  json.text(title);
  json.name(R"("status":)");
  json.number(status);
  json.close('}');
  return answered(status, std::move(json).take(), "application/problem+json");
}

http::Response refused(int status, const Problem& problem) {
  return refused(status, problem.member + " " + problem.message);
}

http::Answer broken(TransportFault kind, std::string text) {
  return tl::unexpected(http::TransportError{kind, std::move(text), false});
}

/// For who asks for an attachment without a sink of their own.
class InMemory final : public http::BodySink {
public:
  void begin(std::optional<std::uint64_t> length, Back back) override {
    if (length && *length > largest_body) back.stop();
  }
  bool write(std::string_view bytes) override {
    if (body.size() + bytes.size() <= largest_body) body += bytes;
    return true;
  }
  void end() override {}
  void fail(std::string_view) override {}

  std::string body;
};

/// One segment of a path that names a file inside its folder; nothing for anything else.
std::optional<std::string> file_name(std::string_view segment) {
  auto name = http::percent_decode(segment);
  const bool good = name && !name->empty() && name->front() != '.' &&
                    name->find_first_of(std::string_view("/\0", 2)) == std::string::npos;
  return good ? name : std::nullopt;
}

} // namespace

struct Exports::Impl {
  explicit Impl(std::string path)
      : root(std::move(path))
      , folder(root, most_kept) {}

  void answer(const std::shared_ptr<const http::Request>& request, const http::Handler& handler) {
    if (disk.is_closing()) return handler(broken(TransportFault::cancelled, "the exports are closed"));
    std::string_view target = request->target;
    if (request->method != http::Method::get || !target.starts_with(base))
      return handler(refused(404, "There is no such thing in the exports"));
    target.remove_prefix(base.size());
    const auto question = std::min(target.find('?'), target.size());
    const auto path = target.substr(0, question);
    const auto query = target.substr(std::min(question + 1, target.size()));
    if (path == "messages") return handler(messages(query));
    if (path.starts_with("messages/")) return handler(message(path.substr(path.find('/') + 1), query));
    if (path.starts_with("attachments/"))
      return attachment(path.substr(path.find('/') + 1), request->sink, handler);
    handler(refused(404, "There is no such thing in the exports"));
  }

  http::Response messages(std::string_view text) {
    const auto query = exports::read_query(text);
    if (!query) return refused(400, query.error());
    if (query->by_change) return refused(404, "exports have no changes");
    auto page = exports::page_of(folder, *query);
    return page ? found(std::move(*page)) : refused(404, page.error());
  }

  // -- a single message ------------------------------------------------------------

  http::Response message(std::string_view segment, std::string_view text) {
    const auto id = codec::parse_message_id(segment);
    const auto query = exports::read_query(text);
    if (!id || !query) return refused(400, "the message's number or the time cannot be read");
    if (query->from) return message_of(*id, day_of(*query->from));
    for (const auto day : folder.kept())
      if (auto text = look_in(folder.day(day), *id)) return found(std::move(*text));
    return search(*id);
  }

  http::Response message_of(std::int32_t id, Day day) {
    const auto file = folder.day(day);
    if (!file) return refused(400, file.error()); // not 404: the message may well be there
    auto text = look_in(file, id);
    return text ? found(std::move(*text)) : refused(404, "The message is not there");
  }

  /// Newest first. What was not looked at may hold it.
  http::Response search(std::int32_t id) {
    const auto days = folder.days();
    bool is_known = days.size() <= most_searched;
    std::size_t left = most_searched;
    for (auto day = days.rbegin(); day != days.rend() && left > 0 && !disk.is_closing(); ++day, --left) {
      const auto file = folder.read(*day);
      if (auto text = look_in(file, id)) return found(std::move(*text));
      is_known = is_known && file;
    }
    if (is_known) return refused(404, "The message is not there");
    return refused(400, "The message is in none of the newest " + std::to_string(most_searched) +
                            " files; carry its day again");
  }

  static std::optional<std::string> look_in(const Result<std::shared_ptr<const exports::DayFile>>& file,
                                            std::int32_t id) {
    if (!file) return std::nullopt;
    for (const auto& entry : (*file)->entries()) {
      std::string text;
      if (entry.id == id && (*file)->append(text, entry)) return text;
    }
    return std::nullopt;
  }

  // -- attachments -------------------------------------------------------------------

  void attachment(std::string_view segment, const std::shared_ptr<http::BodySink>& sink,
                  const http::Handler& handler) {
    const auto name = file_name(segment);
    const auto path = root + "/attachments/" + name.value_or("");
    std::error_code error;
    if (!name || !std::filesystem::is_regular_file(path, error))
      return handler(refused(404, "attachments/" + name.value_or("") + " is not there"));
    const auto memory = sink ? nullptr : std::make_shared<InMemory>();
    disk.read(path, sink ? sink : memory, [memory, handler](const std::optional<Problem>& problem) {
      if (problem) return handler(broken(TransportFault::reset, problem->member + " " + problem->message));
      handler(answered(200, memory ? std::move(memory->body) : std::string{}, "application/octet-stream"));
    });
  }

  const std::string root;
  Folder folder;
  http::DiskThread disk; ///< ends first
};

Exports::Exports(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl)) {}
Exports::~Exports() = default;

Result<std::shared_ptr<Exports>> Exports::open(const std::string& folder) {
  std::error_code error;
  const std::filesystem::directory_iterator looked(folder, error);
  if (error)
    return fail("apis.a2_archive.base_url",
                "names a folder that cannot be read: " + folder + ": " + error.message(),
                "give the path of the exports, relative to the configuration: file:exports");
  return std::shared_ptr<Exports>(new Exports(std::make_unique<Impl>(folder)));
}

void Exports::send(const std::shared_ptr<const http::Request>& request, http::Handler handler) {
  if (request->stream || request->sink) handler = http::telling_streams(request, std::move(handler));
  const bool taken =
      impl_->disk.post([impl = impl_.get(), request, handler] { impl->answer(request, handler); });
  if (!taken) handler(broken(TransportFault::overload, "too many requests wait for the exports already"));
}

} // namespace dialogferry::source
