#pragma once

// Whatever comes in the name of Altinn Events, of Storage and of an app: by call-back, feed, list
// and answer. A form that is read makes a message by our own schema, whatever is in it.

#include "adapters/altinn_forms/forms_answers.hpp"
#include "adapters/altinn_forms/forms_content.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/json/schema.hpp"
#include "message_schemas.hpp"
#include "tests/fuzz/answer.hpp"

#include <algorithm>

namespace fuzz::forms_answers {

namespace forms = gateway::altinn_forms;

inline forms::Settings settings() {
    forms::Settings settings;
    settings.connection = "f";
    settings.access.base_url = "https://p.example";
    settings.apps_url = "https://a.example";
    settings.tenant = gateway::core::TenantId("991825827");
    settings.org = "ttd";
    settings.apps = {"skjema"};
    return settings;
}

inline void promise_ref(const forms::InstanceRef& ref) {
    const auto guid = gateway::core::parse_uuid(ref.guid);
    promise(guid && guid->to_string() == ref.guid, "an instance's id is a UUID in lower case");
    promise(!ref.party.empty() && ref.party.find_first_not_of("0123456789") == std::string::npos,
            "a party is a number");
    promise(ref.app == "skjema", "an instance is of an app of ours");
    const auto again = forms::read_instance_id(ref.path());
    promise(again && again->path() == ref.path(), "an instance's address is read back");
}

inline void event(const forms::Event& event) {
    promise(event.id.size() <= 200, "an event's id is bounded");
    if (event.kind == forms::EventKind::completed) {
        promise_ref(event.instance);
        promise(!event.id.empty(), "an event has an id");
    }
    if (event.kind == forms::EventKind::validation) {
        promise(!event.subscription.empty() &&
                    event.subscription.find_first_not_of("0123456789") == std::string::npos,
                "a subscription is a number");
    }
}

/// The message of it, with every file that is not infected.
inline void message(const forms::Instance& instance) {
    static const gateway::json::Schema form =
        *gateway::json::Schema::compile(gateway::validate::embedded::form_v1);
    std::vector<forms::Fetched> files;
    std::vector<forms::Element> withheld;
    for (const auto& element : instance.elements) {
        if (element.scan == forms::Scan::infected) {
            withheld.push_back(element);
        } else {
            gateway::core::DocumentRef document;
            document.name = forms::file_name_of(element);
            document.media_type = forms::media_type_of(element);
            files.emplace_back(element, std::move(document));
        }
    }
    const auto made = forms::inbound_of(instance, std::move(files), withheld, settings());
    promise(made.dedupe_id.size() <= 200 && made.memo.size() <= 4096, "what is kept is bounded");
    promise(made.facts.sender.empty() || made.facts.sender.size() == 9,
            "a sender is an organisation");
    promise(form.check(made.content).empty(), "a form's message is form/v1");
}

inline void instance(const forms::Instance& instance) {
    promise_ref(instance.ref);
    for (const auto& element : instance.elements) {
        const auto id = gateway::core::parse_uuid(element.id);
        promise(id && id->to_string() == element.id, "a file's id is a UUID in lower case");
        const auto name = forms::file_name_of(element);
        promise(!name.empty() && name != "." && name != ".." && !has_control(name) &&
                    name.find_first_of("/\\") == std::string::npos,
                "a file's name is nothing but a name");
        promise(gateway::json::utf8_fault(name) == std::string::npos, "a file's name is UTF-8");
    }
    message(instance);
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    const auto ours = settings();
    const auto response = answer_of(text_of(data, size));
    event(forms::read_event_text(response.body, ours));
    if (const auto one = forms::read_instance(response, ours)) {
        instance(*one);
    }
    if (const auto page = forms::read_page(response, ours)) {
        for (const auto& one : page->instances) {
            instance(one);
        }
    }
    if (const auto page = forms::read_feed_page(response, ours)) {
        for (const auto& item : page->items) {
            event(item.event);
        }
    }
    static_cast<void>(forms::read_subscription(response));
    if (const auto all = forms::read_subscriptions(response)) {
        promise(std::all_of(all->begin(), all->end(),
                            [](const auto& one) {
                                return one.id.find_first_not_of("0123456789") == std::string::npos;
                            }),
                "a subscription's id is a number");
    }
}

}   // namespace fuzz::forms_answers
