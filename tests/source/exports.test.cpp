#include "../http/answers.hpp"
#include "../http/files.hpp"

#include <dialogferry/codec/messages.hpp>
#include <dialogferry/http/pipe.hpp>
#include <dialogferry/http/retry.hpp>
#include <dialogferry/source/a2_archive.hpp>
#include <dialogferry/source/exports.hpp>

#include <algorithm>
#include <zlib.h>

using namespace dialogferry;
using namespace dialogferry::source;

namespace {

std::string message(int id, const std::string& created, const std::string& more = {}) {
  return R"({"altinn2CorrespondenceId":)" + std::to_string(id) + R"(,"created":")" + created +
         R"(","partyId":1,"correspondenceData":{})" + more + "}";
}

std::string packed(const std::string& text) {
  std::string out(text.size() + 1000, '\0');
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// A folder of exports, and who asks it.
struct Archive {
  http::Answer ask(http::Request request) {
    if (!exports) exports = Exports::open(folder.path("")).value();
    Answers answers;
    exports->send(std::make_shared<const http::Request>(std::move(request)), answers.handler());
    REQUIRE(answers.wait_for(1));
    return answers.all()[0];
  }

  codec::Page page(const ListRequest& request) {
    auto answer = ask(a2_archive::by_creation.request(request));
    REQUIRE(answer);
    REQUIRE(answer->status == 200);
    codec::Parser parser;
    auto page = a2_archive::by_creation.read(
        parser, std::make_shared<const codec::Document>(std::move(answer->body)));
    REQUIRE(page);
    return std::move(*page);
  }

  /// The ids of all pages of so many messages.
  std::vector<std::string> walk(ListRequest request) {
    std::vector<std::string> ids;
    std::string token;
    for (int pages = 0; pages < 1000; ++pages) {
      request.token = token;
      const auto read = page(request);
      for (const auto& row : read.rows)
        ids.emplace_back(row.id);
      CHECK(read.rows.size() <= request.size);
      if (!read.next_query) return ids;
      token = std::string(a2_archive::by_creation.token_of(*read.next_query));
    }
    FAIL("the pages never end");
    return ids;
  }

  std::string refusal(const ListRequest& request) {
    const auto verdict = http::classify(http::Operation::list, ask(a2_archive::by_creation.request(request)));
    CHECK(verdict.kind == http::Verdict::Kind::again);
    return verdict.problem.message;
  }

  TemporaryFolder folder;
  std::shared_ptr<Exports> exports;
};

using Ids = std::vector<std::string>;

ListRequest day(const std::string& from, const std::string& before, unsigned size = 100) {
  ListRequest request;
  request.from = parse_instant(from);
  request.before = parse_instant(before);
  request.size = size;
  return request;
}

const ListRequest whole_day = day("2025-01-22T00:00:00Z", "2025-01-23T00:00:00Z");

} // namespace

TEST_CASE("A day's lines in any order are listed by their time, newest first and oldest first", "[exports]") {
  Archive archive;
  archive.folder.write("2025-01-22.ndjson", message(3, "2025-01-22T10:00:00Z") + "\n" +
                                                message(1, "2025-01-22T00:00:00Z") + "\n\n" +
                                                message(5, "2025-01-22T23:59:59.999999Z") + "\r\n" +
                                                message(4, "2025-01-22T10:00:00Z") + "\n");
  archive.folder.write("notes.txt", "no export");
  CHECK(archive.walk(whole_day) == Ids{"5", "4", "3", "1"});
  auto request = whole_day;
  request.ascending = true;
  CHECK(archive.walk(request) == Ids{"1", "3", "4", "5"});
  for (const unsigned size : {1U, 2U, 3U}) {
    request.size = size;
    request.ascending = true;
    CHECK(archive.walk(request) == Ids{"1", "3", "4", "5"});
    request.ascending = false;
    CHECK(archive.walk(request) == Ids{"5", "4", "3", "1"});
  }
}

TEST_CASE("A window is half open, and one moment has what was created in its microsecond", "[exports]") {
  Archive archive;
  archive.folder.write("2025-01-22.ndjson", message(1, "2025-01-22T10:00:00Z") + "\n" +
                                                message(2, "2025-01-22T10:00:00.000001Z") + "\n" +
                                                message(3, "2025-01-22T10:00:00.000002Z"));
  CHECK(archive.walk(day("2025-01-22T10:00:00Z", "2025-01-22T10:00:00.000002Z")) == Ids{"2", "1"});
  ListRequest at;
  at.at = parse_instant("2025-01-22T10:00:00.000001Z");
  at.ascending = true;
  CHECK(archive.walk(at) == Ids{"2"});
  CHECK(archive.walk(day("2025-01-22T12:00:00Z", "2025-01-22T11:00:00Z")).empty());
}

