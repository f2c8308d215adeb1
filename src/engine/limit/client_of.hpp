#pragma once

#include <dialogferry/http/body_store.hpp>
#include <dialogferry/http/client.hpp>
#include <dialogferry/http/token.hpp>
#include <dialogferry/model/config.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dialogferry::engine {

/// Where the tokens of all APIs come from; null where none are asked for.
Result<std::shared_ptr<http::TokenSource>> tokens_of(const AuthConfig& auth, http::IoPool& pool);

/// A client as `[apis.NAME]` says. `bodies` may be null.
Result<std::unique_ptr<http::Client>> client_of(std::string_view name, const ApiConfig& api,
                                                std::shared_ptr<http::TokenSource> tokens, http::IoPool& pool,
                                                std::shared_ptr<http::BodyStore> bodies);

/// The folder of an API that is one: `file:exports`; nothing where it is a server.
std::optional<std::string> folder_of(const ApiConfig& api);

} // namespace dialogferry::engine
