#include "truth_title.hpp"

#include "text16.hpp"
#include "truth_activities.hpp"

#include <algorithm>
#include <array>

namespace altinn_sim::storage {

namespace {

using Titles = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t longest_title = 255;

// dialogporten.md 3.8: the two-letter codes that may stand on a text, one after another.
constexpr std::string_view language_codes = "aaabaeafakamanarasavayazbabebgbhbibmbnbobrbscacechcocrcscucvcyda"
                                            "dedvdzeeeleneoeseteufafffifjfofrfygagdglgngugv"
                                            "hahehihohrhthuhyhziaidieigiiikioisitiujajvkakgkikjkkklkmknkokrks"
                                            "kukvkwkylalblglilnloltlulvmgmhmimkmlmnmrmsmtmy"
                                            "nanbndnengnlnnnrnvnyocojomorospapiplpsptqurmrnrorurwsascsdsesgsi"
                                            "skslsmsnsosqsrssstsusvswtatetgthtitktltntotrts"
                                            "tttwtyugukuruzvevivowawoxhyiyozazhzu";

bool is_language(std::string_view code) {
  if (code.size() != 2) return false;
  for (std::size_t at = 0; at < language_codes.size(); at += 2) {
    if (language_codes.substr(at, 2) == code) return true;
  }
  return false;
}

std::string_view state_name(DerivedStatus status) {
  constexpr std::array<std::string_view, 9> names{
      "archivedunconfirmed",          "archivedconfirmed",        "rejected",
      "awaitingserviceownerfeedback", "awaitingconfirmation",     "awaitingsignature",
      "awaitingadditionaluserinput",  "awaitinginitialuserinput", "awaitinginitialuserinputfromprefill"};
  return names[static_cast<std::size_t>(status)];
}

// M-61: the most specific key that has a text.
std::vector<std::string> keys_of(const Record& record, DerivedStatus status) {
  std::vector<std::string> out;
  const auto add = [&](std::string_view task, std::string_view state) {
    auto& key = out.emplace_back("dp.title");
    if (!task.empty()) key.append(".").append(task);
    if (!state.empty()) key.append(".").append(state);
  };
  const auto state = state_name(status);
  if (const auto& task = record.process.task.element_id; record.process.has_task && !task.empty()) {
    add(task, state);
    add(task, {});
  }
  add("_any_", state);
  add({}, {});
  return out;
}

const std::string* text_of(const Texts& texts, const std::string& key) {
  const auto found = std::find_if(texts.resources.begin(), texts.resources.end(),
                                  [&](const auto& resource) { return resource.first == key; });
  return found == texts.resources.end() || blank(found->second) ? nullptr : &found->second;
}

bool has_titles(const Texts& texts) {
  return std::any_of(texts.resources.begin(), texts.resources.end(),
                     [](const auto& resource) { return resource.first.starts_with("dp.title"); });
}

Titles from_texts(const Record& record, DerivedStatus status) {
  Titles out;
  const auto& all = record.application->texts;
  if (std::none_of(all.begin(), all.end(), has_titles)) return out;
  const auto keys = keys_of(record, status);
  for (const auto* language : {"nb", "nn", "en"}) {
    const auto* texts = record.application->texts_in(language);
    for (const auto& key : keys) {
      const auto* text = texts == nullptr ? nullptr : text_of(*texts, key);
      if (text == nullptr) continue;
      out.emplace_back(language, cut_16(*text, longest_title));
      break;
    }
  }
  return out;
}

// M-65; "no" stands for nb where nb is missing (D-14).
Titles from_application(const Application& application) {
  Titles out;
  const auto has = [&](std::string_view language) {
    return std::any_of(out.begin(), out.end(), [&](const auto& title) { return title.first == language; });
  };
  const std::string* norwegian = nullptr;
  for (const auto& [language, text] : application.titles) {
    if (blank(text)) continue;
    const auto code = lower_case(language.substr(0, language.find('-'))); // without its region (OR-8)
    if (code == "no" && norwegian == nullptr) norwegian = &text;
    if (is_language(code) && !has(code)) out.emplace_back(code, text);
  }
  if (norwegian != nullptr && !has("nb")) out.emplace_back("nb", *norwegian);
  return out;
}

} // namespace

std::vector<std::pair<std::string, std::string>> title_of(const Record& record, DerivedStatus status) {
  auto out = from_texts(record, status);
  if (out.empty()) out = from_application(*record.application);
  std::string tail;
  for (const auto& [name, text] : record.presentation_texts) {
    if (!blank(text)) tail.append(", ").append(text);
  }
  for (auto& [language, title] : out)
    title = cut_16(title.append(tail), longest_title);
  std::sort(out.begin(), out.end());
  return out;
}

} // namespace altinn_sim::storage
