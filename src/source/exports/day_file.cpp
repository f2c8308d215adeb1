#include "day_file.hpp"

#include "lines.hpp"

#include <dialogferry/codec/export_line.hpp>
#include <dialogferry/codec/json_writer.hpp>
#include <dialogferry/source/exports.hpp>

#include <algorithm>

namespace dialogferry::source::exports {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::int64_t to_microsecond(Instant at) {
  const auto rest = at.ticks % Instant::per_microsecond;
  return at.ticks - (rest < 0 ? rest + Instant::per_microsecond : rest);
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

/// Some editors begin a file so.
void pass_by_mark(Line& line) {
  if (line.offset != 0 || !line.text.starts_with(byte_order_mark)) return;
  line.text.remove_prefix(byte_order_mark.size());
  line.offset += byte_order_mark.size();
}

} // namespace

Result<std::shared_ptr<const DayFile>> DayFile::open(const std::string& path, Day day) {
  std::shared_ptr<DayFile> made(new DayFile(path, day));
  made->stamp_ = stamp_of(path);
  std::string broken;
  if (path.ends_with(".gz")) {
    auto unpacked = unpack(path);
    if (!unpacked) return tl::unexpected(unpacked.error());
    made->file_ = std::move(unpacked->file);
    broken = std::move(unpacked->broken);
  } else {
    auto file = open_file(path);
    if (!file) return tl::unexpected(file.error());
    made->file_ = std::move(*file);
  }
  made->read(broken);
  return made;
}

void DayFile::read(const std::string& broken) {
  codec::ExportLines reader;
  Lines lines(file_, Exports::longest_line);
  std::uint64_t number = 0;
  std::uint64_t end = 0;
  bool is_cut = false;
  while (auto line = lines.next()) {
    ++number;
    end = line->offset + line->text.size();
    pass_by_mark(*line);
    if (line->too_long) {
      add_bad(line->offset, number, "is longer than " + std::to_string(Exports::longest_line) + " bytes");
      continue;
    }
    if (is_blank(line->text)) continue;
    const auto place = reader.place({line->text, line->padding});
    is_cut = !place && !line->is_ended;
    if (is_cut) {
      add_bad(line->offset, number, broken.empty() ? "the file ends in the middle of the line" : broken);
    } else if (!place) {
      add_bad(line->offset, number, place.error().member + " " + place.error().message);
    } else if (day_of(place->created) != day_) {
      add_bad(line->offset, number, "was created on another day, " + to_string(day_of(place->created)));
    } else {
      entries_.push_back({to_microsecond(place->created), line->offset,
                          static_cast<std::uint32_t>(line->text.size()), place->id});
    }
  }
  if (!broken.empty() && !is_cut) add_bad(end + 1, number + 1, broken);
  entries_.shrink_to_fit();
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return a.place() < b.place(); });
}

void DayFile::add_bad(std::uint64_t offset, std::uint64_t line, std::string problem) {
  entries_.push_back({day_.start().ticks, offset, static_cast<std::uint32_t>(bad_.size()), 0});
  bad_.push_back({line, std::move(problem)});
}

bool DayFile::append(std::string& out, const Entry& entry) const {
  if (entry.id != 0) {
    const auto before = out.size();
    out.resize(before + entry.size);
    return file_.read_at(out.data() + before, entry.size, entry.offset) == entry.size;
  }
  const auto& bad = bad_[entry.size];
  codec::JsonWriter json(256);
  json.open('{');
  json.name(R"("exportLine":)");
  json.text(path_.substr(path_.rfind('/') + 1) + ":" + std::to_string(bad.line));
  json.name(R"("exportProblem":)");
  json.text(bad.problem);
  json.name(R"("created":)");
  json.instant(day_.start());
  json.close('}');
  out += json.view();
  return true;
}

} // namespace dialogferry::source::exports