TEST_CASE("A row is the line as it stands in the file", "[exports]") {
  Archive archive;
  const auto line = message(1, "2025-01-22T10:00:00Z", R"(,"eventHistory":[{"status":"Read"}],"ø":"}\"")");
  archive.folder.write("2025-01-22.ndjson", "\xEF\xBB\xBF" + line);
  const auto page = archive.page(whole_day);
  REQUIRE(page.rows.size() == 1);
  CHECK(page.rows[0].json.text == line);
  CHECK(page.count == 1);
}

TEST_CASE("A window may span several days, packed ones and empty ones among them", "[exports]") {
  Archive archive;
  archive.folder.write("2025-01-21.ndjson.gz", packed(message(1, "2025-01-21T10:00:00Z") + "\n" +
                                                      message(2, "2025-01-21T11:00:00Z") + "\n"));
  archive.folder.write("2025-01-22.ndjson", "");
  archive.folder.write("2025-01-23.ndjson", message(3, "2025-01-23T10:00:00Z") + "\n");
  for (const unsigned size : {1U, 2U, 100U}) {
    ListRequest all;
    all.size = size;
    CHECK(archive.walk(all) == Ids{"3", "2", "1"});
    all.ascending = true;
    CHECK(archive.walk(all) == Ids{"1", "2", "3"});
  }
  CHECK(archive.walk(whole_day).empty());
  CHECK(archive.walk(day("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z")).empty()); // before the first
}

TEST_CASE("A line that is no message is an exception with its file and number, the others are listed",
          "[exports]") {
  Archive archive;
  archive.folder.write(
      "2025-01-22.ndjson",
      message(1, "2025-01-22T10:00:00Z") + "\n" + "nonsense\n" + "[1]\n" +
          R"({"altinn2CorrespondenceId":2})" + "\n" + message(3, "2025-01-23T00:00:00Z") + "\n" +
          "{\"altinn2CorrespondenceId\":4,\"created\":\"2025-01-22T10:00:00Z\",\"x\":\"\xFF\"}\n" +
          R"({"altinn2CorrespondenceId":5,"created":"2025-01-22T10:00:00Z","x":[})" + "\n" +
          message(6, "2025-01-22T12:00:00Z") + "\n");
  const auto page = archive.page(whole_day);
  REQUIRE(page.rows.size() == 8);
  CHECK(page.rows[0].id == "6");
  CHECK(page.rows[1].id == "1");
  std::vector<std::pair<std::string, std::string>> wrong;
  for (const auto& row : page.rows) {
    if (!row.problem) continue;
    CHECK_FALSE(row.guid);
    CHECK(row.created == parse_instant("2025-01-22T00:00:00Z"));
    wrong.emplace_back(row.id, row.problem->message);
  }
  std::reverse(wrong.begin(), wrong.end());
  CHECK(wrong == std::vector<std::pair<std::string, std::string>>{
                     {"2025-01-22.ndjson:2", "line is no JSON"},
                     {"2025-01-22.ndjson:3", "line is no object"},
                     {"2025-01-22.ndjson:4", "message.created is missing"},
                     {"2025-01-22.ndjson:5", "was created on another day, 2025-01-23"},
                     {"2025-01-22.ndjson:6", "line is no JSON"},
                     {"2025-01-22.ndjson:7", "line is no JSON"}});
}

TEST_CASE("A file that is cut off is listed as far as it is whole, and the rest is an exception",
          "[exports]") {
  Archive archive;
  const auto whole = message(1, "2025-01-22T10:00:00Z") + "\n" + message(2, "2025-01-22T11:00:00Z");
  SECTION("in the middle of a line") {
    archive.folder.write("2025-01-22.ndjson", whole.substr(0, whole.size() - 1));
    const auto page = archive.page(whole_day);
    REQUIRE(page.rows.size() == 2);
    CHECK(page.rows[0].id == "1");
    CHECK(page.rows[1].id == "2025-01-22.ndjson:2");
    CHECK(page.rows[1].problem->message == "the file ends in the middle of the line");
  }
  SECTION("only its last line break is missing") {
    archive.folder.write("2025-01-22.ndjson", whole);
    CHECK(archive.walk(whole_day) == Ids{"2", "1"});
  }
  SECTION("in its packing") {
    std::string text;
    for (int i = 1; i <= 2000; ++i)
      text +=
          message(i, "2025-01-22T10:00:00Z", R"(,"x":")" + std::to_string(i * 7919 % 100'003) + '"') + "\n";
    const auto bytes = packed(text);
    archive.folder.write("2025-01-22.ndjson.gz", bytes.substr(0, bytes.size() / 2));
    const auto ids = archive.walk(whole_day);
    CHECK(ids.size() > 100);
    CHECK(ids.size() < 2000);
    CHECK(ids.back() == "2025-01-22.ndjson.gz:" + std::to_string(ids.size()));
    CHECK(std::count_if(ids.begin(), ids.end(),
                        [](const auto& id) { return id.find(':') != std::string::npos; }) == 1);
  }
  SECTION("behind a whole line of its packing") {
    const auto bytes = packed(whole + "\n");
    archive.folder.write("2025-01-22.ndjson.gz", bytes.substr(0, bytes.size() - 8));
    CHECK(archive.walk(whole_day) == Ids{"2", "1", "2025-01-22.ndjson.gz:3"});
  }
  SECTION("its packing is broken") {
    auto bytes = packed(whole + "\n");
    bytes[bytes.size() - 6] = static_cast<char>(bytes[bytes.size() - 6] ^ 1);
    archive.folder.write("2025-01-22.ndjson.gz", bytes);
    CHECK(archive.walk(whole_day).back().starts_with("2025-01-22.ndjson.gz:"));
  }
}

