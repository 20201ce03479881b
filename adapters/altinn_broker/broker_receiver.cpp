#include "adapters/altinn_broker/broker_receiver.hpp"

#include "adapters/altinn_broker/broker_errors.hpp"
#include "adapters/altinn_broker/broker_sender.hpp"
#include "adapters/altinn_broker/broker_transfer.hpp"
#include "adapters/common/altinn/peer_values.hpp"
#include "gateway/runtime/crash_point.hpp"
#include "gateway/sdk/poll_pace.hpp"

#include <algorithm>

namespace gateway::altinn_broker {

using std::chrono::seconds;

namespace {

constexpr seconds call_time_max{30};
constexpr std::chrono::hours download_time_max{
    1};   // of one answer: what is left is asked for anew
constexpr std::chrono::hours again_max{1};
constexpr std::uint64_t rounds_between_begun =
    20;   // what a lost process left is found at its start
constexpr std::size_t open_max = 10'000;
constexpr int stalls_max = 3;       // answers in a row that brought no byte
constexpr int answers_max = 2000;   // of one file: a cut every 25 MB of the largest
constexpr std::uint64_t part_bytes =
    256'000'000;   // of one answer: after each we are known to live
constexpr std::size_t raw_max = 256U << 10U;

const RecipientState* own_state(const Overview& overview, const std::string& organisation) {
    for (const auto& one : overview.recipients) {
        if (one.organisation == organisation) {
            return &one;
        }
    }
    return nullptr;
}

sdk::InboundMessage message_of(const Overview& overview, const Source& source,
                               core::DocumentRef document, const std::string& raw) {
    sdk::InboundMessage message;
    message.tenant = source.tenant;
    message.type = "transfer/v1";
    message.dedupe_id = overview.id;
    message.facts.account = source.organisation;
    message.facts.resource = source.resource;
    message.facts.sender = overview.sender;
    message.from = json::Value::object();
    message.from.set("organisation", overview.sender);
    json::Value file;
    file.set("name", document.name).set("sha256", document.sha256.to_hex());
    file.set("md5", document.md5_hex).set("size", static_cast<std::int64_t>(document.size));
    json::Value recipient;
    recipient.set("organisation", source.organisation);
    message.content.set("type", "transfer").set("version", 1);
    message.content.set("recipient", std::move(recipient));
    message.content.set("documents", json::Value::array().push(std::move(file)));
    if (!overview.reference.empty()) {
        message.content.set("reference", overview.reference);
        message.keys.emplace("reference", overview.reference);
    }
    if (overview.properties.is_object() && !overview.properties.members().empty()) {
        message.content.set("properties", overview.properties);
    }
    message.documents.push_back(std::move(document));
    message.received_at = overview.published ? overview.published : overview.changed;
    message.raw = raw.substr(0, raw_max);
    message.raw_media_type = "application/json";
    return message;
}

}   // namespace

sdk::Task<void> FilePoller::run() {
    sdk::PollPace pace(settings_.poll_every);
    for (;;) {
        const bool good = co_await round();
        co_await host_.clock.sleep_until(host_.clock.steady() + pace.after(good));
    }
}

sdk::Task<bool> FilePoller::round() {
    const std::size_t count = settings_.sources.size();
    bool answered = true;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t source = (first_ + i) % count;
        answered = co_await search(source, Waiting::untouched) && answered;
        if (rounds_ % rounds_between_begun == 0) {
            answered = co_await search(source, Waiting::begun) && answered;
        }
        co_await take_open();
    }
    first_ = count == 0 ? 0 : (first_ + 1) % count;
    ++rounds_;
    if (answered) {
        host_.inbound.alive();
    }
    co_return answered;
}

/// Waits for its turn in the budget; what is found is open from then on.
sdk::Task<bool> FilePoller::search(std::size_t source, Waiting which) {
    const Source& where = settings_.sources[source];
    co_await host_.clock.sleep_until(budget_.reserve(host_.clock.steady()));
    altinn_platform::PlatformClient::Build build = [&] {
        return plain(search_waiting(settings_.access.base_url, where.resource, which));
    };
    const auto reply =
        co_await call(where, sdk::Effect::none, std::move(build), host_.clock.in(call_time_max));
    const auto ids = reply.response ? read_ids(*reply.response) : std::nullopt;
    if (!ids) {
        const auto outcome = reply.response ? outcome_of_refusal(*reply.response) : reply.outcome;
        if (reply.response && reply.response->status == 429) {
            budget_.pause(host_.clock.steady() +
                          outcome.retry_after.value_or(SearchBudget::window));
        }
        tell("altinn_broker.search_failed", outcome);
        host_.metrics.count("sluse_altinn_broker_searches_failed_total", {});
        co_return false;
    }
    for (const auto& id : *ids) {
        if (open_.size() < open_max) {
            open_.try_emplace(id).first->second.source = source;
        }
    }
    co_return true;
}

