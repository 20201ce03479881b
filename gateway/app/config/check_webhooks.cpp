#include "gateway/app/config/sources.hpp"
#include "gateway/core/ip_address.hpp"

namespace gateway::app {

void check_webhooks(const Sources& sources, Mistakes& mistakes) {
    if (!sources.main) {
        return;
    }
    const auto& ranges = sources.main->value()["webhooks"]["allow"].items();
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        const std::string& text = ranges[i].as_string();
        if (!core::parse_ip_range(text)) {
            mistakes.emplace_back(
                sources.main->value_place("/webhooks/allow/" + std::to_string(i)),
                Said(text + " er ikke et nett", text + " is not a network"),
                Said(
                    "skriv for eksempel \"10.0.0.0/8\"; det som står etter prefikset, må være null",
                    "write for example \"10.0.0.0/8\"; what follows the prefix must be zero"));
        }
    }
}

}   // namespace gateway::app
