#include "adapters/altinn_forms/forms_exchange.hpp"

#include "gateway/sdk/percent_encoding.hpp"

namespace gateway::altinn_forms {

using altinn_platform::json_request;

namespace {

constexpr const char* storage = "/storage/api/v1/instances";
constexpr const char* events = "/events/api/v1";
constexpr std::size_t instance_bytes_max = 4U << 20U;   // many elements, each of some 700 bytes
constexpr std::size_t list_bytes_max = 8U << 20U;
constexpr std::size_t url_length_max = 16U << 10U;

std::string at_storage(const Settings& settings, const InstanceRef& instance) {
    return settings.access.base_url + storage + "/" + instance.path();
}

std::string at_app(const Settings& settings, const std::string& app) {
    return settings.apps_url + "/" + settings.org + "/" + app + "/instances";
}

std::string app_id(const Settings& settings, const std::string& app) {
    return sdk::percent_encoded(settings.org + "/" + app);
}

}   // namespace

sdk::HttpRequest get_instance(const Settings& settings, const InstanceRef& instance) {
    auto request = json_request("GET", at_storage(settings, instance), {});
    request.answer_bytes_max = instance_bytes_max;
    return request;
}

sdk::HttpRequest get_data(const Settings& settings, const InstanceRef& instance,
                          const std::string& element) {
    sdk::HttpRequest request("GET", at_storage(settings, instance) + "/data/" + element);
    request.headers.emplace_back("Accept", "*/*");
    return request;
}

sdk::HttpRequest confirm_complete(const Settings& settings, const InstanceRef& instance) {
    auto request = json_request("POST", at_storage(settings, instance) + "/complete", {});
    request.answer_bytes_max = instance_bytes_max;
    return request;
}

sdk::HttpRequest post_data(const Settings& settings, const InstanceRef& instance,
                           const std::string& data_type, const std::string& name,
                           const std::string& media_type) {
    sdk::HttpRequest request("POST", at_storage(settings, instance) +
                                         "/data?dataType=" + sdk::percent_encoded(data_type));
    request.headers.emplace_back("Accept", "application/json");
    request.headers.emplace_back("Content-Type", media_type);
    // Storage decodes the name.
    request.headers.emplace_back("Content-Disposition",
                                 "attachment; filename=\"" + sdk::percent_encoded(name) + "\"");
    return request;
}

sdk::HttpRequest put_substatus(const Settings& settings, const InstanceRef& instance,
                               const std::string& label, const std::string& description) {
    json::Value body;
    body.set("label", label).set("description", description);
    auto request =
        json_request("PUT", at_app(settings, instance.app) + "/" + instance.path() + "/substatus",
                     json::write(body));
    request.answer_bytes_max = instance_bytes_max;
    return request;
}

sdk::HttpRequest list_instances(const Settings& settings, const Listing& listing, int page_size) {
    std::string url = settings.access.base_url + storage +
                      "?appId=" + app_id(settings, listing.app) + "&process.isComplete=true";
    if (listing.unconfirmed_only) {
        url += "&excludeConfirmedBy=" + sdk::percent_encoded(settings.org);
    }
    if (listing.from) {
        url += "&lastChanged=" + sdk::percent_encoded("gte:" + core::to_rfc3339(*listing.from));
    }
    if (listing.to) {
        url += "&lastChanged=" + sdk::percent_encoded("lt:" + core::to_rfc3339(*listing.to));
    }
    url += "&order=" + sdk::percent_encoded("asc:lastChanged") +
           "&includeDataElements=false&size=" + std::to_string(page_size);
    auto request = json_request("GET", std::move(url), {});
    request.answer_bytes_max = list_bytes_max;
    return request;
}

std::optional<sdk::HttpRequest> next_page(const Settings& settings, const std::string& url) {
    if (url.size() > url_length_max || !url.starts_with(settings.access.base_url + storage + "?")) {
        return std::nullopt;
    }
    auto request = json_request("GET", url, {});
    request.answer_bytes_max = list_bytes_max;
    return request;
}

sdk::HttpRequest create_instance(const Settings& settings, const std::string& app,
                                 std::string body) {
    auto request = json_request("POST", at_app(settings, app) + "/create", std::move(body));
    request.answer_bytes_max = instance_bytes_max;
    return request;
}

sdk::HttpRequest list_made(const Settings& settings, const std::string& app,
                           const std::string& owner, core::Time from, core::Time to) {
    auto request =
        json_request("GET",
                     settings.access.base_url + storage + "?appId=" + app_id(settings, app) +
                         "&created=" + sdk::percent_encoded("gte:" + core::to_rfc3339(from)) +
                         "&created=" + sdk::percent_encoded("lt:" + core::to_rfc3339(to)) +
                         "&includeDataElements=false&size=100",
                     {});
    request.headers.emplace_back("X-Ai-InstanceOwnerIdentifier", owner);
    request.answer_bytes_max = list_bytes_max;
    return request;
}

sdk::HttpRequest list_subscriptions(const Settings& settings) {
    return json_request("GET", settings.access.base_url + events + "/subscriptions", {});
}

sdk::HttpRequest subscribe(const Settings& settings, const std::string& app,
                           const std::string& end_point) {
    json::Value body;
    body.set("endPoint", end_point).set("resourceFilter", resource_of(settings, app));
    body.set("typeFilter", completed_type);
    return json_request("POST", settings.access.base_url + events + "/subscriptions",
                        json::write(body));
}

sdk::HttpRequest unsubscribe(const Settings& settings, const std::string& subscription) {
    return json_request("DELETE",
                        settings.access.base_url + events + "/subscriptions/" + subscription, {});
}

sdk::HttpRequest read_feed(const Settings& settings, const std::string& app,
                           const std::string& after, int page_size) {
    auto request = json_request(
        "GET",
        settings.access.base_url + events +
            "/events?resource=" + sdk::percent_encoded(resource_of(settings, app)) +
            "&after=" + sdk::percent_encoded(after) +
            "&type=" + sdk::percent_encoded(completed_type) + "&size=" + std::to_string(page_size),
        {});
    request.headers.front().second = "application/cloudevents+json, application/json";
    request.answer_bytes_max = list_bytes_max;
    return request;
}

}   // namespace gateway::altinn_forms
