#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// The results of one benchmark, member by member: as one JSON object, or as lines for people.
class Report {
public:
  Report& number(std::string_view name, double value, int decimals);
  Report& text(std::string_view name, std::string_view value);

  /// Parts of the same shape, shown to people as a table.
  Report& list(std::string_view name, std::vector<Report> parts);

  std::string as_json() const;
  std::string as_text() const;

  /// Writes to the standard output; in JSON with the benchmark's name first.
  void print(std::string_view benchmark, bool json) const;

private:
  struct Member {
    std::string name;
    std::string shown;
    std::string json;
  };

  std::vector<Member> members_;
  std::vector<std::pair<std::string, std::vector<Report>>> lists_;
};

/// The middle of some values, of an even number the mean of the middle two.
double median(std::vector<double> values);

/// A JSON string.
std::string quoted(std::string_view text);

} // namespace bench
