#pragma once

#include "application.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace altinn_sim::storage {

/// What kind of app an instance belongs to: it decides tasks, data types and switches.
enum class AppKind : std::uint8_t {
  report,      ///< fill in, submit, receipt as PDF
  signing,     ///< fill in, sign, submit
  application, ///< fill in, confirm, wait for the owner's answer; may come back
  renewal,     ///< submitted again and again; may be copied
  special,     ///< opts out of parts of the sync
  opted_out,   ///< disableSync
  own_id,      ///< chooses the dialog's id itself
  untitled,    ///< poison: no title anywhere
};

/// The apps of one generated organisation.
struct Organisation {
  std::string code;
  std::string number; ///< of the organisation itself, as `lastChangedBy` has it
  struct App {
    AppKind kind;
    std::int64_t weight; ///< of 1000 instances
    const Application* application;
  };
  std::vector<App> apps;

  const App& choose(std::int64_t of_thousand) const;
};

/// The organisation of that code with its apps, which `applications` keeps; their addresses stay. Any code
/// will do.
Organisation make_organisation(std::uint64_t seed, std::string_view code, bool with_untitled,
                               std::deque<Application>& applications);

/// Organisations and apps that exist in every simulated world; 0 … 32 organisations.
class Catalogue {
public:
  Catalogue(std::uint64_t seed, std::size_t organisations, bool with_untitled);
  Catalogue(const Catalogue&) = delete; // instances point into it
  Catalogue& operator=(const Catalogue&) = delete;

  const std::vector<Organisation>& organisations() const { return organisations_; }
  const std::deque<Application>& applications() const { return applications_; }

private:
  std::deque<Application> applications_; // their addresses stay
  std::vector<Organisation> organisations_;
};

} // namespace altinn_sim::storage
