#include "adapters/fiks_io/receiver_desk.hpp"

#include <utility>

namespace gateway::fiks_io {

namespace {

constexpr int not_found = 404;
constexpr int gone = 410;

Fetched missing(core::Code code, bool passing) {
    Fetched fetched;
    fetched.code = std::move(code);
    fetched.passing = passing;
    return fetched;
}

}   // namespace

sdk::Task<Opening> AdapterDesk::open(core::TenantId tenant, PackageSender sender,
                                     sdk::ByteSource& envelope) {
    co_return co_await opener_.open(std::move(tenant), sender, envelope);
}

sdk::Task<Looked<AccountFacts>> AdapterDesk::account(std::string account, sdk::Deadline deadline) {
    co_return co_await catalogue_.account(std::move(account), deadline);
}

sdk::Task<Looked<AccountStatus>> AdapterDesk::status(std::string account, sdk::Deadline deadline) {
    co_return co_await catalogue_.status(std::move(account), deadline);
}

sdk::Task<sdk::Outcome> AdapterDesk::answer(Outgoing message, sdk::Deadline deadline) {
    co_return co_await answering_.send(std::move(message), deadline);
}

/// Each try begins anew: what an answer that broke off left behind is no part of the next.
sdk::Task<fiks_platform::Built> AdapterDesk::build_fetch(std::string url,
                                                         std::unique_ptr<sdk::Spool>& spool) {
    spool.reset();
    auto made = co_await host_.spools.create(package_bytes_max);
    if (!made) {
        co_return fiks_platform::Built(
            sdk::Outcome(sdk::Verdict::try_later, "service.storage_full"));
    }
    spool = std::move(*made);
    sdk::HttpRequest request("GET", std::move(url));
    request.answer_sink = spool.get();
    co_return fiks_platform::Built(std::move(request));
}

sdk::Task<Fetched> AdapterDesk::fetch(std::string stored_elsewhere, sdk::Deadline deadline) {
    const std::string url =
        settings_.access.base_url + "/dokumentlager/nedlasting/" + stored_elsewhere;
    std::unique_ptr<sdk::Spool> spool;
    fiks_platform::Client::Build build = [&] { return build_fetch(url, spool); };
    const auto reply = co_await client_.call(std::move(build), sdk::Effect::none, deadline);
    if (!reply.response) {
        const bool passing = reply.outcome.verdict != sdk::Verdict::rejected;
        co_return missing(reply.outcome.code, passing);
    }
    const int status = reply.response->status;
    if (status == not_found || status == gone) {
        co_return missing("fiks_io.payload_gone", false);
    }
    if (status / 100 != 2 || !spool) {
        co_return missing("fiks.refused", true);   // a person mends what is refused to us
    }
    const auto finished = co_await spool->finish();
    if (!finished) {
        co_return missing("service.storage_full", true);
    }
    Fetched fetched;
    fetched.spool = std::move(spool);
    co_return fetched;
}

}   // namespace gateway::fiks_io
