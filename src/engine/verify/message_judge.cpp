#include <dialogferry/engine/verify/head.hpp>
#include <dialogferry/engine/verify/message_judge.hpp>
#include <dialogferry/model/masking.hpp>

#include <algorithm>
#include <utility>

namespace dialogferry::engine::verify {

namespace {

using ledger::Difference;
using ledger::DifferenceKind;

/// The target keeps addresses and names in small letters.
bool same_text(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

class MessageJudge {
public:
  explicit MessageJudge(const MessageEvidence& evidence)
      : evidence_(evidence) {}

  std::optional<Difference> operator()() const {
    if (!evidence_.is_available)
      return of(DifferenceKind::missing, {},
                evidence_.problem.empty() ? "Correspondence does not have it, or has not published it"
                                          : evidence_.problem,
                {});
    if (!evidence_.stored)
      return of(DifferenceKind::missing, {},
                evidence_.knows_dialog ? "Correspondence names its dialog, which is not there"
                                       : "Correspondence has it, without a dialog",
                {});
    if (!evidence_.knows_dialog)
      return of(DifferenceKind::wrong, "correspondence", to_string(evidence_.dialog), {});
    return evidence_.expected ? of_its_members(*evidence_.expected, *evidence_.stored) : std::nullopt;
  }

private:
  Difference of(DifferenceKind kind, std::string_view member, std::string source, std::string target) const {
    Difference difference;
    difference.kind = kind;
    difference.record_id = evidence_.record_id;
    difference.dialog = evidence_.dialog;
    difference.member = member;
    difference.source = mask_identities(source);
    difference.target = mask_identities(target);
    return difference;
  }

  std::optional<Difference> of_its_members(const codec::DialogHead& must_be,
                                           const codec::DialogHead& is) const {
    const auto wrong = [&](std::string_view member, std::string_view source, std::string_view target) {
      return of(DifferenceKind::wrong, member, std::string(source), std::string(target));
    };
    const auto updated = microseconds(must_be.updated_at);
    if (microseconds(is.updated_at) < updated)
      return of(DifferenceKind::stale, "updatedAt", to_string(must_be.updated_at), to_string(is.updated_at));
    if (microseconds(is.created_at) != microseconds(must_be.created_at))
      return wrong("createdAt", to_string(must_be.created_at), to_string(is.created_at));
    if (microseconds(is.updated_at) != updated && !evidence_.may_be_later)
      return wrong("updatedAt", to_string(must_be.updated_at), to_string(is.updated_at));
    if (!same_text(must_be.party, is.party)) return wrong("party", must_be.party, is.party);
    if (!same_text(must_be.service_resource, is.service_resource))
      return wrong("serviceResource", must_be.service_resource, is.service_resource);
    if (is.label.substr(std::min(is.label.size(), codec::message_label.size())) != evidence_.correspondence)
      return wrong("serviceOwnerLabels", evidence_.correspondence, is.label);
    if (is.is_deleted && !evidence_.may_be_later) return wrong("deletedAt", "", "deleted");
    return std::nullopt;
  }

  const MessageEvidence& evidence_;
};

} // namespace

std::optional<Difference> judge(const MessageEvidence& evidence) {
  return MessageJudge(evidence)();
}

} // namespace dialogferry::engine::verify
