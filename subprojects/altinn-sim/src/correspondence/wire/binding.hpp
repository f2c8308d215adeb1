#pragma once

#include "correspondence/model/record.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace altinn_sim::correspondence {

namespace json = boost::json;

/// A property as its path in C# ("CorrespondenceData.Correspondence.ResourceId"; "$.created" where the JSON
/// does not bind), and what is wrong with it.
struct Complaint {
  std::string path;
  std::string message;
};
using Complaints = std::vector<Complaint>;

/// What is wrong with a body: it does not bind, breaks rules, or makes the service fail.
struct Verdict {
  Complaints unbound; ///< where there are any, nothing else was looked at
  Complaints invalid;
  bool breaks = false; ///< 500 at every try (correspondence.md 1.7, observed.md OC-12)

  bool good() const { return unbound.empty() && invalid.empty(); }
};

/// One JSON object, read member by member: names in any case, numbers and enums as texts too. A member that
/// cannot be read is `unbound`, a null where none may be is `invalid`.
class Members {
public:
  Members(Verdict& verdict, const json::value& source, std::string path);

  bool is_object() const { return source_ != nullptr; }
  std::string path(std::string_view name) const;
  /// The member, null or not; a null pointer where it is absent.
  const json::value* find(std::string_view name) const;

  // Values that cannot be null; absent leaves them as they are.
  void whole(std::string_view name, std::int64_t& to);
  void flag(std::string_view name, bool& to);
  void time(std::string_view name, Ticks& to);
  void uuid(std::string_view name, Uuid& to);
  /// By one of the names, or several with commas (their numbers are or-ed), or a number, known or not.
  void choice(std::string_view name, const std::vector<std::string_view>& names, int& to);

  // Values that may be null.
  std::optional<std::int64_t> whole_if(std::string_view name);
  std::optional<Ticks> time_if(std::string_view name);
  std::optional<Uuid> uuid_if(std::string_view name);
  std::optional<std::string> text_if(std::string_view name);
  /// Null is `invalid`; absent gives nothing.
  std::optional<std::string> text(std::string_view name);

  /// Says where it is missing that a member must be there.
  bool require(std::string_view name);

  /// The list, or a null pointer; null is `invalid` unless it may be.
  const json::array* list(std::string_view name, bool may_be_null = false);

  void refuse(std::string_view name, std::string message);

private:
  void unbound(std::string_view name, std::string_view type);
  template <class T, class Read>
  void value(std::string_view name, T& to, std::string_view type, Read read);

  Verdict& verdict_;
  const json::object* source_ = nullptr;
  std::string path_;
};

} // namespace altinn_sim::correspondence
