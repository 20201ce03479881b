#pragma once

// A shipment that was fetched, as transfer/v1. Pure.

#include "adapters/svarinn/svarinn_listing.hpp"
#include "adapters/svarinn/svarinn_settings.hpp"
#include "gateway/sdk/inbound_message.hpp"

#include <vector>

namespace gateway::svarinn {

/// `documents` in the listing's order.
sdk::InboundMessage message_of(const Listed& listed, std::vector<core::DocumentRef> documents,
                               const Settings& settings, core::Time now);

}   // namespace gateway::svarinn
