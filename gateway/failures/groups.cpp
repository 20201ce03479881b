#include "gateway/failures/groups.hpp"

#include "gateway/crypto/digest.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace gateway::failures {

std::string group_id(const ports::FailureKind& kind) {
    const auto cause = texts::cause_of(core::Code(kind.code));
    // Two unknown codes are not one cause.
    const auto& what = cause.known() ? cause.id : "unknown " + kind.code;
    std::string all = kind.tenant.value;
    for (const auto& part : {what, kind.detail, kind.connection, kind.type}) {
        all += '\0';
        all += part;
    }
    return crypto::sha256(all).to_hex().substr(0, 32);
}

std::vector<Group> groups_of(std::vector<ports::FailureCount> counts) {
    std::map<std::string, Group> groups;
    for (auto& one : counts) {
        auto& group = groups[group_id(one.kind)];
        const bool first = group.kinds.empty();
        if (first || one.newest > group.newest) {
            group.newest = one.newest;
            group.code = core::Code(one.kind.code);
            group.params = one.params;
            group.samples = one.samples;
        }
        group.oldest = first ? one.oldest : std::min(group.oldest, one.oldest);
        group.count += one.count;
        group.cause = texts::cause_of(core::Code(one.kind.code));
        group.kinds.push_back(std::move(one.kind));
    }
    std::vector<Group> all;
    for (auto& [id, group] : groups) {
        group.id = id;
        all.push_back(std::move(group));
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.count > b.count; });
    return all;
}

std::string cursor_of(const ports::FailedDelivery& last) {
    return std::to_string(last.at.time_since_epoch().count()) + "." + last.delivery.to_string();
}

std::optional<std::pair<core::Time, core::DeliveryId>> read_cursor(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos) {
        return std::nullopt;
    }
    std::int64_t micros = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + dot, micros);
    const auto delivery = core::DeliveryId::parse(text.substr(dot + 1));
    if (error != std::errc() || end != text.data() + dot || micros < 0 || !delivery) {
        return std::nullopt;
    }
    return std::pair(core::Time(core::Duration(micros)), *delivery);
}

std::optional<Group> find_group(std::vector<ports::FailureCount> counts, std::string_view id) {
    for (auto& group : groups_of(std::move(counts))) {
        if (group.id == id) {
            return std::move(group);
        }
    }
    return std::nullopt;
}

}   // namespace gateway::failures
