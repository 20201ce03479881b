#pragma once

// What Events and Storage answer, read. Pure. Unknown members and values are passed over; what is
// missing that we cannot do without makes the answer unreadable.

#include "adapters/altinn_forms/forms_event.hpp"
#include "gateway/sdk/http_client.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::altinn_forms {

enum class Scan { clean, pending, infected };

struct Element {
    std::string id;
    std::string data_type;
    std::string media_type;
    std::string file_name;
    std::optional<std::uint64_t> size;
    Scan scan = Scan::clean;
    bool deleted = false;

    Element() = default;
};

struct Instance {
    InstanceRef ref;
    std::string app_id;   // "ttd/apps-test"
    std::string person;
    std::string organisation;
    std::optional<core::Time> created;
    std::optional<core::Time> ended;   // the legal time of receipt
    std::optional<core::Time> last_changed;
    std::string last_changed_text;
    bool hard_deleted = false;
    std::vector<std::string> confirmed_by;
    std::vector<Element> elements;
    json::Value presentation_texts;   // object
    json::Value data_values;          // object

    Instance() = default;
    bool confirmed(std::string_view stakeholder) const;
};

/// Of the apps this connection has; nothing for anything else.
std::optional<Instance> read_instance(const json::Value& value, const Settings& settings);
std::optional<Instance> read_instance(const sdk::HttpResponse& response, const Settings& settings);

struct InstancePage {
    std::vector<Instance> instances;
    std::size_t unreadable = 0;
    std::string next;   // empty: the last page

    InstancePage() = default;
};
std::optional<InstancePage> read_page(const sdk::HttpResponse& response, const Settings& settings);

struct FeedItem {
    Event event;
    std::string text;   // as it came, for the quarantine

    FeedItem() = default;
};
struct FeedPage {
    std::vector<FeedItem> items;
    bool more = false;

    FeedPage() = default;
};
std::optional<FeedPage> read_feed_page(const sdk::HttpResponse& response, const Settings& settings);

struct Subscription {
    std::string id;
    std::string end_point;
    std::string resource;
    std::string type;
    bool validated = false;

    Subscription() = default;
};
std::optional<Subscription> read_subscription(const json::Value& value);
std::optional<Subscription> read_subscription(const sdk::HttpResponse& response);
std::optional<std::vector<Subscription>> read_subscriptions(const sdk::HttpResponse& response);

}   // namespace gateway::altinn_forms
