#include "adapters/altinn/standin/platform.hpp"

namespace gateway::altinn::standin {

std::optional<Refusal> check_resource(const Platform& platform, const Caller& caller,
                                      std::string_view resource, bool transmission) {
    const json::Value* entry = platform.settings.resource(resource);
    if (entry == nullptr) {
        return Refusal(4001);
    }
    const std::string& type = (*entry)["type"].as_string();
    if (type != "CorrespondenceService" && !(transmission && type == "AltinnApp")) {
        return Refusal(transmission ? 4010 : 4009);
    }
    if ((*entry)["owner"].as_string() != caller.organisation) {
        return Refusal(4001);
    }
    const json::Value* owner = platform.settings.service_owner(caller.organisation);
    if (owner == nullptr || !(*owner)["agreement"].as_bool(true)) {
        return Refusal(2014);
    }
    return std::nullopt;
}

}   // namespace gateway::altinn::standin
