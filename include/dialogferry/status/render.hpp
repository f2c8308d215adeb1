#pragma once

#include <dialogferry/status/locale.hpp>
#include <dialogferry/status/status.hpp>

#include <string>

namespace dialogferry::status {

/// The status as one JSON object (interfaces.md, `GET /api/status`), ending with a line break.
std::string render_json(const StatusModel& model);

/// For a terminal.
std::string render_text(const StatusModel& model, Language language);

/// For a page in a repository or wiki.
std::string render_markdown(const StatusModel& model, Language language);

/// The page: one HTML document without scripts or anything to fetch. `served` adds the links that only a
/// running engine answers.
std::string render_html(const StatusModel& model, Language language, bool served);

/// Prometheus text format 0.0.4.
std::string render_metrics(const StatusModel& model);

} // namespace dialogferry::status
