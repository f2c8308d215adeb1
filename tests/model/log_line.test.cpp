#include <dialogferry/model/log_line.hpp>

#include <catch2/catch.hpp>

using namespace dialogferry;

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;

TEST_CASE("A line of the log is read as it was written, without what tells who somebody is", "[model]") {
  LogLine line("cannot be carried");
  line.field("row", "a3-app-instances-live").field("why", "").field("member", "user 01017012345 = x\x1fy");
  const auto before = line.text();
  const auto read = read_log_line(before);
  line.id("trace", "016d76f27e57406889229ebded68084d");
  CHECK(read_log_line(line.text()).fields.back().second == "016d76f27e57406889229ebded68084d");
  CHECK(read.message == "cannot be carried");
  CHECK(read.fields == Fields{{"row", "a3-app-instances-live"}, {"member", "user *********** = x y"}});
}

TEST_CASE("A text that is no line of fields is a message", "[model]") {
  CHECK(read_log_line("listening").message == "listening");
  CHECK(read_log_line("listening").fields.empty());
  CHECK(read_log_line("").message.empty());
  CHECK(read_log_line("a\x1f"
                      "b")
            .fields == Fields{{"b", ""}});
}
