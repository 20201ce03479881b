#include "adapters/altinn/altinn_receiver.hpp"

#include "adapters/altinn/altinn_answers.hpp"
#include "adapters/altinn/altinn_errors.hpp"
#include "adapters/altinn/altinn_exchange.hpp"
#include "gateway/runtime/crash_point.hpp"
#include "gateway/sdk/percent_encoding.hpp"
#include "gateway/sdk/poll_pace.hpp"

#include <algorithm>

namespace gateway::altinn {

using std::chrono::seconds;

namespace {

constexpr const char* letters = "/correspondence/api/v1/correspondence";
constexpr const char* ledger_key = "receiving";
constexpr seconds call_time_max{30};
constexpr std::chrono::hours download_time_max{1};
constexpr std::chrono::hours again_max{1};
constexpr std::size_t open_max = 5'000;
constexpr std::uint64_t file_bytes_max = 50'000'000'000;
constexpr int read_before = 1040;
constexpr int confirmed_before = 1041;

sdk::Task<core::Result<sdk::HttpRequest>> request_for(std::string method, std::string url,
                                                      sdk::ByteSink* sink) {
    sdk::HttpRequest request(std::move(method), std::move(url));
    request.headers.emplace_back("Accept",
                                 sink == nullptr ? "application/json" : "application/octet-stream");
    request.answer_sink = sink;
    co_return std::move(request);
}

}   // namespace

sdk::Task<void> LetterPoller::run() {
    sdk::PollPace pace(settings_.poll_every);
    for (;;) {
        const bool good = co_await round();
        co_await host_.clock.sleep_until(host_.clock.steady() + pace.after(good));
    }
}

sdk::Task<bool> LetterPoller::round() {
    if (!recalled_) {
        recalled_ = co_await recall();
        if (!recalled_) {
            co_return false;
        }
    }
    bool answered = true;
    for (std::size_t source = 0; source < settings_.sources.size(); ++source) {
        answered = co_await search(source) && answered;
    }
    const bool kept = co_await take_open();
    if (answered) {
        host_.inbound.alive();
    }
    co_return answered&& kept;
}

/// What an earlier process had begun, of the resources that are still configured.
sdk::Task<bool> LetterPoller::recall() {
    const auto entry = co_await host_.state.get(ledger_key);
    if (!entry) {
        tell_store(entry.error());
        co_return false;
    }
    version_ = entry->version;
    const auto list = json::parse(entry->value);
    if (!list) {
        co_return true;   // nothing was begun
    }
    for (const auto& one : list->items()) {
        for (std::size_t i = 0; i < settings_.sources.size(); ++i) {
            const Source& source = settings_.sources[i];
            const auto id = id_from(one["id"]);
            if (id && one["resource"].as_string() == source.resource &&
                one["organisation"].as_string() == source.organisation) {
                open_[*id].source = i;
            }
        }
    }
    co_return true;
}

sdk::Task<bool> LetterPoller::remember() {
    json::Value list = json::Value::array();
    for (const auto& [id, open] : open_) {
        json::Value one;
        one.set("id", id).set("resource", settings_.sources[open.source].resource);
        one.set("organisation", settings_.sources[open.source].organisation);
        list.push(std::move(one));
    }
    const auto kept = co_await host_.state.put(ledger_key, json::write(list), version_);
    if (!kept) {
        tell_store(kept.error());
        recalled_ = false;   // somebody else wrote, or the store is away: read before writing again
        co_return false;
    }
    version_ = *kept;
    co_return true;
}

sdk::Task<bool> LetterPoller::search(std::size_t source) {
    const Source& where = settings_.sources[source];
    std::string path = std::string(letters) +
                       "?resourceId=" + sdk::percent_encoded(where.resource) +
                       "&role=Recipient&status=Published";
    const auto reply =
        co_await call(where, "GET", std::move(path), nullptr, host_.clock.in(call_time_max));
    const auto ids = reply.response ? read_ids(*reply.response) : std::nullopt;
    if (!ids) {
        tell("altinn.search_failed", reply);
        co_return false;
    }
    bool more = false;
    for (const auto& id : *ids) {
        if (open_.size() < open_max && !open_.contains(id)) {
            open_[id].source = source;
            more = true;
        }
    }
    if (more) {
        co_return co_await remember();   // before the first of them is fetched
    }
    co_return true;
}

sdk::Task<bool> LetterPoller::take_open() {
    std::vector<std::string> due;
    const auto now = host_.clock.steady();
    for (const auto& [id, open] : open_) {
        if (open.again_at <= now) {
            due.push_back(id);
        }
    }
    bool good = true;
    bool fewer = false;
    for (const auto& id : due) {
        Open& open = open_[id];
        const auto taken = co_await take(id, open);
        if (taken == Taken::done) {
            open_.erase(id);
            fewer = true;
            continue;
        }
        good = false;
        ++open.failures;
        const auto pause = settings_.poll_every * (1 << std::min(open.failures, 10));
        open.again_at = host_.clock.steady() + std::min<core::Duration>(pause, again_max);
    }
    if (fewer && recalled_) {
        good = co_await remember() && good;
    }
    co_return good;
}

sdk::Task<LetterPoller::Taken> LetterPoller::take(const std::string& id, Open& open) {
    const Source& source = settings_.sources[open.source];
    if (open.stored) {
        co_return co_await acknowledge(id, open);
    }
    GATEWAY_CRASH_POINT("altinn_letters.before_fetch");
    const auto reply = co_await call(source, "GET", std::string(letters) + "/" + id, nullptr,
                                     host_.clock.in(call_time_max));
    const auto letter = reply.response ? read_received(*reply.response) : std::nullopt;
    if (!letter) {
        if (reply.response && reply.response->status == 404) {
            co_return co_await set_aside(source, id);
        }
        tell("altinn.fetch_failed", reply);
        co_return Taken::failed;
    }
    std::vector<core::DocumentRef> documents;
    for (const auto& file : letter->files) {
        auto document = co_await fetch(source, id, file);
        if (!document) {
            co_return Taken::failed;
        }
        documents.push_back(std::move(*document));
    }
    GATEWAY_CRASH_POINT("altinn_letters.fetched");
    auto message = message_of(*letter, source, std::move(documents));
    const auto kept = co_await host_.inbound.message(std::move(message));
    if (!kept) {
        tell_store(kept.error());
        co_return Taken::failed;
    }
    GATEWAY_CRASH_POINT("altinn_letters.received");
    open.stored = true;
    open.confirm = letter->confirm;
    host_.metrics.count("sluse_altinn_letters_received_total", {});
    co_return co_await acknowledge(id, open);
}

sdk::Task<std::optional<core::DocumentRef>>
LetterPoller::fetch(const Source& source, const std::string& letter, const ReceivedFile& file) {
    auto created = co_await host_.documents.create(source.tenant, file_bytes_max);
    if (!created) {
        tell_store(created.error());
        co_return std::nullopt;
    }
    std::unique_ptr<sdk::DocumentSink> sink = std::move(*created);
    std::string path = std::string(letters) + "/" + letter + "/attachment/" + file.id + "/download";
    const auto reply = co_await call(source, "GET", std::move(path), sink.get(),
                                     host_.clock.in(download_time_max));
    if (!reply.response || reply.response->status != 200) {
        tell("altinn.fetch_failed", reply);
        co_return std::nullopt;
    }
    auto document = co_await sink->commit();
    if (!document) {
        tell_store(document.error());
        co_return std::nullopt;
    }
    document->name = file.name;
    document->title = file.name;
    document->media_type = file.media_type;
    co_return std::move(*document);
}

/// Confirmed where the sender wants it, else read: the sender sees that we have it.
sdk::Task<LetterPoller::Taken> LetterPoller::acknowledge(const std::string& id, const Open& open) {
    const char* const what = open.confirm ? "/confirm" : "/markasread";
    const auto reply = co_await call(settings_.sources[open.source], "POST",
                                     std::string(letters) + "/" + id + what, nullptr,
                                     host_.clock.in(call_time_max));
    GATEWAY_CRASH_POINT("altinn_letters.acknowledged");
    const int status = reply.response ? reply.response->status : 0;
    const int number = reply.response ? problem_number(*reply.response) : 0;
    if ((status >= 200 && status < 300) || status == 404 || number == read_before ||
        number == confirmed_before) {
        co_return Taken::done;   // 404: deleted meanwhile, and it is here
    }
    tell("altinn.not_acknowledged", reply);
    co_return Taken::failed;
}

/// Kept for a person to see; nothing of it can be had from Altinn.
sdk::Task<LetterPoller::Taken> LetterPoller::set_aside(const Source& source,
                                                       const std::string& id) {
    sdk::Oddity oddity;
    oddity.tenant = source.tenant;
    oddity.dedupe_id = id + "/gone";
    oddity.code = "altinn.gone_before_fetched";
    oddity.media_type = "application/json";
    oddity.raw = "{\"correspondenceId\":\"" + id + "\"}";
    const auto kept = co_await host_.inbound.quarantine(std::move(oddity));
    if (!kept) {
        tell_store(kept.error());
        co_return Taken::failed;
    }
    co_return Taken::done;
}

sdk::Task<altinn_platform::Reply> LetterPoller::call(const Source& source, const char* method,
                                                     std::string path, sdk::ByteSink* sink,
                                                     sdk::Deadline deadline) {
    auto token = receiving_token(settings_, source);
    altinn_platform::PlatformClient::Build build = [&] {
        return request_for(method, settings_.access.base_url + path, sink);
    };
    co_return co_await client_.call(std::move(token), std::move(build), sdk::Effect::none,
                                    deadline);
}

void LetterPoller::tell(const char* event, const altinn_platform::Reply& reply) {
    const auto outcome = reply.response ? outcome_of_refusal(*reply.response) : reply.outcome;
    host_.log.write(sdk::Severity::warning, event, {{"code", outcome.code.value}});
}

void LetterPoller::tell_store(const core::Failure& failure) {
    host_.log.write(sdk::Severity::warning, "altinn.letter_not_stored",
                    {{"error", failure.to_string()}});
}

}   // namespace gateway::altinn