sdk::Task<void> FilePoller::take_open() {
    std::vector<std::string> due;
    const auto now = host_.clock.steady();
    for (const auto& [id, open] : open_) {
        if (open.again_at <= now) {
            due.push_back(id);
        }
    }
    for (const auto& id : due) {
        Open& open = open_[id];
        const auto taken = co_await take(id, open);
        if (taken == Taken::done) {
            open_.erase(id);
            continue;
        }
        ++open.failures;
        const auto pause = settings_.poll_every * (1 << std::min(open.failures, 10));
        open.again_at = host_.clock.steady() + std::min<core::Duration>(pause, again_max);
    }
}

sdk::Task<FilePoller::Taken> FilePoller::take(const std::string& id, Open& open) {
    const Source& source = settings_.sources[open.source];
    if (open.stored) {
        co_return co_await confirm(id, source);
    }
    altinn_platform::PlatformClient::Build build = [&] {
        return plain(get_overview(settings_.access.base_url, id));
    };
    const auto reply =
        co_await call(source, sdk::Effect::none, std::move(build), host_.clock.in(call_time_max));
    const auto overview = reply.response ? read_overview(*reply.response) : std::nullopt;
    if (!overview) {
        if (reply.response && reply.response->status == 404) {
            co_return co_await set_aside(source, id, "altinn_broker.gone_before_fetched", "");
        }
        tell("altinn_broker.overview_failed",
             reply.response ? outcome_of_refusal(*reply.response) : reply.outcome);
        co_return Taken::failed;
    }
    const RecipientState* own = own_state(*overview, source.organisation);
    if (own != nullptr && own->status == "DownloadConfirmed") {
        co_return Taken::done;
    }
    switch (overview->status) {
    case Status::published: co_return co_await keep(*overview, reply.response->body, open);
    case Status::purged:
    case Status::cancelled:
    case Status::failed:
        co_return co_await set_aside(source, id, "altinn_broker.gone_before_fetched",
                                     reply.response->body);
    default: co_return Taken::failed;   // not yet, by what this answer says
    }
}

sdk::Task<FilePoller::Taken> FilePoller::keep(const Overview& overview, const std::string& raw,
                                              Open& open) {
    const Source& source = settings_.sources[open.source];
    GATEWAY_CRASH_POINT("altinn_broker.before_fetch");
    auto document = co_await fetch(overview, source);
    if (!document) {
        co_return Taken::failed;
    }
    GATEWAY_CRASH_POINT("altinn_broker.fetched");
    if (!overview.checksum.empty() && overview.checksum != document->md5_hex) {
        host_.metrics.count("sluse_altinn_broker_damaged_total", {});
        static_cast<void>(
            co_await set_aside(source, overview.id, "altinn_broker.checksum_differs", raw));
        co_return Taken::failed;   // fetched again, each time later
    }
    auto message = message_of(overview, source, std::move(*document), raw);
    const auto kept = co_await host_.inbound.message(std::move(message));
    if (!kept) {
        host_.log.write(sdk::Severity::warning, "altinn_broker.message_not_stored",
                        {{"error", kept.error().to_string()}});
        co_return Taken::failed;
    }
    GATEWAY_CRASH_POINT("altinn_broker.stored");
    open.stored = true;
    host_.metrics.count("sluse_altinn_broker_received_total", {});
    co_return co_await confirm(overview.id, source);
}

