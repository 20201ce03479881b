#pragma once

// What a letter means and whether the service takes it: the rules that have a number. Pure
// functions over the request. Facts: wire notes 2.2, 2.5 and 2.6.

#include "adapters/altinn/standin/problem.hpp"
#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"

#include <optional>
#include <string>

namespace gateway::altinn::standin {

std::optional<Refusal> check_times(const json::Value& letter, core::Time now);
std::optional<Refusal> check_content(const json::Value& letter);
std::optional<Refusal> check_reply_options(const json::Value& letter);
std::optional<Refusal> check_notification(const json::Value& notification);
std::optional<Refusal> check_file_name(const std::string& file_name);

/// The dialog a letter is to become a transmission of; empty for a dialog of its own.
std::string dialog_of(const json::Value& letter);
/// Of DialogportenTransmissionType; empty when absent.
std::string transmission_type_of(const json::Value& letter);
bool is_transmission_type(std::string_view text);

/// "0192:<9>" and bare person numbers as URNs.
std::string recipient_urn(std::string_view text);
bool is_person(std::string_view urn);
std::string mime_type(std::string_view file_name);

}   // namespace gateway::altinn::standin
