#pragma once

// What SvarUt asks of a shipment beside its shape. Pure.

#include "adapters/svarut/standin/shipment.hpp"

#include <optional>
#include <string>

namespace gateway::svarut::standin {

/// By v2's single recipient: 11 digits, 9 digits, none.
std::string kind_of_v2(const json::Value& order);
/// digitalId, HER-id or patient.
std::string recipient_of(const json::Value& order, const std::string& kind);

/// What is wrong with an order before its files are looked at; nothing when it can go on.
std::optional<std::string> order_objection(const json::Value& order, const std::string& kind,
                                           core::Time now);
/// And with its files, once they are all there. `sizes` as they came.
std::optional<std::string> files_objection(const Shipment& shipment);

}   // namespace gateway::svarut::standin
