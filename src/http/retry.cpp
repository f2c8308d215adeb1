#include "problem_body.hpp"

#include <dialogferry/http/masking.hpp>
#include <dialogferry/http/retry.hpp>

#include <algorithm>
#include <array>

namespace dialogferry::http {
namespace {

using Kind = Verdict::Kind;
using Reason = Verdict::Reason;

// -- the table -----------------------------------------------------------------

constexpr unsigned bit(Operation operation) {
  return 1U << static_cast<unsigned>(operation);
}

constexpr unsigned any_operation = ~0U;
constexpr unsigned one_thing = bit(Operation::read) | bit(Operation::update) | bit(Operation::append) |
                               bit(Operation::remove) | bit(Operation::restore) | bit(Operation::purge);
/// What may be sent twice: the second time nothing is done, or nothing else
/// (correspondence.md 1.2, 1.4, 1.6).
constexpr unsigned repeated_safely =
    bit(Operation::upload) | bit(Operation::migrate) | bit(Operation::publish) | bit(Operation::sync);
/// What must be looked up where nobody knows whether it was done.
constexpr unsigned writes = bit(Operation::create) | bit(Operation::update) | bit(Operation::append) |
                            bit(Operation::remove) | bit(Operation::restore) | bit(Operation::purge) |
                            bit(Operation::write);
constexpr unsigned appending = bit(Operation::append) | bit(Operation::update);
constexpr unsigned creating = bit(Operation::create);
constexpr unsigned not_found_by_address =
    bit(Operation::create) | bit(Operation::list) | bit(Operation::write) | repeated_safely;

enum class Also : std::uint8_t {
  nothing,
  key,          ///< a key of `errors` with a message that holds the fragment
  fragment,     ///< the same under any key
  retry_after,  ///< says when
  ends_with_id, ///< see ends_with_id()
  no_errors,    ///< names no member: not the API's own words
  no_body,
  code,        ///< the API's own code
  another_row, ///< see names_another_row()
};

/// One reading of an answer; the first row that fits counts.
struct Rule {
  unsigned operations;
  int from, to; ///< status
  Also also;
  std::string_view key;
  std::string_view fragment;
  Kind kind;
  Reason reason;
};

constexpr std::array rules = {
    Rule{any_operation, 200, 299, Also::nothing, "", "", Kind::success, Reason::none},
    Rule{any_operation, 300, 399, Also::nothing, "", "", Kind::again, Reason::server},
    Rule{any_operation, 400, 400, Also::fragment, "", "in the past", Kind::again, Reason::early},
    Rule{any_operation, 401, 401, Also::nothing, "", "", Kind::again, Reason::token},
    Rule{any_operation, 403, 403, Also::no_body, "", "", Kind::again, Reason::token},
    Rule{bit(Operation::instance), 404, 404, Also::ends_with_id, "", "", Kind::gone, Reason::none},
    Rule{bit(Operation::instance), 404, 404, Also::nothing, "", "", Kind::again, Reason::server},
    Rule{one_thing, 404, 404, Also::nothing, "", "", Kind::gone, Reason::none},
    Rule{bit(Operation::sync), 404, 404, Also::code, "", "CORR-01001", Kind::gone, Reason::none},
    Rule{not_found_by_address, 404, 404, Also::no_errors, "", "", Kind::again, Reason::server},
    Rule{writes, 408, 408, Also::nothing, "", "", Kind::unknown, Reason::timeout},
    Rule{any_operation, 408, 408, Also::nothing, "", "", Kind::again, Reason::timeout},
    Rule{creating, 409, 409, Also::key, "IdempotentKey", "already exists", Kind::exists, Reason::none},
    Rule{appending, 409, 409, Also::key, "IdempotentKey", "", Kind::exists, Reason::none},
    Rule{creating, 409, 409, Also::key, "IdempotentKey", "", Kind::exception, Reason::none},
    Rule{any_operation, 409, 409, Also::nothing, "", "", Kind::conflict, Reason::race},
    Rule{one_thing, 410, 410, Also::nothing, "", "", Kind::gone, Reason::none},
    Rule{any_operation, 412, 412, Also::nothing, "", "", Kind::conflict, Reason::race},
    Rule{creating, 422, 422, Also::key, "Dialog", "Key ('Id')", Kind::exists, Reason::none},
    Rule{creating, 422, 422, Also::key, "Dialog", "Key ('Org', 'IdempotentKey')", Kind::exists, Reason::none},
    Rule{appending, 422, 422, Also::key, "DialogActivity", "already exists", Kind::exists, Reason::none},
    Rule{appending, 422, 422, Also::key, "DialogTransmission", "already exists", Kind::exists, Reason::none},
    Rule{any_operation, 422, 422, Also::another_row, "", "", Kind::again, Reason::race},
    Rule{any_operation, 422, 422, Also::key, "ActorId", "", Kind::again, Reason::actor},
    Rule{any_operation, 422, 422, Also::key, "ActorName", "", Kind::again, Reason::actor},
    Rule{any_operation, 425, 425, Also::nothing, "", "", Kind::again, Reason::server},
    Rule{any_operation, 429, 429, Also::nothing, "", "", Kind::again, Reason::throttled},
    Rule{writes, 499, 499, Also::nothing, "", "", Kind::unknown, Reason::server},
    Rule{any_operation, 499, 499, Also::nothing, "", "", Kind::again, Reason::server},
    Rule{any_operation, 503, 503, Also::retry_after, "", "", Kind::again, Reason::throttled},
    Rule{writes, 504, 504, Also::nothing, "", "", Kind::unknown, Reason::behind},
    Rule{any_operation, 502, 504, Also::nothing, "", "", Kind::again, Reason::behind},
    Rule{any_operation, 500, 599, Also::nothing, "", "", Kind::again, Reason::server},
    Rule{any_operation, 0, 999, Also::nothing, "", "", Kind::exception, Reason::none},
};

/// `Unable to find instance {guid}` with nothing behind it: any more text is an internal error's.
bool ends_with_id(std::string_view body) {
  const auto end = body.find_last_not_of("\" \r\n");
  if (end == std::string_view::npos || end < 35) return false;
  return parse_uuid(body.substr(end - 35, 36)).has_value();
}

template <class Holds>
bool any_message(const ProblemBody& problem, const Holds& holds) {
  return std::any_of(problem.errors.begin(), problem.errors.end(), [&](const auto& error) {
    return std::any_of(error.second.begin(), error.second.end(),
                       [&](std::string_view message) { return holds(message); });
  });
}

bool holds(std::string_view message, std::string_view fragment) {
  return message.find(fragment) != std::string_view::npos;
}

/// `Key ('ActorId', 'Name')=(null, EUS #1) already exists.`: a row that several dialogs share and another
/// write is adding (observed.md OD-1). An id that is taken is none: ids are chosen here.
bool names_another_row(const ProblemBody& problem) {
  return any_message(problem, [](std::string_view message) {
    return holds(message, "Key (") && holds(message, "already exists") && !holds(message, "Key ('Id')");
  });
}

bool fits(const Rule& rule, Operation operation, const Response& response, const ProblemBody& problem) {
  if ((rule.operations & bit(operation)) == 0) return false;
  if (response.status < rule.from || response.status > rule.to) return false;
  switch (rule.also) {
  case Also::nothing: return true;
  case Also::key: return problem.has(rule.key, rule.fragment);
  case Also::fragment:
    return any_message(problem, [&](std::string_view message) { return holds(message, rule.fragment); });
  case Also::retry_after: return response.retry_after.has_value();
  case Also::ends_with_id: return ends_with_id(response.body);
  case Also::no_errors: return problem.errors.empty();
  case Also::no_body: return response.body.empty();
  case Also::code: return problem.code == rule.fragment;
  case Also::another_row: return names_another_row(problem);
  }
  return false;
}

// -- words -----------------------------------------------------------------------

void cut(std::string& text, std::size_t most) {
  if (text.size() <= most) return;
  constexpr std::string_view more = " …";
  auto end = most - more.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end; // not inside a character
  text.resize(end);
  text += more;
}

Problem words_for(const Response& response, const ProblemBody& body) {
  std::string text = "status " + std::to_string(response.status);
  if (!body.title.empty()) text += ", " + body.title;
  if (!body.code.empty()) text += ", " + body.code;
  if (body.errors.empty() && !body.detail.empty()) text += ": " + body.detail;
  for (const auto& [key, messages] : body.errors) {
    for (const auto& message : messages)
      text += "; " + (key.empty() ? std::string("\"\"") : key) + ": " + message;
  }
  text = mask_identities(text);
  cut(text, max_problem_text);
  while (!text.empty() && text.back() == '.')
    text.pop_back();
  return {body.errors.empty() ? std::string() : mask_identities(body.errors.front().first), text, {}};
}

/// The first UUID that a message names.
std::optional<Uuid> named_id(const ProblemBody& body) {
  for (const auto& [key, messages] : body.errors) {
    for (const std::string_view message : messages) {
      for (std::size_t i = 0; i + 36 <= message.size(); ++i) {
        if (const auto id = parse_uuid(message.substr(i, 36))) return id;
      }
    }
  }
  return std::nullopt;
}

Verdict judge(Operation operation, const TransportError& error) {
  Verdict verdict{Kind::again, Reason::transport, 0, {}, {std::string(name_of(error.kind)), error.text, {}},
                  {}};
  if ((writes & bit(operation)) != 0 && error.may_have_arrived) verdict.kind = Kind::unknown;
  switch (error.kind) {
  case TransportFault::timeout: verdict.reason = Reason::timeout; break;
  case TransportFault::token: verdict.reason = Reason::token; break;
  case TransportFault::overload: verdict.reason = Reason::local; break;
  case TransportFault::cancelled: verdict.reason = Reason::cancelled; break;
  case TransportFault::too_large:
    if (verdict.kind == Kind::unknown) break;
    [[fallthrough]];
  case TransportFault::refused:
    verdict.kind = Kind::exception;
    verdict.reason = Reason::none;
    break;
  default: break;
  }
  return verdict;
}

} // namespace

bool is_write(Operation operation) {
  return ((writes | repeated_safely) & bit(operation)) != 0;
}

Verdict classify(Operation operation, const Answer& answer) {
  if (!answer) return judge(operation, answer.error());
  Verdict verdict;
  verdict.status = answer->status;
  if (answer->status >= 200 && answer->status < 300) return verdict;
  const auto body = read_problem(answer->body);
  const auto rule = std::find_if(rules.begin(), rules.end(),
                                 [&](const Rule& row) { return fits(row, operation, *answer, body); });
  verdict.kind = rule == rules.end() ? Kind::exception : rule->kind;
  verdict.reason = rule == rules.end() ? Reason::none : rule->reason;
  verdict.retry_after = answer->retry_after;
  verdict.problem = words_for(*answer, body);
  if (verdict.kind == Kind::exists) verdict.existing = named_id(body);
  return verdict;
}

std::chrono::milliseconds next_delay(std::uint32_t attempt, std::chrono::milliseconds first,
                                     std::chrono::milliseconds last,
                                     std::optional<std::chrono::milliseconds> retry_after, double random01) {
  auto wait = std::max(first, std::chrono::milliseconds(0));
  for (std::uint32_t i = 1; i < attempt && wait < last && wait.count() > 0; ++i)
    wait *= 2;
  wait = std::min(wait, last);
  const auto part = [&](double share) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(wait.count()) * share));
  };
  const double random = std::clamp(random01, 0.0, 1.0);
  return retry_after ? *retry_after + part(random) : part(0.5 + random / 2);
}

Verdict::Fault Verdict::fault() const {
  switch (kind) {
  case Kind::again:
  case Kind::conflict:
  case Kind::unknown:
  case Kind::exists: return Fault::moment;
  case Kind::exception: return Fault::record;
  case Kind::success:
  case Kind::gone: break;
  }
  return Fault::nobody;
}

std::string_view name_of(Verdict::Kind kind) {
  switch (kind) {
  case Kind::success: return "success";
  case Kind::again: return "again";
  case Kind::conflict: return "conflict";
  case Kind::unknown: return "unknown";
  case Kind::exists: return "exists";
  case Kind::gone: return "gone";
  case Kind::exception: return "exception";
  }
  return "exception";
}

std::string_view name_of(Verdict::Reason reason) {
  switch (reason) {
  case Reason::none: return "none";
  case Reason::throttled: return "throttled";
  case Reason::server: return "server";
  case Reason::behind: return "behind";
  case Reason::transport: return "transport";
  case Reason::timeout: return "timeout";
  case Reason::token: return "token";
  case Reason::actor: return "actor";
  case Reason::race: return "race";
  case Reason::early: return "early";
  case Reason::local: return "local";
  case Reason::cancelled: return "cancelled";
  }
  return "none";
}

} // namespace dialogferry::http