TEST_CASE("A line over the limit is an exception, and the lines around it are listed", "[exports]") {
  Archive archive;
  archive.folder.write("2025-01-22.ndjson", message(1, "2025-01-22T10:00:00Z") + "\n" +
                                                std::string(Exports::longest_line + 1, 'x') + "\n" +
                                                message(2, "2025-01-22T11:00:00Z") + "\n");
  CHECK(archive.walk(whole_day) == Ids{"2", "1", "2025-01-22.ndjson:2"});
}

TEST_CASE("A page ends where it is large, whatever number was asked for", "[exports]") {
  Archive archive;
  std::string text;
  for (int i = 1; i <= 6; ++i)
    text += message(i, "2025-01-22T10:00:00Z", R"(,"x":")" + std::string(7 << 20, 'x') + '"') + "\n";
  archive.folder.write("2025-01-22.ndjson", text);
  const auto page = archive.page(whole_day);
  CHECK(page.rows.size() == 3);
  CHECK(page.next_query);
  CHECK(archive.walk(whole_day) == Ids{"6", "5", "4", "3", "2", "1"});
}

TEST_CASE("A day without a file between others is told by its name, and carried once it is there",
          "[exports]") {
  Archive archive;
  archive.folder.write("2025-01-21.ndjson", message(1, "2025-01-21T10:00:00Z"));
  archive.folder.write("2025-01-23.ndjson", message(3, "2025-01-23T10:00:00Z"));
  CHECK(archive.refusal(whole_day) ==
        "status 404, 2025-01-22.ndjson is missing, between others that are there");
  CHECK(archive.walk(day("2025-01-21T00:00:00Z", "2025-01-22T00:00:00Z")) == Ids{"1"});
  CHECK(archive.walk(day("2025-01-23T00:00:00Z", "2025-01-24T00:00:00Z")) == Ids{"3"});
  archive.folder.write("2025-01-22.ndjson", message(2, "2025-01-22T10:00:00Z"));
  CHECK(archive.walk(whole_day) == Ids{"2"});
}

TEST_CASE("A day that is there twice, or that is no file, is told by its name", "[exports]") {
  Archive archive;
  archive.folder.write("2025-01-22.ndjson", "");
  archive.folder.write("2025-01-22.ndjson.gz", packed(""));
  CHECK_THAT(archive.refusal(whole_day), Catch::Contains("is there packed and unpacked"));
  std::filesystem::create_directory(archive.folder.path("2025-01-23.ndjson"));
  CHECK(archive.refusal(day("2025-01-23T00:00:00Z", "2025-01-24T00:00:00Z")) ==
        "status 404, 2025-01-23.ndjson is no file");
}

TEST_CASE("A file that was changed is read again", "[exports]") {
  Archive archive;
  archive.folder.write("2025-01-22.ndjson", message(1, "2025-01-22T10:00:00Z"));
  CHECK(archive.walk(whole_day) == Ids{"1"});
  archive.folder.write("2025-01-22.ndjson", message(12, "2025-01-22T10:00:00Z"));
  CHECK(archive.walk(whole_day) == Ids{"12"});
}

TEST_CASE("More days than are kept are read all the same", "[exports]") {
  Archive archive;
  Ids expected;
  const auto first = *parse_day("2025-01-01");
  for (int i = 0; i < 40; ++i) {
    const auto name = to_string(Day{first.number + i});
    archive.folder.write(name + ".ndjson", message(i + 1, name + "T10:00:00Z"));
    expected.push_back(std::to_string(i + 1));
  }
  ListRequest all;
  all.ascending = true;
  CHECK(archive.walk(all) == expected);
  CHECK(archive.walk(all) == expected);
}

