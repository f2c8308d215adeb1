#include "html.hpp"

#include <algorithm>

namespace dialogferry::status::html {

namespace {

constexpr int width = 720, height = 190; ///< of the drawing
constexpr int name_width = 40;           ///< of an hour
constexpr int left = 52, bottom = 166, top = 12;
constexpr std::size_t spans_an_hour = 3600 / Throughput::step;

/// Records per second of each span; the last one is not over at `as_of`.
std::vector<double> rates_of(const Throughput& throughput, Instant as_of) {
  std::vector<double> rates;
  for (std::size_t i = 0; i < throughput.records.size(); ++i) {
    const auto begin =
        throughput.from.ticks + static_cast<std::int64_t>(i) * Throughput::step * Instant::per_second;
    const auto over = std::clamp<double>(static_cast<double>(as_of.ticks - begin) / Instant::per_second, 1.0,
                                         static_cast<double>(Throughput::step));
    rates.push_back(static_cast<double>(throughput.records[i]) / over);
  }
  return rates;
}

Instant begin_of(const Throughput& throughput, std::size_t span) {
  return {throughput.from.ticks + static_cast<std::int64_t>(span) * Throughput::step * Instant::per_second};
}

bool begins_an_hour(Instant at) {
  return at.ticks % (3600 * Instant::per_second) == 0;
}

std::string bars(const Throughput& throughput, const std::vector<double>& rates, double most,
                 const Locale& locale) {
  std::string out;
  const double step = static_cast<double>(width - left) / static_cast<double>(rates.size());
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const double x = left + static_cast<double>(i) * step;
    const auto at = begin_of(throughput, i);
    if (rates[i] > 0) {
      const double high = std::max((bottom - top) * rates[i] / most, 1.0);
      out += fmt::format("<rect class=\"bar\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>",
                         x, bottom - high, step - 1.5, high);
    }
    if (begins_an_hour(at) && (at.ticks / (3600 * Instant::per_second)) % 2 == 0 && x < width - name_width)
      out += fmt::format("<text x=\"{:.1f}\" y=\"{}\">{}</text>\n", x, bottom + 17, locale.clock(at));
  }
  return out;
}

std::string picture(const Throughput& throughput, const std::vector<double>& rates, const Locale& locale) {
  std::uint64_t records = 0;
  for (const auto count : throughput.records)
    records += count;
  const double most = *std::max_element(rates.begin(), rates.end());
  const auto label = say(locale, Text::throughput_label, locale.number(records), locale.rate(most));
  return fmt::format("<svg class=\"chart\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {} {}\">\n"
                     "<text x=\"0\" y=\"{}\">{}</text><text x=\"0\" y=\"{}\">0</text>\n"
                     "<path class=\"axis\" d=\"M{} {}H{}\"/>\n{}</svg>\n",
                     escape(label), width, height, top + 9, locale.rate(most), bottom, left, bottom, width,
                     most > 0 ? bars(throughput, rates, most, locale) : std::string{});
}

std::string hours(const Throughput& throughput, Instant as_of, const Locale& locale) {
  std::string rows;
  std::size_t end = throughput.records.size();
  while (end > 0) {
    std::size_t begin = end - 1;
    while (begin > 0 && !begins_an_hour(begin_of(throughput, begin)) && end - begin < spans_an_hour)
      --begin;
    std::uint64_t records = 0;
    for (auto i = begin; i < end; ++i)
      records += throughput.records[i];
    const auto from = begin_of(throughput, begin), to = std::min(begin_of(throughput, end), as_of);
    const auto seconds = std::max(static_cast<double>(to.ticks - from.ticks) / Instant::per_second, 1.0);
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th>{}{}</tr>\n",
        escape(say(locale, Text::between, locale.clock(from), locale.clock(to))),
        number_cell(locale.number(records)),
        number_cell(say(locale, Text::per_second, locale.rate(static_cast<double>(records) / seconds))));
    end = begin;
  }
  const auto caption = say(locale, Text::throughput_table);
  return fmt::format("<details data-key=\"hours\"><summary>{}</summary>\n{}</details>\n", escape(caption),
                     table(caption,
                           {say(locale, Text::hour), say(locale, Text::records), say(locale, Text::rate)},
                           rows, "numbers"));
}

} // namespace

std::string throughput(const StatusModel& model, const Locale& locale) {
  if (model.throughput.records.empty()) return {};
  double now = 0;
  for (const auto& row : model.rows)
    if (row.state != RowState::off) now += row.rate;
  const auto rates = rates_of(model.throughput, model.as_of);
  return heading("throughput", say(locale, Text::throughput)) +
         fmt::format("<p><strong>{}.</strong> {}</p>\n",
                     escape(say(locale, Text::throughput_now, locale.rate(now))),
                     escape(say(locale, Text::throughput_hint))) +
         picture(model.throughput, rates, locale) + hours(model.throughput, model.as_of, locale);
}

} // namespace dialogferry::status::html
