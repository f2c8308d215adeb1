#include "config_checks.hpp"
#include "values.hpp"

#include <dialogferry/cli/config.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <tuple>

namespace dialogferry::cli {

namespace {

/// Takes the keys of a file and of the overrides one after another, and notes every mistake.
class Loader {
public:
  explicit Loader(const std::filesystem::path& file) { loaded_.file = file; }

  void take_file(std::string_view text) {
    const auto name = loaded_.file.string();
    try {
      const auto table = toml::parse(text, name);
      take_table({}, table, {Origin::Kind::file, name, 0});
    } catch (const toml::parse_error& error) {
      add({Origin::Kind::file, name, error.source().begin.line}, "",
          fmt::format("is not TOML: {}", error.description()), "the rest of the file has not been looked at");
      unread_ = true;
    }
  }

  void take_environment(const std::map<std::string, std::string>& variables) {
    const auto known = environment_keys();
    std::vector<std::string> names;
    names.reserve(known.size());
    for (const auto& [name, key] : known)
      names.push_back(name);
    for (const auto& [name, value] : variables) {
      if (!name.starts_with("DIALOGFERRY_") || name == "DIALOGFERRY_NO_SETUP") continue;
      const Origin origin{Origin::Kind::environment, name, 0};
      if (const auto found = known.find(name); found != known.end())
        take_text(split_key(found->second), value, origin);
      else if (const auto meant =
                   nearest(name, names)) // others, such as those of an orchestrator, are not ours
        add(origin, "", "is not known", fmt::format("did you mean {}?", *meant));
    }
  }

  void take_argument(std::string_view argument) {
    const Origin origin{Origin::Kind::argument, "--set", 0};
    const auto equals = argument.find('=');
    if (equals == 0 || equals == std::string_view::npos)
      return add(origin, std::string(argument), "is not KEY=VALUE",
                 "for example --set ledger.url=sqlite:ferry.db");
    take_text(split_key(argument.substr(0, equals)), argument.substr(equals + 1), origin);
  }

  tl::expected<LoadedConfig, std::vector<ConfigProblem>> finish(Day today) {
    if (!unread_) complete(loaded_, today, problems_);
    std::stable_sort(problems_.begin(), problems_.end(), [](const ConfigProblem& a, const ConfigProblem& b) {
      // What is missing has no line, and comes after what is there.
      return std::tuple(a.where.kind, a.where.line - 1) < std::tuple(b.where.kind, b.where.line - 1);
    });
    if (!problems_.empty()) return tl::unexpected(std::move(problems_));
    return std::move(loaded_);
  }

private:
  void add(const Origin& where, std::string key, std::string message, std::string hint = {}) {
    problems_.push_back({where, std::move(key), std::move(message), std::move(hint)});
  }

  /// Environment variable → key, of every key but those of goals.
  static std::map<std::string, std::string> environment_keys() {
    std::map<std::string, std::string> keys = {{environment_name("goals"), "goals"}};
    const auto add_key = [&](const std::string& key) { keys.emplace(environment_name(key), key); };
    for (const auto& property : properties()) {
      const std::string key(property.key);
      const auto star = key.find('*');
      if (star == std::string::npos) {
        add_key(key);
        continue;
      }
      for (const auto& name : names_below(split_key(key.substr(0, star - 1))))
        add_key(key.substr(0, star) + name + key.substr(star + 1));
    }
    return keys;
  }

  void take_text(const Path& path, std::string_view text, const Origin& origin) {
    if (const auto* property = find_property(path))
      return take_value(*property, path, *node_of_text(*property, text).get("value"), origin);
    if (!is_section(path)) return unknown(path, origin);
    try {
      const auto table = toml::parse(fmt::format("value = {}", text));
      take(path, *table.get("value"), origin);
    } catch (const toml::parse_error& error) {
      add(origin, join(path), fmt::format("is not TOML: {}", error.description()),
          "a table is written as { key = value, … }");
    }
  }

  void take_table(const Path& path, const toml::table& table, const Origin& origin) {
    for (const auto& [key, node] : table) {
      auto below = path;
      below.emplace_back(key.str());
      auto at = origin;
      if (origin.kind == Origin::Kind::file) at.line = key.source().begin.line;
      take(below, node, at);
    }
  }

