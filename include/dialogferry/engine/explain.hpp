#pragma once

#include <dialogferry/ledger/exception.hpp>
#include <dialogferry/ledger/live.hpp>
#include <dialogferry/mapping/wording.hpp>
#include <dialogferry/model/config.hpp>
#include <dialogferry/model/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace dialogferry::engine {

/// A request, and what came back. Bodies are masked (model/masking.hpp).
struct Exchange {
  std::string api;     ///< `storage`
  std::string request; ///< `GET /storage/api/v1/instances/…`
  int status = 0;      ///< 0: no answer, or not sent
  std::string body = {};
  std::string problem = {}; ///< why there is no answer
};

/// One record from its source to what the target has of it now: why it is as it is.
struct Explanation {
  std::string row;
  std::string record_id;
  std::vector<Exchange> source;   ///< what was read, Register apart: that knows people by their numbers
  std::string mapping;            ///< what `dialogferry map` makes of it: one JSON object, masked
  bool is_mapped = false;         ///< `mapping` holds a decision; otherwise a problem, or nothing
  std::vector<Exchange> requests; ///< what would be sent now; nothing of it was
  std::vector<Exchange> target;   ///< what the target has
  std::vector<ledger::Exception> exceptions; ///< what the ledger keeps of earlier attempts
  std::vector<ledger::WakeUp> waiting;       ///< when it is looked at again, and for whom it waits
};

/// Reads a record, all that its mapping needs, and its dialog, and maps it as the row would; changes nothing.
/// `id` is the record's as the row names it: `{party id}/{guid}`, a message's decimal number in Altinn 2, its
/// UUID in Altinn 3. Fails for a row without records, an id of another form, an API that is not configured. A
/// server that does not answer is part of the explanation.
Result<Explanation> explain(const Config& config, const mapping::Wording& wording, std::string_view row,
                            std::string_view id);

} // namespace dialogferry::engine
