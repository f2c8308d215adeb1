#define CATCH_CONFIG_RUNNER
#include "correspondence_golden.hpp"
#include "golden.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

/// The rules of sections 4 (identifiers) and 5 (building the dialog), and of what comes before them and
/// decides.
constexpr int rules[] = {3,  4,  5,  40, 41, 42, 43, 50, 51, 52, 53,  54,  55,  56, 57,
                         58, 60, 61, 62, 63, 64, 65, 66, 67, 70, 71,  75,  76,  77, 80,
                         81, 82, 83, 84, 85, 86, 87, 88, 90, 99, 110, 111, 112, 113};

std::vector<std::string> messages; ///< the names of the recorded cases about messages

} // namespace

TEST_CASE("every recorded case about messages is checked, none is left out", "[golden][correspondence]") {
  std::map<std::string, int> groups;
  for (const auto& name : messages)
    ++groups[name.substr(0, name.find('/'))];
  const std::map<std::string, int> recorded{
      {"a3", 14},     {"actions", 6}, {"activities", 26}, {"attachments", 8}, {"content", 30},
      {"dates", 12},  {"exclude", 2}, {"existing", 1},    {"ids", 5},         {"labels", 8},
      {"migrate", 6}, {"party", 11},  {"references", 5},  {"status", 5},      {"sync", 26},
      {"tags", 5},    {"unfit", 20}};
  CHECK(groups == recorded);
  CHECK(messages.size() == 190);
}

TEST_CASE("every rule that shapes a dialog is named by a test") {
  std::set<std::string> named;
  for (const auto& test : Catch::getRegistryHub().getTestCaseRegistry().getAllTests())
    named.insert(test.tags.begin(), test.tags.end());
  for (const int rule : rules) {
    CAPTURE(rule);
    CHECK(named.count("M-" + std::to_string(rule)) == 1);
  }
}

int main(int argc, char* argv[]) {
  golden::register_cases();
  messages = correspondence_golden::register_cases();
  return Catch::Session().run(argc, argv);
}
