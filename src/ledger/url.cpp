#include "url.hpp"

namespace dialogferry::ledger {

Result<SqlitePlace> parse_url(std::string_view url) {
  constexpr std::string_view scheme = "sqlite:";
  if (url.substr(0, scheme.size()) != scheme) {
    return fail("ledger.url",
                "names a kind of ledger that is not known: " + std::string(url.substr(0, url.find(':'))),
                "use sqlite: and a file, such as sqlite:ferry.db, or postgresql://USER@HOST/DATABASE");
  }
  const auto rest = url.substr(scheme.size());
  const auto mark = rest.find('?');
  SqlitePlace place{std::string(rest.substr(0, mark)), false};
  if (place.path.empty())
    return fail("ledger.url", "names no file", "write it after sqlite:, such as sqlite:ferry.db");
  if (mark == std::string_view::npos) return place;
  const auto option = rest.substr(mark + 1);
  if (option != "synchronous=full" && option != "synchronous=normal") {
    return fail("ledger.url", "has an option that is not known: " + std::string(option),
                "allowed are synchronous=full and synchronous=normal");
  }
  place.write_through = option == "synchronous=full";
  return place;
}

bool is_postgres(std::string_view url) {
  return url.starts_with("postgresql://");
}

} // namespace dialogferry::ledger