TEST_CASE("A single message is found by its number, sooner with its day", "[exports]") {
  Archive archive;
  const auto first = *parse_day("2025-01-01");
  for (int i = 0; i < 80; ++i) {
    const auto name = to_string(Day{first.number + i});
    archive.folder.write(name + ".ndjson", message(i + 1, name + "T10:00:00Z"));
  }
  CHECK(archive.ask(a2_archive::message("80"))->body == message(80, "2025-03-21T10:00:00Z"));
  CHECK(archive.ask(a2_archive::message("17"))->status == 200);
  const auto out_of_reach = archive.ask(a2_archive::message("16"));
  CHECK(http::classify(http::Operation::read, out_of_reach).kind == http::Verdict::Kind::exception);
  CHECK(archive.ask(a2_archive::message("16", parse_instant("2025-01-16T10:00:00Z")))->body ==
        message(16, "2025-01-16T10:00:00Z"));
  CHECK(archive.ask(a2_archive::message("99", parse_instant("2025-01-16T10:00:00Z")))->status == 404);
  CHECK(archive.ask(a2_archive::message("x"))->status == 400);
  // A day without a file says nothing about the message.
  CHECK(archive.ask(a2_archive::message("16", parse_instant("2026-01-16T10:00:00Z")))->status == 400);
}

TEST_CASE("What cannot be read of a question is 400, and changes are not to be had", "[exports]") {
  Archive archive;
  archive.folder.write("2025-01-22.ndjson", "");
  for (const auto* const query :
       {"order=asc:size", "size=0", "size=5001", "size=x", "created=2025-01-22",
        "created=gt:2025-01-22T00:00:00Z", "continuationToken=x", "continuationToken=1_2", "order=%zz"}) {
    CAPTURE(query);
    CHECK(archive.ask(get("/a2-archive/api/v1/messages?" + std::string(query)))->status == 400);
  }
  const auto changes = archive.ask(a2_archive::by_change.request({}));
  CHECK(changes->status == 404);
  CHECK_THAT(changes->body, Catch::Contains("exports have no changes"));
  CHECK(archive.ask(get("/a2-archive/api/v1/parties"))->status == 404);
  CHECK(archive.ask(get("/storage/api/v1/instances"))->status == 404);
  CHECK(archive.ask(post("/a2-archive/api/v1/messages", ""))->status == 404);
  CHECK(archive.ask(a2_archive::probe())->status == 200);
}

TEST_CASE("An attachment flows from its file into a pipe, and one that is not there is 404", "[exports]") {
  Archive archive;
  std::filesystem::create_directory(archive.folder.path("attachments"));
  const std::string content(300'000, 'x');
  archive.folder.write("attachments/90012345", content);
  CHECK(archive.ask(a2_archive::attachment("90012345"))->body == content);

  http::Pipe pipe({content.size(), {}}, [&](std::shared_ptr<http::BodySink> sink) {
    auto request = a2_archive::attachment("90012345");
    request.sink = std::move(sink);
    archive.exports->send(std::make_shared<const http::Request>(std::move(request)),
                          [](const http::Answer&) {});
  });
  const auto reader = pipe.open();
  std::string read;
  while (read.size() < content.size()) {
    auto taken = std::make_shared<std::promise<std::string>>();
    reader->read([taken](std::optional<std::string_view> block) {
      taken->set_value(std::string(block.value_or("")));
    });
    auto future = taken->get_future();
    REQUIRE(future.wait_for(std::chrono::seconds(30)) == std::future_status::ready);
    const auto block = future.get();
    REQUIRE_FALSE(block.empty());
    read += block;
  }
  CHECK(read == content);

  CHECK(archive.ask(a2_archive::attachment("1"))->status == 404);
  CHECK(archive.ask(a2_archive::attachment(""))->status == 404);
  for (const auto* const name : {"../2025-01-22.ndjson", "..", ".", "a/b"}) {
    archive.folder.write("2025-01-22.ndjson", "x");
    CHECK(archive.ask(a2_archive::attachment(name))->status == 404);
  }
}

TEST_CASE("A folder that is not there is a problem of the configuration", "[exports]") {
  const auto none = Exports::open("/nowhere/exports");
  REQUIRE_FALSE(none);
  CHECK(none.error().member == "apis.a2_archive.base_url");
  CHECK_THAT(none.error().message, Catch::Contains("/nowhere/exports"));
}

TEST_CASE("Whoever still waits when the exports are closed is answered", "[exports]") {
  Answers answers;
  {
    Archive archive;
    archive.folder.write("2025-01-22.ndjson", "");
    REQUIRE(archive.ask(a2_archive::probe()));
    for (int i = 0; i < 100; ++i)
      archive.exports->send(std::make_shared<const http::Request>(a2_archive::probe()), answers.handler());
  }
  CHECK(answers.all().size() == 100);
}
