#include "list_query.hpp"

#include "answers.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace altinn_sim::storage {

namespace {

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  const auto found = std::search(text.begin(), text.end(), part.begin(), part.end(),
                                 [](char x, char y) { return lower(x) == lower(y); });
  return found != text.end() || part.empty();
}

std::optional<std::int64_t> to_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

std::string decode_once_more(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned code = 0;
    const auto* digits = text.data() + at + 1;
    if (text[at] == '%' && at + 2 < text.size() &&
        std::from_chars(digits, digits + 2, code, 16).ptr == digits + 2) {
      out += static_cast<char>(code);
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

/// What ends the reading: the answer to give.
struct Refusal {
  Response response;
};

[[noreturn]] void fail(std::string_view what) {
  throw Refusal{text_answer(500, "Unable to perform query on instances: " + std::string(what))};
}

[[noreturn]] void refuse(std::string_view what) {
  throw Refusal{text_answer(400, what)};
}

class Reader {
public:
  explicit Reader(const Request& request)
      : request_(request) {}

  ListQuery read() {
    scope();
    order_and_size();
    times();
    states();
    versions();
    token();
    return std::move(query_);
  }

private:
  const std::string* first(std::string_view name) const {
    const std::string* found = nullptr;
    for (const auto& [key, value] : request_.parameters) {
      if (same_ignoring_case(key, name)) found = found == nullptr ? &value : found;
    }
    return found;
  }

  std::string text(std::string_view name) const {
    const auto* found = first(name);
    return found == nullptr ? std::string() : *found;
  }

  std::optional<bool> flag(std::string_view name) const {
    const auto* found = first(name);
    if (found == nullptr || found->empty()) return {};
    if (same_ignoring_case(*found, "true")) return true;
    if (same_ignoring_case(*found, "false")) return false;
    throw Refusal{validation_problem(name, "The value '" + *found + "' is not valid.")};
  }

  std::optional<std::int64_t> number(std::string_view name) const {
    const auto* found = first(name);
    if (found == nullptr || found->empty()) return {};
    const auto value = to_number(*found);
    if (!value || *value > 2'147'483'647 || *value < -2'147'483'648LL) {
      throw Refusal{validation_problem(name, "The value '" + *found + "' is not valid.")};
    }
    return value;
  }

  void scope() {
    query_.window.org = text("org");
    query_.app_id = text("appId");
    query_.window.party = number("instanceOwner.partyId");
    if (query_.window.org.empty() && query_.app_id.empty()) refuse("Either org or appId must be defined.");
    if (query_.window.org.empty()) query_.window.org = query_.app_id.substr(0, query_.app_id.find('/'));
    const auto* reference = first("A3Ref");
    if (reference == nullptr || reference->empty()) return;
    if (reference->size() != 12) refuse("A3Ref must be the last 12 characters of an instance id.");
    const auto guid = parse_guid("00000000-0000-0000-0000-" + *reference);
    query_.nothing = !guid;
    query_.window.tail = guid ? guid->low : 0;
  }

  void order_and_size() {
    const auto* order = first("order");
    query_.window.descending = order == nullptr || order->starts_with("desc:");
    query_.size = number("size").value_or(100);
    query_.with_elements = flag("includeDataElements").value_or(true);
    if (query_.size < 0) fail("LIMIT must not be negative");
  }

  /// Calls use(op, value) for each value of a time parameter, refusing an operator that comes twice.
  template <class Use>
  void each_bound(std::string_view name, Use use) const {
    std::set<std::string, std::less<>> seen;
    for (const auto& [key, value] : request_.parameters) {
      if (!same_ignoring_case(key, name)) continue;
      if (value.empty()) continue; // as if it were not there (observed.md OS-11)
      const auto colon = value.find(':');
      if (colon == std::string::npos) fail("no operator in " + std::string(name));
      const auto op = value.substr(0, colon);
      if (!seen.insert(op).second) fail("an operator of " + std::string(name) + " was given twice");
      if (op == "eq" || op == "gt" || op == "gte" || op == "lt" || op == "lte")
        use(op, value.substr(colon + 1));
    }
  }

  static void narrow(const std::string& op, const std::string& value, Ticks& from, Ticks& to) {
    const auto time = parse_time(value);
    if (!time) fail("String '" + value + "' was not recognized as a valid date-time");
    const auto at = floor_to(*time, microsecond);
    if (op == "gte" || op == "eq") from = std::max(from, at);
    if (op == "gt") from = std::max(from, at + microsecond);
    if (op == "lt") to = std::min(to, at);
    if (op == "lte" || op == "eq") to = std::min(to, at + microsecond);
  }

  void times() {
    each_bound("lastChanged", [&](const auto& op, const auto& value) {
      narrow(op, value, query_.window.from, query_.window.to);
    });
    each_bound("created", [&](const auto& op, const auto& value) {
      narrow(op, value, query_.created_from, query_.created_to);
    });
    const auto textual = [&](std::string_view name, TextBound::Member member) {
      each_bound(name, [&](const auto& op, const auto& value) {
        query_.bounds.push_back({member, op, value});
      });
    };
    textual("visibleAfter", TextBound::Member::visible_after);
    textual("dueBefore", TextBound::Member::due_before);
    textual("process.ended", TextBound::Member::process_ended);
  }

  void states() {
    query_.archived = flag("status.isArchived");
    query_.soft_deleted = flag("status.isSoftDeleted");
    query_.hard_deleted = flag("status.isHardDeleted");
    query_.complete = flag("process.isComplete");
    query_.confirmed = flag("confirmed");
    query_.task = text("process.currentTask");
    query_.not_confirmed_by = text("excludeConfirmedBy");
    query_.search = text("searchString");
  }

  // Neither given: app instances alone; an archive reference asks for Altinn 2, A3Ref for Altinn 3
  // (storage.md 1.2).
  void versions() {
    auto include = number("mainVersionInclude");
    const auto exclude = number("mainVersionExclude");
    if (const auto reference = text("dataValues.A2ArchRef"); !reference.empty()) {
      query_.window.reference = reference;
      include = 2;
    }
    if (query_.window.tail || (!include && !exclude)) include = 3;
    const auto wanted = [&](std::int64_t version) {
      return (!include || *include == version) && (!exclude || *exclude != version);
    };
    query_.window.versions = {wanted(1), wanted(2), wanted(3)};
  }

  void token() {
    const auto* sent = first("continuationToken");
    if (sent == nullptr || sent->empty()) return;
    const auto plain = decode_once_more(*sent);
    const auto semicolon = plain.find(';');
    if (semicolon == std::string::npos) {
      query_.nothing = true;
      return;
    }
    const auto ticks = to_number(std::string_view(plain).substr(0, semicolon));
    const auto row_id = to_number(std::string_view(plain).substr(semicolon + 1));
    if (!ticks || *ticks < 0 || !row_id) fail("Input string was not in a correct format");
    query_.after = Cursor{floor_to(*ticks - ticks_of_1970, microsecond), *row_id};
  }

  const Request& request_;
  ListQuery query_;
};

bool text_holds(std::string_view held, const std::string& op, std::string_view value) {
  if (op == "eq") return held == value;
  if (op == "gt") return held > value;
  if (op == "gte") return held >= value;
  return op == "lt" ? held < value : held <= value;
}

bool bound_holds(const Record& record, const TextBound& bound) {
  const auto time = bound.member == TextBound::Member::visible_after ? record.visible_after
                    : bound.member == TextBound::Member::due_before  ? record.due_before
                                                                     : record.process.ended;
  return time != no_time && text_holds(time_text(time), bound.op, bound.value);
}

bool confirmed_by(const Record& record, std::string_view org) {
  return std::any_of(record.confirmations.begin(), record.confirmations.end(),
                     [&](const Confirmation& one) { return one.stakeholder == org; });
}

} // namespace

bool ListQuery::matches(const Record& record) const {
  const auto is = [](const std::optional<bool>& wanted, bool held) { return !wanted || *wanted == held; };
  const auto made = floor_to(record.created, microsecond);
  if (made < created_from || made >= created_to) return false;
  if (!app_id.empty() && record.app_id != app_id) return false;
  // A row without a status matches neither true nor false (observed.md OS-6).
  if (!record.has_status && (archived || soft_deleted || hard_deleted)) return false;
  if (!is(archived, record.archived) || !is(soft_deleted, record.soft_deleted)) return false;
  if (!is(hard_deleted, record.hard_deleted) || !is(confirmed, confirmed_by(record, record.org)))
    return false;
  if (complete && !(*complete ? record.process.ended != no_time : record.process.has_task)) return false;
  if (!task.empty() && !(record.process.has_task && record.process.task.element_id == task)) return false;
  if (!not_confirmed_by.empty() && confirmed_by(record, not_confirmed_by)) return false;
  const auto found = [&](const auto& text) { return contains_ignoring_case(text.second, search); };
  const auto& texts = record.presentation_texts;
  if (!search.empty() && std::none_of(texts.begin(), texts.end(), found)) return false;
  return std::all_of(bounds.begin(), bounds.end(),
                     [&](const TextBound& bound) { return bound_holds(record, bound); });
}

std::variant<ListQuery, Response> read_list_query(const Request& request) {
  try {
    return Reader(request).read();
  } catch (Refusal& refusal) {
    return std::move(refusal.response);
  }
}

std::string continuation_token(const Record& last) {
  // Of the JSON's time, which may lie after the column's (observed.md OS-3).
  return std::to_string(last.last_changed + ticks_of_1970) + "%253b" + std::to_string(last.row_id);
}

} // namespace altinn_sim::storage
