#pragma once

// What the demos ask of the gateway and of stand-ins.

#include "gateway/app/sandbox/demo.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/http_client.hpp"

namespace gateway::app::demo {

std::string word(const DemoPlaces& places, const char* nb, const char* en);

/// Over a connection of its own; at most 64 MiB come back.
sdk::Task<core::Result<sdk::HttpResponse>> call(sdk::Clock& clock, sdk::HttpRequest request);
/// Of the gateway, by the system.
sdk::HttpRequest request_of(const DemoPlaces& places, std::string method, const std::string& path);
/// Why it is not what was hoped for.
core::Failure answered(const sdk::HttpResponse& response);
/// JSON with status 200, else answered().
sdk::Task<core::Result<json::Value>> ask_json(sdk::Clock& clock, sdk::HttpRequest request);

/// What purpose "opptak" may see of places.digital_person.
sdk::Task<core::Result<json::Value>> look_up_person(sdk::Clock& clock, const DemoPlaces& places);
/// Where that person lives, on one line.
std::string home_of(const json::Value& person);

/// With blanks to so many letters.
std::string pad(std::string text, std::size_t width);
/// One line of a timeline.
void print_event(const json::Value& event);

}   // namespace gateway::app::demo
