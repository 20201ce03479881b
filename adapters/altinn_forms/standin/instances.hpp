#pragma once

// The instances of a service owner's apps: what was filled in, by whom, and what became of it. Kept
// as the JSON the service shows; members that begin with "_" are the imitation's own.

#include "adapters/altinn_forms/standin/pace.hpp"
#include "adapters/common/standin/journal.hpp"
#include "adapters/common/standin/skewed_clock.hpp"
#include "gateway/json/value.hpp"

#include <map>
#include <string>
#include <string_view>

namespace gateway::altinn_forms::standin {

/// One thread.
class Instances {
public:
    Instances(std::string folder, gateway::standin::Journal& journal,
              const gateway::standin::SkewedClock& clock, const Pace& pace);

    /// By "<party>/<guid>"; nullptr when unknown.
    json::Value* find(const std::string& id);
    const std::map<std::string, json::Value>& all() const { return instances_; }
    /// A new one of `app` ("org/name"); owner as given, a party number made up when it has none.
    json::Value& create(const std::string& app, const json::Value& owner, const std::string& by);
    /// The process ends: nothing more is filled in.
    void complete(json::Value& instance);
    /// Adds a data element that is scanned unless `content_type` is of a form or receipt. `as` may
    /// say `claimed_size`, `scan` ("never", "infected", "clean") for what goes wrong on purpose.
    const json::Value& add_data(json::Value& instance, const std::string& data_type,
                                const std::string& content_type, const std::string& file_name,
                                std::string_view bytes, const json::Value& as);
    /// One of the instance's; nullptr when unknown. Its bytes: `read`.
    const json::Value* element(const json::Value& instance, const std::string& id) const;
    std::string read(const json::Value& element) const;
    /// Now, by somebody.
    void touch(json::Value& instance);
    void save(const json::Value& instance);
    /// Scans that are due are done.
    void advance();
    core::Time now() const { return clock_.now(); }
    void clear();

private:
    std::string folder_;
    gateway::standin::Journal& journal_;
    const gateway::standin::SkewedClock& clock_;
    const Pace& pace_;
    std::map<std::string, json::Value> instances_;
    std::multimap<core::Time, std::string> scans_;
    std::int64_t next_party_ = 50'000'000;
};

}   // namespace gateway::altinn_forms::standin
