#pragma once

// CloudEvents of Altinn, from a webhook or the feed. Pure. Facts: Altinn/altinn-events, and
// ProcessEventDispatcher.cs of Altinn/app-lib-dotnet for the source of an app's event.

#include "adapters/altinn_forms/forms_settings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::altinn_forms {

inline constexpr std::string_view completed_type = "app.instance.process.completed";

/// A form that was sent in: which app, whose, which.
struct InstanceRef {
    std::string app;     // "apps-test"
    std::string party;   // digits
    std::string guid;    // lower case

    InstanceRef() = default;
    friend bool operator==(const InstanceRef&, const InstanceRef&) = default;
    std::string path() const { return party + "/" + guid; }
};

enum class EventKind {
    completed,    // a form was sent in
    validation,   // of a subscription
    other,        // a sound event of another kind
    unsound,      // no CloudEvent, or a completed one that names no instance of ours
};

struct Event {
    EventKind kind = EventKind::unsound;
    std::string id;   // empty when it has none
    InstanceRef instance;
    std::string subscription;   // of a validation: digits

    Event() = default;
};

/// Of an app this connection does not have: unsound.
Event read_event(const json::Value& event, const Settings& settings);
Event read_event_text(std::string_view text, const Settings& settings);

/// "50015641/a72223a3-..." with digits and a UUID, and nothing else.
std::optional<InstanceRef> read_instance_id(std::string_view id);

}   // namespace gateway::altinn_forms
