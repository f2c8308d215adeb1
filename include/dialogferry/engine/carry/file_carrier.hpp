#pragma once

#include <dialogferry/codec/document.hpp>
#include <dialogferry/engine/actors.hpp>
#include <dialogferry/http/pipe.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace dialogferry::engine {

/// What a file carrier works with.
struct FileCarrierSetup {
  gate_actor archive;
  gate_actor correspondence;
  ledger_actor ledger;                        ///< remembers what was taken
  std::uint32_t tries = 5;                    ///< of one file, from its start each
  std::uint32_t tries_of_wrong_bytes = 2;     ///< where the source gives other bytes than it promised
  std::chrono::milliseconds first_pause{200}; ///< between two tries; doubled
};

/// Takes attachments of messages to Correspondence as streams: what the archive sends goes on to M1, and
/// never is half a file left there. A file that was taken is remembered before its message is sent, so that
/// it is not sent again. A stream that breaks is begun anew.
class FileCarrier : public actor_base<file_carrier_actor> {
public:
  FileCarrier(caf::actor_config& config, FileCarrierSetup setup);
  const char* name() const override { return "file carrier"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  struct Work {
    CarryFiles files;
    std::vector<std::optional<Uuid>> ids;
    caf::typed_response_promise<CarriedFiles> promise;
    std::uint32_t tries = 0; ///< of the file at hand
  };
  using WorkPtr = std::shared_ptr<Work>;

  /// One try of one file. It is over when Correspondence has answered, and the archive too where it was
  /// asked.
  struct Transfer {
    WorkPtr work;
    std::size_t at = 0;
    std::shared_ptr<http::Pipe> pipe;
    std::optional<Answered> upload;
    std::optional<Answered> download;
    bool is_downloading = false;
  };

  caf::result<CarriedFiles> take(CarryFiles& files);
  void next_file(const WorkPtr& work);
  void begin(const WorkPtr& work, std::size_t at);
  void download(const FileWanted& wanted);
  void end_if_over(std::uint64_t number);
  void taken(const WorkPtr& work, std::size_t at, const Uuid& id);
  void try_again(const Transfer& transfer);
  void give_up(const WorkPtr& work, CarriedFiles why);
  void not_answered(const WorkPtr& work, const caf::error& error);

  FileCarrierSetup setup_;
  codec::Parser parser_;
  std::vector<WorkPtr> under_way_;
  std::unordered_map<std::uint64_t, Transfer> transfers_;
  std::unordered_map<std::uint64_t, WorkPtr> paused_;
  std::uint64_t next_ = 1;
};

} // namespace dialogferry::engine
