#include "gateway/app/other_ways.hpp"

#include "gateway/app/message_content.hpp"
#include "gateway/route/choose.hpp"

namespace gateway::app {
namespace {

core::RouteTarget way_taken(const ports::DeliveryRow& row) {
    core::RouteTarget target;
    target.connection = row.connection.value_or(core::ConnectionId());
    target.with = row.settings;
    return target;
}

}   // namespace

std::vector<ports::OtherWay> OtherWays::ways(const core::TenantId& tenant,
                                             const ports::MessageView& message,
                                             const json::Value& content,
                                             std::optional<core::Time> expires_at) const {
    const auto configuration = configuration_.current();
    const auto now = clock_.now();
    const auto& newest = message.deliveries.back();
    const auto taken = way_taken(newest);
    const auto before = route::read_trail(newest.choice);
    route::Question question(*configuration, tenant, message.type, content, now);
    question.trail.paper_only = before.paper_only;
    question.fits = [&, documents = references_in(content)](const core::RouteTarget& target) {
        const auto connection = connections_.find(target.connection);
        const auto with = json::parse(target.with);
        return connection != nullptr && connection->capability(message.type) != nullptr &&
               connection
                   ->check(message.type, content, with ? *with : json::Value::object(), documents,
                           now)
                   .empty();
    };
    const auto all = route::choose(question);
    std::vector<ports::OtherWay> found;
    for (const auto& one : all.options) {
        // Each by itself: whether it may be used does not depend on those before it.
        question.trail.tried.clear();
        for (const auto& other : all.options) {
            if (other.position != one.position) {
                question.trail.tried.push_back(other.target);
            }
        }
        const auto alone = route::choose(question);
        ports::OtherWay way;
        way.id = all.route + "/" + std::to_string(one.position);
        way.connection = one.target.connection;
        way.channel = one.target.channel;
        way.tried = one.target.connection == taken.connection && one.target.with == taken.with;
        if (alone.options.size() != 1) {
            continue;   // named twice in the route: it cannot be told from the other
        }
        way.why = alone.options.front().why;
        way.params = alone.options.front().params;
        if (alone.chosen() != nullptr) {
            const auto trail = route::trail_after(before, taken, route::Cause::failed);
            way.chosen = chosen_way(alone, trail, expires_at, now);
        }
        found.push_back(std::move(way));
    }
    return found;
}

}   // namespace gateway::app
