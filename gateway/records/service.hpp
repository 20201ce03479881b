#pragma once

// Records, as the public API asks for them (ports/records.hpp): authorise, read what is held, ask
// the register for what is missing, leave only what may be seen, write the access log, and only
// then answer. The decisions are in the pure files of this folder; here are the steps.

#include "gateway/json/schema.hpp"
#include "gateway/ports/configuration.hpp"
#include "gateway/ports/records.hpp"
#include "gateway/records/authorise.hpp"
#include "gateway/records/prepared_answers.hpp"
#include "gateway/records/register_asker.hpp"

#include <memory>
#include <mutex>

namespace gateway::records {

struct ServiceParts {
    ports::RecordStore& store;
    ports::Connections& connections;
    const ports::ConfigurationSource& configuration;
    const crypto::Vaults& vaults;
    sdk::Clock& clock;
    sdk::Ids& ids;
    sdk::Log& log;
    sdk::Metrics& metrics;
    PreparedAnswers* prepared = nullptr;   // none: each answer is made anew
};

/// Compiled once for each text. Any thread.
class SchemaShelf {
public:
    /// Nothing when the text is no schema.
    std::shared_ptr<const json::Schema> find(const std::string& text);

private:
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<const json::Schema>> schemas_;
};

/// Any strand may call. stop() is awaited before it goes.
class Service final : public ports::Records {
public:
    Service(ServiceParts parts, boost::asio::any_io_executor executor);

    sdk::Task<ports::LookUpAnswer> look_up(ports::RecordLookUp question) override;
    sdk::Task<ports::LogPage> read_log(ports::LogReading reading) override;
    sdk::Task<ports::PublishAnswer> publish(ports::PublishCommand command) override;
    sdk::Task<ports::ChangesPage> changes(ports::ChangesQuery query) override;
    sdk::Task<std::optional<ports::Refusal>> correct(ports::CorrectCommand command) override;

    sdk::Task<void> stop() { return asker_.stop(); }

    /// What feeds tell of, for who follows them.
    Touches& touches() { return touches_; }

private:
    sdk::Task<ports::LookUpAnswer> look_up_anew(ports::RecordLookUp question,
                                                std::string question_name);

    ServiceParts parts_;
    Touches touches_;
    RegisterAsker asker_;
    SchemaShelf schemas_;
};

}   // namespace gateway::records
