#pragma once

// One instance by its address, at Storage or at its app: read, data, confirm, substatus, upload,
// and a new one. Facts: wire notes, section 7; the app's own OpenAPI document.

#include "adapters/altinn_forms/standin/instances.hpp"
#include "adapters/common/standin/faults.hpp"
#include "gateway/http/message.hpp"

#include <functional>
#include <string>
#include <vector>

namespace gateway::altinn_forms::standin {

/// The service owner that calls.
struct Owner {
    std::string org;
    std::string number;    // of the organisation: what it makes is made by it
    bool reads = false;    // altinn:serviceowner/instances.read
    bool writes = false;   // altinn:serviceowner/instances.write
};

/// One thread.
class InstanceCalls {
public:
    /// Told of what an app publishes: type and instance.
    using Publish = std::function<void(const std::string&, const json::Value&)>;

    InstanceCalls(Instances& instances, gateway::standin::Faults& faults, Publish publish)
        : instances_(instances), faults_(faults), publish_(std::move(publish)) {}

    /// `parts` after ".../instances/": party, guid and what follows; `app` is set at an app's
    /// address. 404 for what is not the owner's.
    sdk::Task<http::Response> one(http::Request& request, const Owner& owner,
                                  const std::vector<std::string>& parts, const std::string& app);
    /// POST .../instances/create at an app.
    sdk::Task<http::Response> instantiate(http::Request& request, const Owner& owner,
                                          const std::string& app);

private:
    http::Response download(http::Request& request, const json::Value& instance,
                            const std::string& id);
    http::Response confirm(json::Value& instance, const std::string& org);
    sdk::Task<http::Response> set_substatus(http::Request& request, json::Value& instance);
    sdk::Task<http::Response> upload(http::Request& request, json::Value& instance);

    Instances& instances_;
    gateway::standin::Faults& faults_;
    Publish publish_;
};

}   // namespace gateway::altinn_forms::standin
