#pragma once

// Every call this adapter makes, without its token. Pure. Facts: wire notes 1.3, 4 and 7; the
// official app document.

#include "adapters/altinn_forms/forms_event.hpp"
#include "gateway/sdk/http_client.hpp"

#include <optional>
#include <string>

namespace gateway::altinn_forms {

sdk::HttpRequest get_instance(const Settings& settings, const InstanceRef& instance);
sdk::HttpRequest get_data(const Settings& settings, const InstanceRef& instance,
                          const std::string& element);
sdk::HttpRequest confirm_complete(const Settings& settings, const InstanceRef& instance);
/// Without its body. At Storage: an app takes no file for what was sent in.
sdk::HttpRequest post_data(const Settings& settings, const InstanceRef& instance,
                           const std::string& data_type, const std::string& name,
                           const std::string& media_type);
sdk::HttpRequest put_substatus(const Settings& settings, const InstanceRef& instance,
                               const std::string& label, const std::string& description);
/// Which completed instances of an app: those nobody confirmed for us, or all that changed in a
/// time.
struct Listing {
    std::string app;
    bool unconfirmed_only = false;
    std::optional<core::Time> from;   // last changed at or after
    std::optional<core::Time> to;     // last changed before

    Listing() = default;
};
sdk::HttpRequest list_instances(const Settings& settings, const Listing& listing, int page_size);
/// The next page at the address the last one gave; nothing when it leads elsewhere than to this
/// platform's list.
std::optional<sdk::HttpRequest> next_page(const Settings& settings, const std::string& url);

/// A new instance, at its app.
sdk::HttpRequest create_instance(const Settings& settings, const std::string& app,
                                 std::string body);
/// What was made in an app for `owner` ("Person:<11>", which stands in a header) in a time.
sdk::HttpRequest list_made(const Settings& settings, const std::string& app,
                           const std::string& owner, core::Time from, core::Time to);

sdk::HttpRequest list_subscriptions(const Settings& settings);
sdk::HttpRequest subscribe(const Settings& settings, const std::string& app,
                           const std::string& end_point);
sdk::HttpRequest unsubscribe(const Settings& settings, const std::string& subscription);
sdk::HttpRequest read_feed(const Settings& settings, const std::string& app,
                           const std::string& after, int page_size);

}   // namespace gateway::altinn_forms