  void take(const Path& path, const toml::node& node, const Origin& origin) {
    if (const auto* property = find_property(path)) return take_value(*property, path, node, origin);
    if (!is_section(path)) return unknown(path, origin);
    if (path == Path{"goals"}) return take_goals(node, origin);
    const auto* table = node.as_table();
    if (!table)
      return add(origin, join(path), "is a value, but must be a table",
                 fmt::format("write [{}]", join(path)));
    loaded_.origins.insert_or_assign(join(path), origin);
    if (path.size() == 2 && path[0] == "rows" && origin.kind == Origin::Kind::file)
      loaded_.config.rows.at(path[1]).enabled = true;
    take_table(path, *table, origin);
  }

  void take_goals(const toml::node& node, const Origin& origin) {
    const auto* list = node.as_array();
    if (!list || !list->is_homogeneous(toml::node_type::table))
      return add(origin, "goals", "must be a list of tables", "write [[goals]] above each goal");
    loaded_.config.goals.assign(list->size(), {});
    for (std::size_t i = 0; i < list->size(); ++i) {
      auto at = origin;
      if (origin.kind == Origin::Kind::file) at.line = list->get(i)->source().begin.line;
      take({"goals", std::to_string(i)}, *list->get(i), at);
    }
  }

  void take_value(const Property& property, const Path& path, const toml::node& node, const Origin& origin) {
    if (path[0] == "goals" && std::stoul(path[1]) >= loaded_.config.goals.size())
      return add(origin, join(path), "is of a goal that is not there",
                 fmt::format("goals are counted from 0; there are {}", loaded_.config.goals.size()));
    const auto slot = property.slot(loaded_.config, name_in(property, path));
    loaded_.origins.insert_or_assign(join(path), origin);
    if (auto message = assign(property, slot, node)) add(origin, join(path), *message);
  }

  void unknown(const Path& path, const Origin& origin) {
    const Path section(path.begin(), path.end() - 1);
    const auto siblings = names_below(section);
    std::string hint;
    if (const auto meant = nearest(path.back(), siblings)) {
      auto whole = section;
      whole.push_back(*meant);
      hint = fmt::format("did you mean {}?", join(whole));
    } else if (const auto elsewhere = find_elsewhere(path.back()); !elsewhere.empty()) {
      hint = fmt::format("did you mean {}?", elsewhere);
    } else {
      for (const auto& name : siblings)
        hint.append(hint.empty() ? "known here: " : ", ").append(name);
    }
    add(origin, join(path), "is not known", hint);
  }

  /// The key of another table whose last part is `name`.
  static std::string find_elsewhere(std::string_view name) {
    for (const auto& property : properties())
      if (split_key(property.key).back() == name) return std::string(property.key);
    return {};
  }

  LoadedConfig loaded_;
  std::vector<ConfigProblem> problems_;
  bool unread_ = false;
};

} // namespace

std::string environment_name(std::string_view key) {
  std::string name = "DIALOGFERRY_";
  for (const char c : key)
    name.push_back(c == '.' || c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  return name;
}

std::string to_string(const Origin& origin) {
  if (origin.kind == Origin::Kind::standard) return "default";
  return origin.line == 0 ? origin.name : fmt::format("{}:{}", origin.name, origin.line);
}

std::string to_string(const ConfigProblem& problem) {
  return fmt::format("{}: {}{}{}", to_string(problem.where), problem.key, problem.key.empty() ? "" : " ",
                     problem.message);
}

tl::expected<LoadedConfig, std::vector<ConfigProblem>> read_config(std::string_view text,
                                                                   const std::filesystem::path& file,
                                                                   const Overrides& overrides, Instant now) {
  Loader loader(file);
  loader.take_file(text);
  loader.take_environment(overrides.environment);
  for (const auto& argument : overrides.sets)
    loader.take_argument(argument);
  return loader.finish(day_of(now));
}

tl::expected<LoadedConfig, std::vector<ConfigProblem>> load_config(const std::filesystem::path& file,
                                                                   const Overrides& overrides, Instant now) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in || std::filesystem::is_directory(file))
    return tl::unexpected(std::vector<ConfigProblem>{{{Origin::Kind::file, file.string(), 0},
                                                      "",
                                                      "cannot be read",
                                                      "give the configuration as --config FILE"}});
  return read_config(text, file, overrides, now);
}

} // namespace dialogferry::cli
