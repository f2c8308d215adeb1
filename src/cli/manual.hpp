#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace dialogferry::cli {

/// The manual page of a program and all of its commands, as troff (man 7).
std::string man_page(const CLI::App& program);

/// What completes its commands and options in a shell: "bash", "zsh" or "fish".
std::string completions(const CLI::App& program, const std::string& shell);

} // namespace dialogferry::cli
