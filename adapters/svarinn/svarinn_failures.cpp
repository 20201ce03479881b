#include "adapters/svarinn/svarinn_failures.hpp"

#include "gateway/json/value.hpp"

#include <algorithm>

namespace gateway::svarinn {
namespace {

constexpr const char* key = "failures";
constexpr std::int64_t count_max = 1'000'000;

std::map<std::string, FailedTries> read(const std::string& text) {
    std::map<std::string, FailedTries> all;
    const auto kept = json::parse(text);
    if (!kept || !kept->is_object()) {
        return all;   // ours alone: only empty, or of a version that knew more
    }
    for (const auto& [id, given] : kept->members()) {
        FailedTries tries;
        tries.count =
            static_cast<int>(std::clamp<std::int64_t>(given["tries"].as_int(), 0, count_max));
        tries.told = given["told"].as_string();
        tries.set_aside = given["setAside"].as_string();
        all.emplace(id, std::move(tries));
    }
    return all;
}

std::string write(const std::map<std::string, FailedTries>& all) {
    if (all.empty()) {
        return {};   // removes
    }
    json::Value out = json::Value::object();
    for (const auto& [id, tries] : all) {
        json::Value one;
        one.set("tries", tries.count).set("told", tries.told).set("setAside", tries.set_aside);
        out.set(id, std::move(one));
    }
    return json::write(out);
}

}   // namespace

sdk::Task<core::Result<FailedTries>> FailureLedger::of(std::string id) {
    const auto loaded = co_await load();
    if (!loaded) {
        co_return loaded.error();
    }
    const auto found = all_.find(id);
    FailedTries tries;
    if (found != all_.end()) {
        tries = found->second;
    }
    co_return tries;
}

sdk::Task<core::Result<void>> FailureLedger::keep(std::string id, FailedTries tries) {
    const auto loaded = co_await load();
    if (!loaded) {
        co_return loaded.error();
    }
    tries.count = std::min(tries.count, static_cast<int>(count_max));
    all_[std::move(id)] = std::move(tries);
    co_return co_await store();
}

sdk::Task<core::Result<void>> FailureLedger::keep_only(std::set<std::string> listed) {
    const auto loaded = co_await load();
    if (!loaded) {
        co_return loaded.error();
    }
    const auto over =
        std::erase_if(all_, [&](const auto& one) { return !listed.contains(one.first); });
    if (over == 0) {
        co_return core::Result<void>();
    }
    co_return co_await store();
}

sdk::Task<core::Result<void>> FailureLedger::load() {
    if (loaded_) {
        co_return core::Result<void>();
    }
    const auto entry = co_await state_.get(key);
    if (!entry) {
        co_return entry.error();
    }
    all_ = read(entry->value);
    version_ = entry->version;
    loaded_ = true;
    co_return core::Result<void>();
}

sdk::Task<core::Result<void>> FailureLedger::store() {
    loaded_ = false;
    const auto version = co_await state_.put(key, write(all_), version_);
    if (!version) {
        co_return version.error();
    }
    version_ = *version;
    loaded_ = true;
    co_return core::Result<void>();
}

}   // namespace gateway::svarinn
