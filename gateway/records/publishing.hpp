#pragma once

// A tenant's own datasets: their owner writes and removes records under its schema, never over a
// version it has not seen; others read what has changed.

#include "gateway/records/visit.hpp"

namespace gateway::records {

/// One publication, all or nothing. Made for one call and awaited within it.
class Publishing {
public:
    Publishing(ServiceParts& parts, SchemaShelf& schemas, ports::PublishCommand command);

    sdk::Task<ports::PublishAnswer> run();

private:
    std::optional<ports::Refusal> check();
    std::optional<ports::Refusal> check_items(const core::DatasetConfig& config);
    sdk::Task<ports::PublishAnswer> write();
    sdk::Task<ports::PublishAnswer> refuse(ports::Refusal why);
    ports::RecordWrite write_of(const ports::Publication& item, const ports::Subject& subject,
                                const std::optional<ports::RecordRow>& before) const;
    std::string pointer(std::size_t i) const;

    ServiceParts& parts_;
    SchemaShelf& schemas_;
    ports::PublishCommand command_;
    Visit visit_;
    const core::DatasetConfig* config_ = nullptr;
    Dataset dataset_;
};

/// Needs the same right as a look-up in the dataset: which records changed, not what they say.
sdk::Task<ports::ChangesPage> list_changes(ServiceParts& parts, ports::ChangesQuery query);

}   // namespace gateway::records
