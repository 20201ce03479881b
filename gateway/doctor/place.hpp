#pragma once

// One place, examined step by step: name, port, handshake, clock.

#include "gateway/doctor/judge_place.hpp"
#include "gateway/doctor/within.hpp"

#include <memory>

namespace gateway::doctor {

/// Written as the steps go, so that what was seen is there when time is over.
struct PlaceChart {
    std::string url;
    std::vector<Step> steps;
    bool done = false;
    bool answers = false;   // nothing of it is in the way of a call

    explicit PlaceChart(std::string address) : url(std::move(address)) {}
};

/// Ends by `end`, whatever hangs.
sdk::Task<void> examine_place(Bench bench, Network& network, std::shared_ptr<PlaceChart> chart,
                              std::string ca_file, sdk::Deadline end);

}   // namespace gateway::doctor
