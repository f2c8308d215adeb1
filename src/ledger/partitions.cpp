#include <dialogferry/ledger/partitions.hpp>

#include <charconv>

namespace dialogferry::ledger {

unsigned partition_of(std::string_view record_id) {
  if (record_id.size() < 2) return 0;
  const auto* end = record_id.data() + record_id.size();
  unsigned value = 0;
  const auto read = std::from_chars(end - 2, end, value, 16);
  return read.ec == std::errc() && read.ptr == end ? value % partition_count : 0;
}

} // namespace dialogferry::ledger
