#pragma once

// A waiting shipment as SvarInn lists it. Pure.

#include "adapters/svarut/standin/shipment.hpp"

namespace gateway::svarut::standin {

/// v2: with addresses in an object of their own, or flat.
json::Value listed_v2(const Shipment& shipment, const std::string& sender_name, bool nested,
                      const std::string& link);
json::Value listed_v1(const Shipment& shipment, const std::string& sender_name,
                      const std::string& link);

}   // namespace gateway::svarut::standin
