#include "tests/simulation/life.hpp"

#include "gateway/crypto/digest.hpp"
#include "gateway/documents/documents.hpp"
#include "gateway/json/value.hpp"
#include "gateway/store/sqlite/sqlite_store.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace simulation {

using namespace std::chrono_literals;
using core::DeliveryState;

namespace {

constexpr std::size_t piece = 60'000;

sdk::Task<core::Result<std::string>> read_document(ports::Documents* documents,
                                                   core::TenantId tenant, core::Sha256 hash) {
    auto reader = co_await documents->open(std::move(tenant), hash);
    if (!reader) {
        co_return reader.error();
    }
    const auto source = ports::make_source(std::move(*reader), 0, ~0ULL);
    co_return co_await sdk::read_all(*source, 1U << 20U);
}

}   // namespace

void SeededExecutor::post(std::function<void()> job) {
    jobs_.push_back(std::move(job));
    later(static_cast<int>(random_() % 4));
}

void SeededExecutor::later(int turns) {
    boost::asio::post(io_, [this, turns] {
        if (turns > 0) {
            later(turns - 1);
            return;
        }
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        job();
    });
}

Life::Life(World& world)
    : world_(world),
      writer_(io_, world.random),
      flusher_(io_, world.random),
      readers_(io_, world.random),
      blocking_(io_, world.random) {
    store::SqliteOptions options;
    options.path = "/sluse.db";
    options.vfs = world.disk.name();
    options.checkpoint_pages = 20 + world.dice(200);   // so that the log begins anew
    options.gather_min = 1 + static_cast<std::size_t>(world.dice(6));
    options.on_fatal = [this](const core::Failure&) { fatal_ = true; };
    auto opened =
        store::make_sqlite_store(std::move(options), writer_, flusher_, readers_, world.clock);
    if (opened.has_error()) {
        return;
    }
    store_ = std::move(*opened);
    documents_ = documents::make_documents(*store_, world.vaults, world.files, blocking_,
                                           world.clock, *world.ids);
    auto* documents = documents_.get();
    for (const auto& [name, component] : world.components()) {
        component->set_reader([documents](core::TenantId tenant, core::Sha256 hash) {
            return read_document(documents, std::move(tenant), hash);
        });
    }
    const app::IncomingParts incoming{*store_,       world.configuration, world.vaults,
                                      world.clock,   *world.ids,          world.log,
                                      world.metrics, *documents_,         scanner_};
    incoming_ = std::make_unique<app::Incoming>(incoming);
    services_.emplace(dispatch::Services{*store_, world.connections, world.configuration,
                                         world.vaults, world.clock, *world.ids, world.log,
                                         world.metrics});
    traffic_ = std::make_unique<dispatch::Traffic>(world.clock, world.log, world.metrics);
    carrier_ = std::make_unique<app::DeliveryCarrier>(*services_);
    dispatcher_ = std::make_unique<dispatch::Dispatcher>(*services_, *traffic_, *carrier_,
                                                         io_.get_executor());
    dispatcher_->start();
}

bool Life::live(core::Duration time) {
    bool accepted = false;
    boost::asio::co_spawn(io_, accept_all(), [&](const std::exception_ptr&) { accepted = true; });
    bool received = false;
    boost::asio::co_spawn(io_, receive(), [&](const std::exception_ptr&) { received = true; });
    bool worked = false;
    boost::asio::co_spawn(io_, work_inbox(), [&](const std::exception_ptr&) { worked = true; });
    bool watched = false;
    boost::asio::co_spawn(io_, watch(), [&](const std::exception_ptr&) { watched = true; });
    const auto over = [&] {
        return fatal_ || world_.disk.is_off() || world_.files.is_off() || at_rest_;
    };
    tests::run_until(io_, world_.clock, over, time);
    stopping_ = true;
    bool stopped = false;
    boost::asio::co_spawn(io_, end(), [&](const std::exception_ptr&) { stopped = true; });
    const bool ended = tests::run_until(
        io_, world_.clock, [&] { return stopped && accepted && received && worked && watched; },
        1h);
    io_.poll();
    return ended;
}

