#pragma once

// Messages and events as callers see them: opened with the tenant's vault, texts in the caller's
// language.

#include "gateway/crypto/vault.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/store_types.hpp"
#include "gateway/texts/texts.hpp"

namespace gateway::view {

/// `GET /v1/messages/{id}`. `with_content` false (search results): only what needs no unsealing,
/// and the reference.
json::Value message_view(const ports::MessageView& message, const crypto::Vault& vault,
                         texts::Language language);
/// What the component made of the newest delivery: its members, or null.
json::Value component_result(const ports::MessageView& message, const crypto::Vault& vault);
/// One line of the timeline.
json::Value timeline_item(const ports::StoredEvent& event, texts::Language language);
/// "no.sluse.message.accepted.v1"
std::string event_type(const ports::StoredEvent& event);
/// A CloudEvents 1.0 event; never personal data.
json::Value cloud_event(const ports::StoredEvent& event);
/// The 202 of an accepted message.
json::Value accepted_view(core::MessageId id, const std::string& type, json::Value documents);

/// Nothing more happens by itself: no work is left in any of its deliveries, or a person decides.
bool rests(const ports::MessageView& message);

json::Value params_object(const core::Params& params);

}   // namespace gateway::view
