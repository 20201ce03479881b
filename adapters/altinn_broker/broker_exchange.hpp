#pragma once

// Every call to Broker as a plain request, without its token. Pure.

#include "gateway/core/time.hpp"
#include "gateway/sdk/http_client.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace gateway::altinn_broker {

/// Which budget of the connection a call draws from: 120 a minute.
inline constexpr const char* calls_budget = "calls";

sdk::HttpRequest make_transfer(const std::string& base_url, std::string body);
/// The body's stream is the caller's to set.
sdk::HttpRequest upload_raw(const std::string& base_url, const std::string& id);
sdk::HttpRequest upload_form(const std::string& base_url, const std::string& boundary);

sdk::HttpRequest tus_create(const std::string& base_url, const std::string& id,
                            std::uint64_t length);
sdk::HttpRequest tus_where(const std::string& base_url, const std::string& id);
sdk::HttpRequest tus_piece(const std::string& base_url, const std::string& id,
                           std::uint64_t offset);

sdk::HttpRequest get_overview(const std::string& base_url, const std::string& id);
/// All from `first` on, to `last` when there is one; the whole file for 0 and none.
sdk::HttpRequest download(const std::string& base_url, const std::string& id, std::uint64_t first,
                          std::optional<std::uint64_t> last);
sdk::HttpRequest confirm_download(const std::string& base_url, const std::string& id);
sdk::HttpRequest get_resource(const std::string& base_url, const std::string& resource);

/// What the organisation may fetch: published, and by it not begun, or begun and not confirmed.
enum class Waiting { untouched, begun };
sdk::HttpRequest search_waiting(const std::string& base_url, const std::string& resource,
                                Waiting which);
/// What the organisation has made between two points in time.
sdk::HttpRequest search_made(const std::string& base_url, const std::string& resource,
                             core::Time from, core::Time to, bool only_empty);

}   // namespace gateway::altinn_broker
