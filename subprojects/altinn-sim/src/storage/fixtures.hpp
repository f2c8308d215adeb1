#pragma once

#include "application.hpp"
#include "record.hpp"

#include <filesystem>
#include <vector>

namespace altinn_sim::storage {

struct Fixtures {
  std::vector<Record> records;
  std::vector<Application> applications;
};

/// Reads Storage's stored rows as API answers would show them: the id from the file's name, elements from
/// their own folder joined in, legacy members dropped, value types filled in. Throws std::runtime_error
/// naming the file.
Fixtures read_fixtures(const std::filesystem::path& folder);

} // namespace altinn_sim::storage
