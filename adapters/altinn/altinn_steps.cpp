#include "adapters/altinn/altinn_steps.hpp"

#include "gateway/json/value.hpp"

#include <array>

namespace gateway::altinn {
namespace {

constexpr int renewals_max = 3;     // of expired or purged attachments, in one delivery
constexpr int not_ready_max = 20;   // Altinn says published, then not
constexpr int removals_failed_max = 5;
constexpr std::chrono::minutes slow_scan{15};

constexpr std::array<const char*, 6> stage_names{"none",      "making",   "made",
                                                 "uploading", "uploaded", "published"};

std::optional<Steps::Stage> stage_of(const std::string& name) {
    for (std::size_t i = 0; i < stage_names.size(); ++i) {
        if (name == stage_names[i]) {
            return static_cast<Steps::Stage>(i);
        }
    }
    return std::nullopt;
}

json::Value written(const sdk::Outcome& outcome) {
    json::Value made;
    made.set("code", outcome.code.value);
    json::Value params = json::Value::object();
    for (const auto& [name, value] : outcome.params) {
        params.set(name, value);
    }
    made.set("params", std::move(params));
    made.set("text", outcome.upstream_text);
    return made;
}

sdk::Outcome read_outcome(const json::Value& value) {
    sdk::Outcome outcome(sdk::Verdict::rejected, core::Code(value["code"].as_string()));
    for (const auto& [name, text] : value["params"].members()) {
        outcome.params.emplace_back(name, text.as_string());
    }
    outcome.upstream_text = value["text"].as_string();
    return outcome;
}

}   // namespace

std::optional<Steps> Steps::read(const std::string& json, std::size_t documents) {
    const auto parsed = json::parse(json);
    if (!parsed || (*parsed)["attachments"].items().size() != documents) {
        return std::nullopt;
    }
    const json::Value& given = *parsed;
    Steps steps(documents);
    for (std::size_t i = 0; i < documents; ++i) {
        const json::Value& one = given["attachments"].items()[i];
        const auto stage = stage_of(one["stage"].as_string());
        if (!stage) {
            return std::nullopt;
        }
        steps.attachments_[i].stage = *stage;
        steps.attachments_[i].id = one["id"].as_string();
    }
    for (const auto& id : given["unwanted"].items()) {
        steps.unwanted_.push_back(id.as_string());
    }
    if (given.has("refusal")) {
        steps.refusal_ = read_outcome(given["refusal"]);
    }
    steps.scanning_since_ = core::Time(core::Duration(given["scanningSince"].as_int()));
    steps.renewals_ = static_cast<int>(given["renewals"].as_int());
    steps.not_ready_ = static_cast<int>(given["notReady"].as_int());
    steps.removals_failed_ = static_cast<int>(given["removalsFailed"].as_int());
    steps.slow_noted_ = given["slowNoted"].as_bool();
    return steps;
}

std::string Steps::write() const {
    json::Value made;
    json::Value attachments = json::Value::array();
    for (const auto& one : attachments_) {
        json::Value attachment;
        attachment.set("stage", stage_names[static_cast<std::size_t>(one.stage)]);
        attachment.set("id", one.id);
        attachments.push(std::move(attachment));
    }
    made.set("attachments", std::move(attachments));
    json::Value unwanted = json::Value::array();
    for (const auto& id : unwanted_) {
        unwanted.push(id);
    }
    made.set("unwanted", std::move(unwanted));
    if (refusal_) {
        made.set("refusal", written(*refusal_));
    }
    made.set("scanningSince",
             static_cast<std::int64_t>(scanning_since_.time_since_epoch().count()));
    made.set("renewals", renewals_);
    made.set("notReady", not_ready_);
    made.set("removalsFailed", removals_failed_);
    made.set("slowNoted", slow_noted_);
    return json::write(made);
}

std::size_t Steps::forget_lost() {
    std::size_t count = 0;
    for (auto& one : attachments_) {
        if (one.stage == Stage::making) {
            one = Attachment();
            ++count;
        }
    }
    return count;
}

Steps::Action Steps::next() const {
    if (!unwanted_.empty()) {
        return {Do::remove, 0};
    }
    if (refusal_) {
        return {Do::refuse, 0};
    }
    std::optional<Action> ask;
    for (std::size_t i = 0; i < attachments_.size(); ++i) {
        switch (attachments_[i].stage) {
        case Stage::none:
        case Stage::making: return {Do::make, i};
        case Stage::made: return {Do::upload, i};
        case Stage::uploading:
            return {Do::ask, i};   // whether the upload came through, nobody told us
        case Stage::uploaded: ask = ask ? ask : Action{Do::ask, i}; break;
        case Stage::published: break;
        }
    }
    return ask.value_or(Action{Do::send, 0});
}

std::vector<std::string> Steps::ids() const {
    std::vector<std::string> ids;
    for (const auto& one : attachments_) {
        ids.push_back(one.id);
    }
    return ids;
}

std::vector<std::string> Steps::held_ids() const {
    std::vector<std::string> ids = unwanted_;
    for (const auto& one : attachments_) {
        if (!one.id.empty()) {
            ids.push_back(one.id);
        }
    }
    return ids;
}

void Steps::made(std::size_t index, std::string id) {
    attachments_[index].stage = Stage::made;
    attachments_[index].id = std::move(id);
}

void Steps::uploaded(std::size_t index, core::Time now) {
    attachments_[index].stage = Stage::uploaded;
    if (scanning_since_ == core::Time{}) {
        scanning_since_ = now;
    }
}

bool Steps::lost_at_altinn(std::size_t index, bool delete_it) {
    if (delete_it) {
        unwanted_.push_back(attachments_[index].id);
    }
    attachments_[index] = Attachment();
    return ++renewals_ <= renewals_max * static_cast<int>(attachments_.size());
}

bool Steps::not_ready() {
    for (auto& one : attachments_) {
        one.stage = Stage::uploaded;
    }
    return ++not_ready_ <= not_ready_max;
}

bool Steps::make_all_anew() {
    bool again = true;
    for (std::size_t i = 0; i < attachments_.size(); ++i) {
        again = lost_at_altinn(i, true) && again;
    }
    return again;
}

void Steps::refuse(const sdk::Outcome& outcome) {
    refusal_ = outcome;
    unwanted_ = held_ids();
    attachments_.assign(attachments_.size(), Attachment());
}

bool Steps::removal_failed() {
    if (++removals_failed_ < removals_failed_max) {
        return false;
    }
    removals_failed_ = 0;
    return true;
}

bool Steps::note_slow_scan(core::Time now) {
    if (slow_noted_ || now - scanning_since_ < slow_scan) {
        return false;
    }
    slow_noted_ = true;
    return true;
}

}   // namespace gateway::altinn