sdk::Task<FilePoller::Taken> FilePoller::confirm(const std::string& id, const Source& source) {
    altinn_platform::PlatformClient::Build build = [&] {
        return plain(confirm_download(settings_.access.base_url, id));
    };
    const auto reply =
        co_await call(source, sdk::Effect::none, std::move(build), host_.clock.in(call_time_max));
    GATEWAY_CRASH_POINT("altinn_broker.confirmed");
    if (reply.response && reply.response->status < 300) {
        co_return Taken::done;
    }
    const auto outcome = reply.response ? outcome_of_refusal(*reply.response) : reply.outcome;
    tell("altinn_broker.not_confirmed", outcome);
    // Not published any more: purged meanwhile, and the file is here. Anything else may pass.
    constexpr int not_published = 10;
    const bool for_good = reply.response && (reply.response->status == 404 ||
                                             problem_number(*reply.response) == not_published);
    co_return for_good ? Taken::done : Taken::failed;
}

/// Kept for a person to see; nothing of it can be had from Altinn.
sdk::Task<FilePoller::Taken> FilePoller::set_aside(const Source& source, const std::string& id,
                                                   core::Code code, const std::string& raw) {
    sdk::Oddity oddity;
    oddity.tenant = source.tenant;
    oddity.dedupe_id = id + "/" + code.value;
    oddity.code = std::move(code);
    oddity.media_type = "application/json";
    oddity.raw = raw.empty() ? "{\"fileTransferId\":\"" + id + "\"}" : raw.substr(0, raw_max);
    const auto kept = co_await host_.inbound.quarantine(std::move(oddity));
    if (!kept) {
        host_.log.write(sdk::Severity::warning, "altinn_broker.message_not_stored",
                        {{"error", kept.error().to_string()}});
        co_return Taken::failed;
    }
    co_return Taken::done;
}

sdk::Task<altinn_platform::Reply> FilePoller::call(const Source& source, sdk::Effect effect,
                                                   altinn_platform::PlatformClient::Build build,
                                                   sdk::Deadline deadline) {
    auto token = token_of(settings_, source.organisation);
    co_return co_await client_.call(std::move(token), std::move(build), effect, deadline);
}

void FilePoller::tell(const char* event, const sdk::Outcome& outcome) {
    host_.log.write(sdk::Severity::warning, event, {{"code", outcome.code.value}});
}

/// The whole file, however often the way breaks: each answer goes on where the last one ended.
sdk::Task<std::optional<core::DocumentRef>> FilePoller::fetch(const Overview& overview,
                                                              const Source& source) {
    auto created = co_await host_.documents.create(source.tenant, file_bytes_max);
    if (!created) {
        host_.log.write(sdk::Severity::warning, "altinn_broker.message_not_stored",
                        {{"error", created.error().to_string()}});
        co_return std::nullopt;
    }
    std::unique_ptr<sdk::DocumentSink> sink = std::move(*created);
    int stalls = 0;
    for (int answers = 0; answers < answers_max && stalls < stalls_max; ++answers) {
        const std::uint64_t first = sink->size();
        std::optional<std::uint64_t> last;
        if (overview.size > first + part_bytes) {
            last = first + part_bytes - 1;
        }
        altinn_platform::PlatformClient::Build build = [&] {
            auto request = download(settings_.access.base_url, overview.id, first, last);
            request.answer_sink = sink.get();
            return plain(std::move(request));
        };
        const auto reply = co_await call(source, sdk::Effect::none, std::move(build),
                                         host_.clock.in(download_time_max));
        const bool moved = sink->size() > first;
        stalls = moved ? 0 : stalls + 1;
        if (moved) {
            host_.inbound.alive();
        }
        if (reply.response && reply.response->status >= 300) {
            tell("altinn_broker.fetch_failed", outcome_of_refusal(*reply.response));
            co_return std::nullopt;
        }
        if (reply.response && first > 0 && read_range_start(*reply.response) != first) {
            co_return std::nullopt;   // not the part we asked for: begun anew, later
        }
        const bool whole =
            reply.response.has_value() && (overview.size == 0 || sink->size() == overview.size);
        if (whole || (overview.size > 0 && sink->size() == overview.size)) {
            auto document = co_await sink->commit();
            if (!document) {
                host_.log.write(sdk::Severity::warning, "altinn_broker.message_not_stored",
                                {{"error", document.error().to_string()}});
                co_return std::nullopt;
            }
            document->name = altinn_platform::safe_file_name(overview.file_name);
            document->title = document->name;
            co_return std::move(*document);
        }
        if (overview.size > 0 && sink->size() > overview.size) {
            co_return std::nullopt;
        }
    }
    host_.log.write(sdk::Severity::warning, "altinn_broker.fetch_failed", {{"code", "stalled"}});
    co_return std::nullopt;
}

}   // namespace gateway::altinn_broker
