#include "gateway/accept/event_stream.hpp"

#include "gateway/api/news_stream.hpp"
#include "gateway/view/event_cursor.hpp"
#include "gateway/view/life_events.hpp"
#include "gateway/view/message_view.hpp"

#include <algorithm>

namespace gateway::accept {
namespace {

class EventStream final : public api::NewsStream {
public:
    EventStream(EventStreamParts parts, core::SystemId system, ports::EventQuery query)
        : NewsStream(parts.clock, parts.news, parts.stopping),
          store_(parts.store),
          configuration_(parts.configuration),
          system_(std::move(system)),
          query_(std::move(query)) {}

private:
    sdk::Task<core::Result<std::string>> look() override {
        if (!greeted_) {
            greeted_ = true;
            co_return std::string("retry: 2000\n\n");
        }
        auto page = co_await store_.events_after(query_);
        if (!page) {
            co_return page.error();
        }
        query_.after = std::max(query_.after, page->last);
        const auto configuration = configuration_.current();
        const auto grants = grants_in(*configuration);
        const view::EventReader reader{*configuration, query_.tenant, system_, grants};
        std::string text;
        for (const auto& event : page->items) {
            if (!view::may_see(event, reader)) {
                continue;
            }
            const auto cloud = view::cloud_event(event);
            text += "id: " + view::write_cursor(event.position) +
                    "\nevent: " + cloud["type"].as_string() + "\ndata: " + json::write(cloud) +
                    "\n\n";
        }
        co_return text;
    }

    core::Grants grants_in(const core::Configuration& configuration) const {
        const auto tenant = configuration.tenants.find(query_.tenant);
        if (tenant == configuration.tenants.end()) {
            return {};
        }
        const auto system = tenant->second.systems.find(system_);
        return system == tenant->second.systems.end() ? core::Grants() : system->second.grants;
    }

    ports::Store& store_;
    const ports::ConfigurationSource& configuration_;
    core::SystemId system_;
    ports::EventQuery query_;
    bool greeted_ = false;
};

}   // namespace

std::unique_ptr<sdk::ByteSource> make_event_stream(EventStreamParts parts, core::SystemId system,
                                                   ports::EventQuery query) {
    return std::make_unique<EventStream>(parts, std::move(system), std::move(query));
}

}   // namespace gateway::accept