/// No 202, or no answer at all: it tries again when the gateway is back.
sdk::Task<void> Life::accept_all() {
    const auto old = world_.clock.now() - 24h;
    if (const auto swept = co_await documents_->collect(old); swept.has_error()) {
        co_return;
    }
    auto& client = world_.client;
    for (std::size_t i = 0; i < client.wants.size() && !stopping_; ++i) {
        if (client.acknowledged.contains(i)) {
            continue;
        }
        const auto pause = core::Duration(world_.dice(2'000'000));
        co_await world_.clock.sleep_until(world_.clock.steady() + pause);
        if (!co_await upload_all(i)) {
            co_return;
        }
        auto command = letter(i);
        const auto answer = co_await store_->accept(std::move(command));
        if (answer.has_error()) {
            co_return;
        }
        if (answer->result != ports::Accepted::accepted &&
            answer->result != ports::Accepted::same) {
            client.surprises.push_back("letter " + std::to_string(i) +
                                       " was refused: a document or a key was forgotten");
            co_return;
        }
        client.acknowledged[i] = answer->message;
    }
    co_await change_minds();
}

/// What was acknowledged once is not uploaded again, nor is what several letters carry.
sdk::Task<bool> Life::upload_all(std::size_t letter) {
    for (const auto& content : world_.client.wants[letter].files) {
        if (world_.client.uploaded.contains(content)) {
            continue;
        }
        const auto hash = co_await upload(content);
        if (!hash) {
            co_return false;
        }
        world_.client.uploaded[content] = *hash;
    }
    co_return true;
}

sdk::Task<core::Result<core::Sha256>> Life::upload(std::string content) {
    auto writer = co_await documents_->create(oslo, sak, 1ULL << 30U);
    if (!writer) {
        co_return writer.error();
    }
    for (std::size_t at = 0; at < content.size(); at += piece) {
        const std::string_view part = std::string_view(content).substr(at, piece);
        const auto appended = co_await (*writer)->append(part);
        if (!appended) {
            co_return appended.error();
        }
    }
    const auto stored = co_await (*writer)->commit();
    if (!stored) {
        co_return stored.error();
    }
    co_return stored->hash;
}

/// As accept/ does for POST /v1/messages/{id}/cancel.
sdk::Task<void> Life::change_minds() {
    auto& client = world_.client;
    for (const auto& [number, id] : client.acknowledged) {
        if (!client.wants[number].changes_its_mind || client.cancels.contains(number)) {
            continue;
        }
        const auto pause = core::Duration(world_.dice(4'000'000));
        co_await world_.clock.sleep_until(world_.clock.steady() + pause);
        if (stopping_) {
            co_return;
        }
        ports::CancelCommand command;
        command.tenant = oslo;
        command.message = id;
        command.at = world_.clock.now();
        command.component_can = world_.traits.can_cancel;
        command.requested.push_back(event("cancel_requested"));
        command.cancelled.push_back(event("cancelled"));
        const auto answer = co_await store_->cancel(std::move(command));
        if (answer.has_error()) {
            co_return;
        }
        client.cancels[number] = *answer;
    }
    told_all_ = true;
}

/// As an adapter's receiver does: acknowledged to the component only after it is kept.
sdk::Task<void> Life::receive() {
    while (!stopping_ && world_.traits.pushes_receipts) {
        const auto pause = core::Duration(world_.dice(4'000'000));
        co_await world_.clock.sleep_until(world_.clock.steady() + pause);
        if (!co_await take_news()) {
            continue;
        }
        if (world_.dice(6) == 0) {
            co_await take_oddity();
        }
    }
}

sdk::Task<bool> Life::take_news() {
    const auto components = world_.components();
    for (const auto& [name, component] : components) {
        core::ConnectionId connection(name);
        if (!co_await take_news_of(std::move(connection), component)) {
            co_return false;
        }
    }
    co_return true;
}

sdk::Task<bool> Life::take_news_of(core::ConnectionId connection,
                                   tests::SimulatedComponent* component) {
    const ports::Handover from(connection, {oslo}, "component");
    const auto all = component->news();
    for (const auto& news : all) {
        if (stopping_) {
            co_return false;
        }
        const auto kept = co_await incoming_->receipt(from, news);
        if (kept.has_error()) {
            co_return false;
        }
        if (*kept == sdk::Kept::unknown) {
            world_.client.surprises.push_back(news.delivery.to_string() +
                                              " took effect, and nobody knows of it");
        }
        component->acknowledge(news);
    }
    co_return true;
}

sdk::Task<void> Life::take_oddity() {
    const ports::Handover from(core::ConnectionId("component"), {oslo}, "component");
    const int number = world_.dice(4);
    sdk::Oddity odd;
    odd.dedupe_id = std::to_string(number);
    odd.code = core::Code("upstream.bad_answer");
    odd.raw = oddity(number);
    const auto kept = co_await incoming_->quarantine(from, std::move(odd));
    if (kept.has_value()) {
        world_.client.oddities.insert(number);
    }
}

