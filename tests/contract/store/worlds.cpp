#include "worlds.hpp"

#include <unistd.h>

namespace tests {

TemporaryFolder::TemporaryFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "sluse-store-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("no temporary folder");
    }
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
}

std::unique_ptr<ports::Store> InSqlite::open() {
    gateway::store::SqliteOptions options;
    options.path = path();
    auto store =
        gateway::store::make_sqlite_store(std::move(options), executor, executor, executor, clock_);
    if (!store) {
        throw std::runtime_error(store.error().to_string());
    }
    return std::move(*store);
}

ports::NewEvent Commands::event(const std::string& name) {
    ports::NewEvent event;
    event.id = ids->next<core::EventId>();
    event.at = now();
    event.name = name;
    event.code = core::Code(name);
    return event;
}

std::vector<ports::NewEvent> Commands::events(const std::string& name) {
    return std::vector<ports::NewEvent>(1, event(name));
}

ports::AcceptCommand Commands::letter(const core::TenantId& tenant) {
    ports::AcceptCommand command;
    command.tenant = tenant;
    command.system = visma;
    command.message = ids->next<core::MessageId>();
    command.type = "letter/v1";
    command.at = now();
    command.sealed_content = "sealed " + command.message.to_string();
    command.wrapped_key = "key of " + command.message.to_string();
    command.content_bytes = command.sealed_content.size();
    command.delivery.id = ids->next<core::DeliveryId>();
    command.delivery.connection = altinn;
    command.delivery.settings = R"({"resource":"letters"})";
    command.delivery.due = now();
    command.delivery.upstream_key = command.delivery.id.to_string();
    command.events = events("accepted");
    return command;
}

ports::AcceptCommand Commands::keyed(const core::TenantId& tenant, const std::string& key,
                                     const std::string& content) {
    auto command = letter(tenant);
    command.idempotency.emplace();
    command.idempotency->key_token = key;
    command.idempotency->fingerprint = content;
    return command;
}

ports::AcceptCommand Commands::ordered(const core::TenantId& tenant, const std::string& order) {
    auto command = letter(tenant);
    command.delivery.order_token = order;
    return command;
}

ports::ClaimCommand Commands::claim(std::size_t limit) {
    ports::ClaimCommand command;
    command.now = now();
    command.lease_until = now() + 30s;
    command.limit = limit;
    return command;
}

ports::ClaimCommand Commands::claim_receipts(std::size_t limit) {
    auto command = claim(limit);
    command.lane = ports::Lane::receipts;
    return command;
}

ports::BeginAttempt Commands::begin(const ports::ClaimedDelivery& claimed) {
    ports::BeginAttempt command;
    command.key = key_of(claimed);
    command.fence = claimed.fence;
    command.at = now();
    command.connection = claimed.row.connection.value_or(altinn);
    command.settings = claimed.row.settings;
    command.events = events("attempt_started");
    return command;
}

ports::FinishCommand Commands::finish(const ports::ClaimedDelivery& claimed, DeliveryState state,
                                      Work work) {
    ports::FinishCommand command;
    command.key = key_of(claimed);
    command.fence = claimed.fence;
    command.at = now();
    command.state = state;
    command.work = work;
    if (work != Work::none) {
        command.due = now();
    }
    command.events = events(std::string(core::to_string(state)));
    return command;
}

ports::ReceiptCommand Commands::receipt(const ports::DeliveryKey& key, const std::string& dedupe,
                                        DeliveryState reached) {
    ports::ReceiptCommand command;
    command.key = key;
    command.dedupe_id = dedupe;
    command.reached = reached;
    command.at = now();
    command.code = core::Code("receipt");
    command.events = events("receipt_" + std::string(core::to_string(reached)));
    return command;
}

ports::CancelCommand Commands::cancel(const ports::AcceptCommand& letter, bool component_can) {
    ports::CancelCommand command;
    command.tenant = letter.tenant;
    command.message = letter.message;
    command.system = letter.system;
    command.at = now();
    command.component_can = component_can;
    command.requested = events("cancel_requested");
    command.cancelled = events("cancelled");
    return command;
}

ports::RetryCommand Commands::retry(const core::TenantId& tenant, core::DeliveryId old) {
    ports::RetryCommand command;
    command.tenant = tenant;
    command.old = old;
    command.at = now();
    command.closing = events("closed");
    command.delivery.id = ids->next<core::DeliveryId>();
    command.delivery.connection = altinn;
    command.delivery.due = now();
    command.delivery.upstream_key = command.delivery.id.to_string();
    command.events = events("retried");
    return command;
}

ports::TakeOver Commands::instead(const std::string& order) {
    ports::TakeOver take_over;
    take_over.delivery.id = ids->next<core::DeliveryId>();
    take_over.delivery.connection = svarut;
    take_over.delivery.channel = core::Channel::paper;
    take_over.delivery.choice = "instead";
    take_over.delivery.due = now();
    take_over.delivery.upstream_key = take_over.delivery.id.to_string();
    take_over.delivery.order_token = order;
    take_over.events = events("taken_over");
    return take_over;
}

ports::DocumentRecord Commands::document(const core::TenantId& tenant, char fill) {
    ports::DocumentRecord record;
    record.tenant = tenant;
    record.hash.bytes.fill(static_cast<std::uint8_t>(fill));
    record.md5_hex = std::string(32, fill);
    record.size = 1234;
    record.wrapped_key = std::string("document key ") + fill;
    record.uploader = visma;
    record.created = now();
    return record;
}

ports::DeliveryKey key_of(const ports::ClaimedDelivery& claimed) {
    return {claimed.tenant, claimed.row.id};
}

ports::DeliveryKey key_of(const ports::AcceptCommand& letter) {
    return {letter.tenant, letter.delivery.id};
}

}   // namespace tests
