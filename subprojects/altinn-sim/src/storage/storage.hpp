#pragma once

#include "changes.hpp"
#include "exchange.hpp"
#include "world.hpp"

#include <atomic>
#include <memory>
#include <string_view>
#include <vector>

namespace altinn_sim::storage {

/// The Storage service below `/storage/api/v1`, as the sync scope sees it (storage.md 1, 2). Stateless but
/// for the world; every call may run on a thread of its own.
class Storage {
public:
  /// Deletions and data values go through `changes`, or changes of its own.
  explicit Storage(World& world, Changes* changes = nullptr)
      : world_(world)
      , own_changes_(changes == nullptr ? std::make_unique<Changes>(world) : nullptr)
      , changes_(changes == nullptr ? *own_changes_ : *changes) {}

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
  mutable std::atomic<unsigned> turn_{0}; ///< of answers that have no stable order
  std::unique_ptr<Changes> own_changes_;
  Changes& changes_;
};

} // namespace altinn_sim::storage