/// At rest: read, withdrawn, or waiting for a person. Of two ways also failed or delivered, for so
/// long that no rule of theirs can still come due.
bool Life::rests(const ports::StoreCounts& counts) const {
    const bool two = world_.ways == Ways::two;
    std::uint64_t resting = 0;
    std::uint64_t all = 0;
    for (const auto& [state, count] : counts.deliveries) {
        const bool ended = state == DeliveryState::read || state == DeliveryState::held ||
                           state == DeliveryState::cancelled;
        const bool may_end = state == DeliveryState::delivered || state == DeliveryState::failed;
        resting += ended || (two && may_end) ? count : 0;
        all += count;
    }
    return resting == all && all >= world_.client.wants.size();
}

/// Read, and what came with it is still asked for.
sdk::Task<bool> Life::is_asking() {
    const auto letters = world_.client.acknowledged;
    for (const auto& [number, id] : letters) {
        const auto view = co_await store_->get(oslo, id);
        if (view.has_error() || !view->has_value()) {
            co_return true;
        }
        const auto& all = (*view)->deliveries;
        if (std::any_of(all.begin(), all.end(), [](const auto& one) {
                return one.state == DeliveryState::read && one.work == core::Work::receipts;
            })) {
            co_return true;
        }
    }
    co_return false;
}

sdk::Task<void> Life::watch() {
    const core::Duration pace = world_.ways == Ways::two ? 60s : 3s;
    const core::Duration patience = world_.ways == Ways::two ? 2h : 0h;
    rested_since_ = world_.clock.steady();
    while (!stopping_) {
        co_await world_.clock.sleep_until(world_.clock.steady() + pace);
        const bool told_all = told_all_;   // what is asked later may wake what rested
        const auto counts = co_await store_->counts();
        if (counts.has_error()) {
            co_return;
        }
        const auto now = world_.clock.steady();
        const auto components = world_.components();
        const bool news = std::any_of(components.begin(), components.end(),
                                      [](const auto& one) { return one.second->has_news(); });
        const bool resting = told_all && !news && rests(*counts);
        bool at_work = !resting;
        if (resting) {
            at_work = co_await is_asking();
        }
        if (at_work) {
            rested_since_ = now;
            continue;
        }
        at_rest_ = now - rested_since_ >= patience;
    }
}

sdk::Task<void> Life::end() {
    co_await dispatcher_->stop(0s);
    co_await store_->close();
}

ports::NewEvent Life::event(const char* name) {
    ports::NewEvent made;
    made.id = world_.ids->next<core::EventId>();
    made.at = world_.clock.now();
    made.name = name;
    made.code = core::Code(name);
    return made;
}

ports::AcceptCommand Life::letter(std::size_t number) {
    auto& ids = *world_.ids;
    ports::AcceptCommand command;
    command.tenant = oslo;
    command.system = sak;
    command.message = ids.next<core::MessageId>();
    command.type = "letter/v1";
    command.at = world_.clock.now();
    json::Value content = json::Value::object();
    json::Value documents = json::Value::array();
    for (const auto& file : world_.client.wants[number].files) {
        const auto hash = world_.client.uploaded.at(file);
        command.documents.push_back(hash);
        json::Value document = json::Value::object();
        document.set("sha256", hash.to_hex()).set("name", "vedtak.pdf");
        documents.push(std::move(document));
    }
    content.set("title", "Vedtak").set("documents", std::move(documents));
    const auto& wanted = world_.client.wants[number];
    if (wanted.copy_if_unread) {
        json::Value rule = json::Value::object();
        rule.set("after", "PT1H").set("then", "paper");
        content.set("openReceipt", true).set("unread", std::move(rule));
    }
    const auto owner = command.message.to_bytes();
    const auto key = world_.vault->new_key(ids, owner);
    command.wrapped_key = key.wrapped;
    command.sealed_content = key.key.seal(ids, "content", owner, json::write(content));
    ports::IdempotencyClaim claim;
    claim.key_token =
        world_.vault->token(crypto::TokenKind::idempotency_key, "letter-" + std::to_string(number));
    claim.fingerprint = world_.vault->fingerprint(std::to_string(number));
    command.idempotency = claim;
    command.delivery.id = ids.next<core::DeliveryId>();
    if (world_.ways == Ways::one) {   // else dispatch chooses
        command.delivery.connection = core::ConnectionId("component");
    }
    command.delivery.due = command.at;
    command.delivery.upstream_key = command.delivery.id.to_string();
    command.events.push_back(event("accepted"));
    return command;
}

}   // namespace simulation
