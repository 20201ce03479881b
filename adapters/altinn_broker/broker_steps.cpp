#include "adapters/altinn_broker/broker_steps.hpp"

#include "gateway/json/value.hpp"

#include <algorithm>
#include <array>

namespace gateway::altinn_broker {
namespace {

constexpr int renewals_max = 3;

constexpr std::array<const char*, 7> stage_names{"none",      "making",   "sending", "made",
                                                 "uploading", "resuming", "uploaded"};
constexpr std::array<const char*, 3> way_names{"form", "raw", "resumable"};

template <class Names>
std::optional<std::size_t> index_of(const Names& names, const std::string& name) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (name == names[i]) {
            return i;
        }
    }
    return std::nullopt;
}

}   // namespace

std::optional<Steps> Steps::read(const std::string& json) {
    const auto given = json::parse(json);
    if (!given) {
        return std::nullopt;
    }
    const auto stage = index_of(stage_names, (*given)["stage"].as_string());
    const auto way = index_of(way_names, (*given)["way"].as_string());
    if (!stage || !way) {
        return std::nullopt;
    }
    Steps steps(static_cast<Way>(*way));
    steps.stage_ = static_cast<Stage>(*stage);
    steps.id_ = (*given)["id"].as_string();
    steps.since_ = core::Time(core::Duration((*given)["since"].as_int()));
    steps.offset_ =
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, (*given)["offset"].as_int()));
    steps.renewals_ = static_cast<int>((*given)["renewals"].as_int());
    return steps;
}

std::string Steps::write() const {
    json::Value made;
    made.set("stage", stage_names[static_cast<std::size_t>(stage_)]);
    made.set("way", way_names[static_cast<std::size_t>(way_)]).set("id", id_);
    made.set("since", static_cast<std::int64_t>(since_.time_since_epoch().count()));
    made.set("offset", static_cast<std::int64_t>(offset_)).set("renewals", renewals_);
    return json::write(made);
}

Steps::Do Steps::next() const {
    switch (stage_) {
    case Stage::none:
        if (renewals_ > renewals_max) {
            return Do::give_up;
        }
        return way_ == Way::form ? Do::send : Do::make;
    case Stage::making: return Do::find_made;
    case Stage::sending: return Do::find_sent;
    case Stage::made: return way_ == Way::resumable ? Do::begin_tus : Do::upload;
    case Stage::uploading: return Do::ask;
    case Stage::resuming: return asked_ ? Do::ask : Do::resume_tus;
    case Stage::uploaded: break;
    }
    return Do::finish;
}

void Steps::making(core::Time now) {
    stage_ = Stage::making;
    since_ = now;
}

void Steps::sending(core::Time now) {
    stage_ = Stage::sending;
    since_ = now;
}

void Steps::made(std::string id) {
    stage_ = Stage::made;
    id_ = std::move(id);
}

void Steps::uploading(core::Time now) {
    stage_ = Stage::uploading;
    since_ = now;
}

void Steps::resuming(core::Time now) {
    stage_ = Stage::resuming;
    since_ = now;
    offset_ = 0;
    asked_ = false;
}

bool Steps::reached(std::uint64_t offset) {
    const bool further = offset > offset_;
    offset_ = offset;
    return further;
}

void Steps::lost() {
    ++renewals_;
    stage_ = Stage::none;
    id_.clear();
}

}   // namespace gateway::altinn_broker
