#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace altinn_sim {

/// The figures of a row of the audit about correspondences, by name, each with the first few it is about.
class AuditFigures {
public:
  void count(std::string_view name, std::size_t by = 1) { figures_[name] += by; }

  /// Counts one by its id, and says what about it.
  void note(std::string_view name, const std::string& id, std::string_view what = {});

  /// It differs in these members.
  void wrong(const std::string& id, const std::vector<std::string_view>& members);

  /// In the shape of the other rows, with what is about correspondences alone.
  boost::json::object as_json(std::string_view id) const;

private:
  std::size_t figure(std::string_view name) const;

  std::map<std::string_view, std::size_t> figures_;
  std::map<std::string_view, boost::json::array> ids_;
  std::map<std::string_view, std::size_t> wrong_members_;
};

} // namespace altinn_sim
