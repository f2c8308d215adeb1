#include "catalogue.hpp"

#include "dice.hpp"
#include "identity.hpp"
#include "record.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <stdexcept>

namespace altinn_sim::storage {

namespace {

constexpr std::array<std::string_view, 32> codes{
    "skd", "brg",   "nav",  "krt",  "ssb",    "udi", "svv", "hdir", "mdir", "dibk", "dmf",
    "dsb", "fd",    "fhi",  "jdir", "kv",     "lt",  "mt",  "nb",   "nkom", "nvve", "pat",
    "slf", "stami", "sfvt", "imdi", "bufdir", "dat", "gjb", "hb",   "ra",   "acn"};

struct Words {
  std::string_view slug, nb, nn, en;
};

constexpr std::array<Words, 8> subjects{
    {{"aarsregnskap", "Årsregnskap", "Årsrekneskap", "Annual accounts"},
     {"mva-melding", "Melding om merverdiavgift", "Melding om meirverdiavgift", "VAT return"},
     {"skjenkebevilling", "Søknad om skjenkebevilling", "Søknad om skjenkeløyve", "Licence to serve"},
     {"sykefravaer", "Oppfølging av sykefravær", "Oppfølging av sjukefråvær", "Sick leave follow-up"},
     {"fangstrapport", "Fangstrapport", "Fangstrapport", "Catch report"},
     {"byggesak", "Søknad om byggetillatelse", "Søknad om byggjeløyve", "Building permit"},
     {"varselmelding", "Varsel om ulykke", "Varsel om ulukke", "Accident notification"},
     {"tilskudd", "Søknad om tilskudd", "Søknad om tilskot", "Grant application"}}};

std::string_view kind_slug(AppKind kind) {
  switch (kind) {
  case AppKind::report: return "";
  case AppKind::signing: return "-signering";
  case AppKind::application: return "-soknad";
  case AppKind::renewal: return "-fornyelse";
  case AppKind::special: return "-egen";
  case AppKind::opted_out: return "-intern";
  case AppKind::own_id: return "-forhaand";
  case AppKind::untitled: return "-uten-tittel";
  }
  return "";
}

DataType data_type(std::string id, std::string task, std::vector<std::string> content) {
  DataType out;
  out.id = std::move(id);
  out.task_id = std::move(task);
  out.content_types = std::move(content);
  return out;
}

DataType form(std::string id, std::string task, bool pdf) {
  auto out = data_type(std::move(id), std::move(task), {"application/xml"});
  out.app_logic = true;
  out.class_ref = "Altinn.App.Models.Skjema";
  out.max_count = 1;
  out.pdf = pdf;
  return out;
}

std::vector<DataType> data_types(AppKind kind) {
  std::vector<DataType> out{form("model", "Task_1", kind != AppKind::renewal),
                            data_type("vedlegg", "Task_1", {"application/pdf", "image/jpeg"}),
                            data_type("ref-data-as-pdf", "", {"application/pdf"})};
  if (kind == AppKind::signing) {
    auto signatures = data_type("signature", "Task_2", {"application/json"});
    signatures.contributors = {"app:owned"};
    auto source = data_type("signert-kilde", "Task_2", {"application/xml"});
    source.grouping = "group.signaturesource";
    out.push_back(signatures);
    out.push_back(source);
  }
  if (kind == AppKind::application) {
    out.push_back(form("tilleggsskjema", "Task_3", false));
    out.push_back(data_type("vedtak", "", {"application/pdf"}));
  }
  return out;
}

void switch_parts_off(Application& app, std::size_t index) {
  auto& is = app.switches;
  switch (index % 4) {
  case 0: is.disable_sync_attachments = is.disable_sync_due_at = true; break;
  case 1: is.disable_add_transmissions = is.disable_mark_completed_when_confirmed = true; break;
  case 2: is.disable_add_activities = is.disable_sync_status = true; break;
  default: is.disable_delete = is.disable_content_summary = is.disable_sync_gui_actions = true;
  }
}

Texts texts_of(const Application& app, AppKind kind, std::string_view language, std::string_view title) {
  Texts out{std::string(language), {}};
  auto& all = out.resources;
  all.emplace_back("appName", title);
  all.emplace_back("ServiceName", title);
  for (int field = 1; field <= 24; ++field) {
    all.emplace_back("skjema.felt" + std::to_string(field) + ".label", "Felt " + std::to_string(field));
  }
  all.emplace_back("substatus.tildelt", language == "en" ? "Assigned" : "Tildelt");
  all.emplace_back("substatus.tildelt.tekst",
                   language == "en" ? "A caseworker has it" : "Saka er hos ein sakshandsamar");
  if (kind == AppKind::application) {
    all.emplace_back("dp.title", std::string(title) + " – " + app.org);
    all.emplace_back("dp.title._any_.rejected",
                     std::string(title) + (language == "en" ? ": returned" : ": returnert"));
    all.emplace_back("dp.title.Task_3", language == "nn" ? " " : std::string(title) + " 2");
    all.emplace_back("dp.summary.Task_1.awaitinginitialuserinput", "Svar innen {0} dager");
  }
  if (kind == AppKind::special) all.emplace_back("dp.title.Task_1", std::string(title) + " (utkast)");
  return out;
}

Application make(std::string_view org, std::size_t index, AppKind kind, const Words& words) {
  Application app;
  app.org = org;
  app.id = app.org + "/" + std::string(words.slug) + std::string(kind_slug(kind));
  app.version = "v" + std::to_string(1 + index % 9);
  app.data_types = data_types(kind);
  app.copy_enabled = kind == AppKind::renewal;
  app.keep_days = kind == AppKind::application ? 30 : 0;
  app.created = day_from_civil(2021, 5, 4) * whole_day + 8 * hour + 4'641'234;
  app.last_changed = day_from_civil(2024, 2, 19) * whole_day + 13 * hour + 1'230'000;
  app.changed_by = "utvikler";
  if (kind == AppKind::untitled) return app;
  app.titles = {{kind == AppKind::renewal ? "no" : "nb", std::string(words.nb)},
                {"nn", std::string(words.nn)},
                {"en", std::string(words.en)}};
  if (kind == AppKind::report) app.titles.insert(app.titles.begin() + 1, {"nb-NO", std::string(words.nb)});
  order_as_stored(app.titles);
  if (kind == AppKind::signing) app.hide_on_tasks = {"Task_2"};
  if (kind == AppKind::special) switch_parts_off(app, index);
  app.hide_always = kind == AppKind::special && index % 4 == 3;
  app.switches.disable_sync = kind == AppKind::opted_out;
  app.switches.user_supplied_dialog_id = kind == AppKind::own_id;
  app.texts.push_back(texts_of(app, kind, "nb", words.nb));
  if (kind != AppKind::renewal) app.texts.push_back(texts_of(app, kind, "nn", words.nn));
  if (kind != AppKind::special) app.texts.push_back(texts_of(app, kind, "en", words.en));
  return app;
}

} // namespace

const Organisation::App& Organisation::choose(std::int64_t of_thousand) const {
  for (const auto& app : apps) {
    if (of_thousand < app.weight) return app;
    of_thousand -= app.weight;
  }
  return apps.front();
}

Organisation make_organisation(std::uint64_t seed, std::string_view code, bool with_untitled,
                               std::deque<Application>& applications) {
  const auto index = static_cast<std::size_t>(std::find(codes.begin(), codes.end(), code) - codes.begin());
  Organisation out;
  out.code = code;
  // Codes of nobody share an index, and differ by their letters.
  const auto letters = index < codes.size() ? 0 : std::hash<std::string_view>()(code) % 1000;
  out.number = organisation_number(
      5'000'000 + static_cast<std::int64_t>((mix(seed, index) + letters) % 1000 + index * 1000));
  const auto add = [&](AppKind kind, std::int64_t weight) {
    const auto& words = subjects[(index + static_cast<std::size_t>(kind) * 3) % subjects.size()];
    applications.push_back(make(out.code, index, kind, words));
    out.apps.push_back({kind, weight, &applications.back()});
  };
  add(AppKind::report, 400);
  add(AppKind::signing, 190);
  add(AppKind::application, 190);
  add(AppKind::renewal, 120);
  add(AppKind::special, 80);
  if (index % 4 == 1) add(AppKind::opted_out, 15);
  if (index % 4 == 2) add(AppKind::own_id, 15);
  if (with_untitled) add(AppKind::untitled, 0);
  return out;
}

Catalogue::Catalogue(std::uint64_t seed, std::size_t organisations, bool with_untitled) {
  if (organisations > codes.size()) throw std::invalid_argument("at most 32 organisations");
  organisations_.reserve(organisations);
  for (std::size_t index = 0; index < organisations; ++index) {
    organisations_.push_back(make_organisation(seed, codes[index], with_untitled, applications_));
  }
}

} // namespace altinn_sim::storage
