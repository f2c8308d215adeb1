#pragma once

#include <dialogferry/model/result.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

/// One rate for several engines (docs/limiter.md): what an engine tells of its requests to an API, and what
/// share of the whole it has until it tells again.
namespace dialogferry::ledger {

/// Answers by which a limit is found.
struct RateAnswers {
  std::uint32_t passed = 0;    ///< any answer but 429
  std::uint32_t throttled = 0; ///< 429 to what was sent after the newest reduction was known
  std::uint32_t late = 0;      ///< other 429
  bool held_back = false;      ///< the limit found has kept requests waiting

  bool operator==(const RateAnswers&) const = default;
};

/// A limit that nobody told of, as the engine that leads has found it.
struct FoundRate {
  double limit = 0;           ///< requests per second; 0: none found
  double pace = 0;            ///< requests per second let through by all together; 0: no limit
  std::int64_t reduction = 0; ///< counts those of the pace; 0: nobody has told anything yet

  bool operator==(const FoundRate&) const = default;
};

/// What an engine tells of one API: since it told last, where nothing else is said.
struct RateUse {
  std::string api;
  double rate = 0;                    ///< configured ceiling in requests per second; 0: none
  double wanted = 0;                  ///< requests per second that it would send
  RateAnswers answers = {};           ///< that who leads does not know yet
  FoundRate found = {};               ///< counts from who leads; of the others, the reduction they know
  std::chrono::microseconds pause{0}; ///< from now on; 0: it was told before, or there is none
};

/// What it hears: what the others have told meanwhile.
struct RateShare {
  std::string api;
  double share = 0;                   ///< of rate, burst and pace; of all engines together at most 1
  std::uint32_t engines = 1;          ///< that have a share, this one among them
  bool leads = false;                 ///< it finds the limit for all of them
  RateAnswers answers = {};           ///< of the others, to who leads
  FoundRate found = {};               ///< as who leads, or led last, has told
  std::chrono::microseconds pause{0}; ///< what is left of the longest one that was told
};

/// For so long a share counts after it was asked for; who asks later goes on with almost nothing.
inline constexpr std::chrono::milliseconds share_lasts{300};
/// For so long who leads need not be heard of.
inline constexpr std::chrono::milliseconds lead_lasts{1'000};

/// Where the engines of one ledger keep one rate an API between them. One thread uses it.
class OneRate {
public:
  virtual ~OneRate() = default;

  /// One round trip; of each API what it hears, in their order. A Problem where the ledger is away: the next
  /// exchange tries to reach it again.
  virtual Result<std::vector<RateShare>> exchange(std::span<const RateUse> uses) = 0;

  /// Hands its shares back.
  virtual void leave() = 0;
};

/// For one engine of the ledger at `url`. Null where one alone can have it: a file. Connects at the first
/// exchange.
Result<std::unique_ptr<OneRate>> one_rate_of(const std::string& url);

} // namespace dialogferry::ledger
