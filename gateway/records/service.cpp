#include "gateway/records/service.hpp"

#include "gateway/records/answering_again.hpp"
#include "gateway/records/correcting.hpp"
#include "gateway/records/log_reading.hpp"
#include "gateway/records/look_up.hpp"
#include "gateway/records/publishing.hpp"

namespace gateway::records {
namespace {

// A tenant's configuration has at most 200 datasets; what was replaced goes with the rest.
constexpr std::size_t schemas_max = 1'000;

AskerParts asker_parts(const ServiceParts& parts, const Touches& touches) {
    return {parts.store, parts.connections, parts.vaults,  parts.clock,
            parts.ids,   parts.log,         parts.metrics, touches};
}

}   // namespace

std::shared_ptr<const json::Schema> SchemaShelf::find(const std::string& text) {
    const std::lock_guard lock(mutex_);
    const auto found = schemas_.find(text);
    if (found != schemas_.end()) {
        return found->second;
    }
    auto schema = json::Schema::compile(text);
    if (!schema) {
        return nullptr;
    }
    if (schemas_.size() >= schemas_max) {
        schemas_.clear();
    }
    auto shared = std::make_shared<const json::Schema>(std::move(*schema));
    schemas_.emplace(text, shared);
    return shared;
}

Service::Service(ServiceParts parts, boost::asio::any_io_executor executor)
    : parts_(parts), asker_(asker_parts(parts, touches_), std::move(executor)) {}

sdk::Task<ports::LookUpAnswer> Service::look_up(ports::RecordLookUp question) {
    AnsweringAgain again(parts_, question);
    if (auto logging = again.begin()) {
        const auto logged = co_await std::move(*logging);
        auto answer = again.end(logged);
        if (answer) {
            co_return std::move(*answer);
        }
    }
    co_return co_await look_up_anew(std::move(question), again.take_question_name());
}

/// Apart, for most look-ups need nothing as large as its frame.
sdk::Task<ports::LookUpAnswer> Service::look_up_anew(ports::RecordLookUp question,
                                                     std::string question_name) {
    LookUp one(parts_, asker_, std::move(question), std::move(question_name));
    co_return co_await one.run();
}

sdk::Task<ports::LogPage> Service::read_log(ports::LogReading reading) {
    co_return co_await read_access_log(parts_, std::move(reading));
}

sdk::Task<ports::PublishAnswer> Service::publish(ports::PublishCommand command) {
    Publishing one(parts_, schemas_, std::move(command));
    co_return co_await one.run();
}

sdk::Task<ports::ChangesPage> Service::changes(ports::ChangesQuery query) {
    co_return co_await list_changes(parts_, std::move(query));
}

sdk::Task<std::optional<ports::Refusal>> Service::correct(ports::CorrectCommand command) {
    co_return co_await correct_record(parts_, std::move(command));
}

}   // namespace gateway::records
