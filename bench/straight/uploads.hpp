#pragma once

#include "common.hpp"

#include <atomic>
#include <future>

namespace straight {

/// Sends files (M1) out of memory, as many at a time as there are connections.
class UploadLoop {
public:
  UploadLoop(const Options& options, std::atomic<std::uint64_t>& next_file);

  void start();

  /// How many files were taken.
  std::uint64_t wait() { return done_.get_future().get(); }

private:
  void next();

  const Options& options_;
  std::atomic<std::uint64_t>& next_file_; ///< shared by all loops
  std::uint64_t taken_ = 0;
  std::size_t under_way_ = 0;
  std::promise<std::uint64_t> done_;
  dialogferry::http::IoPool pool_{1};
  std::unique_ptr<dialogferry::http::Client> correspondence_;
};

} // namespace straight
