#pragma once

#include "exchange.hpp"
#include "world.hpp"

#include <string_view>
#include <vector>

namespace altinn_sim::storage {

/// The Storage service below `/storage/api/v1`, as the sync scope sees it (storage.md 1, 2). Stateless but
/// for the world; every call may run on a thread of its own.
class Storage {
public:
  explicit Storage(World& world)
      : world_(world) {}

  Response handle(const Request& request) const;

private:
  using Path = std::vector<std::string_view>;

  Response instances(const Request& request, const Path& path) const;
  Response applications(const Request& request, const Path& path) const;
  Response switchboard(const Request& request, const Path& path) const;

  Response list(const Request& request) const;
  Response instance(const Path& path) const;
  Response events(const Request& request, std::string_view guid) const;
  Response set_data_values(const Request& request, std::string_view guid) const;
  Response application_list(std::string_view org) const;
  Response application(std::string_view org, std::string_view app) const;
  Response texts(std::string_view org, std::string_view app, std::string_view language) const;
  Response remove(const Request& request, std::string_view guid) const;
  Response bring_back(const Request& request, std::string_view guid) const;

  World& world_;
};

} // namespace altinn_sim::storage
