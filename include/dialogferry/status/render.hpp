#pragma once

#include <dialogferry/status/locale.hpp>
#include <dialogferry/status/status.hpp>

#include <string>
#include <string_view>

namespace dialogferry::status {

/// What something waits for and until when, as a part of a sentence: `Dialogporten does not answer, next try
/// 14:33 UTC`. The day is named where it is not that of `as_of`.
std::string wait_text(const Wait& wait, Instant as_of, const Locale& locale);

/// A source's name, as readers know it from Altinn's pages.
std::string_view row_name(Language language, std::string_view row);

/// Where a source stands: `Migrated back to D with exception for D1, D2 and 3 records`; without a full stop.
std::string standing(const RowStatus& row, const Locale& locale);

/// The status as one JSON object (interfaces.md, `GET /api/status`), ending with a line break.
std::string render_json(const StatusModel& model);

/// Why nothing can be carried: `{"ready":false,"rows":[{"id":…,"waits_for":{"code":…,"api":…,"until":…}}]}`.
std::string render_waits(const StatusModel& model);

/// For a terminal.
std::string render_text(const StatusModel& model, Language language);

/// For a page in a repository or wiki.
std::string render_markdown(const StatusModel& model, Language language);

/// The page: one HTML document. `served`: with the links, the style sheet and the script that a running
/// engine answers; otherwise there is nothing to fetch.
std::string render_html(const StatusModel& model, Language language, bool served);

} // namespace dialogferry::status
