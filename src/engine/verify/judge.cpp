#include <dialogferry/engine/verify/head.hpp>
#include <dialogferry/engine/verify/judge.hpp>
#include <dialogferry/model/masking.hpp>

#include <algorithm>
#include <string_view>

namespace dialogferry::engine::verify {

namespace {

using ledger::Difference;
using ledger::DifferenceKind;

constexpr std::string_view created_at = "createdAt";
constexpr std::string_view updated_at = "updatedAt";
constexpr std::string_view deleted_at = "deletedAt";
constexpr std::string_view content = "content";

bool calls(const mapping::Decision* decision, mapping::Call call) {
  return decision != nullptr &&
         std::find(decision->calls.begin(), decision->calls.end(), call) != decision->calls.end();
}

/// The earlier and the later form of an address or name are the same to the target, which keeps small
/// letters.
bool same_text(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

class Judge {
public:
  explicit Judge(const Evidence& evidence)
      : evidence_(evidence) {}

  std::optional<Difference> operator()() const {
    if (!evidence_.expected || !evidence_.expected->is_there) return of_what_must_not_be();
    if (waits()) return std::nullopt;
    if (!evidence_.stored) return of(DifferenceKind::missing, {}, evidence_.problem, {});
    if (auto stale = of_its_age()) return stale;
    return of_its_members();
  }

private:
  Difference of(DifferenceKind kind, std::string_view member, std::string source, std::string target) const {
    Difference difference;
    difference.kind = kind;
    difference.record_id = evidence_.record_id;
    difference.dialog = evidence_.stored ? evidence_.stored->id : evidence_.expected->id;
    difference.member = member;
    difference.source = mask_identities(source);
    difference.target = mask_identities(target);
    return difference;
  }

  /// It is not complete at the source yet: its day is open, and the ledger says so.
  bool waits() const {
    return evidence_.decision != nullptr && evidence_.decision->outcome == Outcome::deferred;
  }

  /// What opted out keeps a dialog that is there; only what would be purged is one too many.
  std::optional<Difference> of_what_must_not_be() const {
    const bool purged = evidence_.is_absent || calls(evidence_.decision, mapping::Call::purge);
    if (!evidence_.stored || !purged) return std::nullopt;
    return of(DifferenceKind::unexpected, {}, {}, {});
  }

  bool is_time(Instant must_be, Instant is) const {
    const auto same = [&](Instant at) { return microseconds(at) == microseconds(is); };
    const auto& visible = evidence_.expected->visible_from;
    return same(must_be) || (visible && same(*visible));
  }

  std::optional<Difference> of_its_age() const {
    const auto& expected = *evidence_.expected;
    const auto& stored = *evidence_.stored;
    if (microseconds(stored.updated_at) >= microseconds(expected.updated_at) ||
        is_time(expected.updated_at, stored.updated_at))
      return std::nullopt;
    return of(DifferenceKind::stale, updated_at, to_string(expected.updated_at),
              to_string(stored.updated_at));
  }

  std::optional<Difference> of_its_members() const {
    const auto& expected = *evidence_.expected;
    const auto& stored = *evidence_.stored;
    const auto wrong = [&](std::string_view member, std::string source, std::string target) {
      return of(DifferenceKind::wrong, member, std::move(source), std::move(target));
    };
    if (!is_time(expected.created_at, stored.created_at))
      return wrong(created_at, to_string(expected.created_at), to_string(stored.created_at));
    if (evidence_.is_migration && !is_time(expected.updated_at, stored.updated_at))
      return wrong(updated_at, to_string(expected.updated_at), to_string(stored.updated_at));
    if (!same_text(evidence_.party, stored.party))
      return wrong("party", evidence_.party, std::string(stored.party));
    if (!same_text(evidence_.resource, stored.service_resource))
      return wrong("serviceResource", evidence_.resource, std::string(stored.service_resource));
    if (calls(evidence_.decision, mapping::Call::restore)) return wrong(deleted_at, "", "deleted");
    if (calls(evidence_.decision, mapping::Call::remove)) return wrong(deleted_at, "deleted", "");
    if (calls(evidence_.decision, mapping::Call::update) ||
        calls(evidence_.decision, mapping::Call::form_saved_time))
      return wrong(content, "", "");
    return std::nullopt;
  }

  const Evidence& evidence_;
};

} // namespace

std::optional<Difference> judge(const Evidence& evidence) {
  return Judge(evidence)();
}

bool must_be_made_anew(const Difference& difference) {
  if (difference.kind != DifferenceKind::stale && difference.kind != DifferenceKind::wrong) return false;
  return difference.member != deleted_at && difference.member != content;
}

} // namespace dialogferry::engine::verify
