#pragma once

// Letters to the municipality: searches each resource as its recipient, fetches letter and files,
// hands the message over, and only then tells Altinn that it was received. What is begun is
// remembered first: a letter that we have fetched no search finds as new.

#include "adapters/altinn/altinn_received.hpp"
#include "adapters/common/altinn/platform_client.hpp"
#include "gateway/sdk/host.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::altinn {

/// Lives on its connection's strand; everything given outlives it.
class LetterPoller {
public:
    LetterPoller(const Settings& settings, sdk::Host& host)
        : settings_(settings), host_(host), client_(settings.access, host) {}

    /// Until cancelled.
    sdk::Task<void> run();
    /// Once over all resources. False when something must be tried again.
    sdk::Task<bool> round();
    sdk::Task<void> stop() { return client_.stop(); }

private:
    /// What became of a letter: kept and told of, or nothing more to do; to be tried again.
    enum class Taken { done, failed };
    struct Open {
        std::size_t source = 0;
        bool stored = false;    // only the confirmation is missing
        bool confirm = false;   // asked for by the sender
        int failures = 0;
        core::SteadyTime again_at{};

        Open() = default;
    };

    sdk::Task<bool> recall();
    sdk::Task<bool> remember();
    sdk::Task<bool> search(std::size_t source);
    sdk::Task<bool> take_open();
    sdk::Task<Taken> take(const std::string& id, Open& open);
    sdk::Task<std::optional<core::DocumentRef>>
    fetch(const Source& source, const std::string& letter, const ReceivedFile& file);
    sdk::Task<Taken> acknowledge(const std::string& id, const Open& open);
    sdk::Task<Taken> set_aside(const Source& source, const std::string& id);
    sdk::Task<altinn_platform::Reply> call(const Source& source, const char* method,
                                           std::string path, sdk::ByteSink* sink,
                                           sdk::Deadline deadline);
    void tell(const char* event, const altinn_platform::Reply& reply);
    void tell_store(const core::Failure& failure);

    const Settings& settings_;
    sdk::Host& host_;
    altinn_platform::PlatformClient client_;
    bool recalled_ = false;
    std::uint64_t version_ = 0;          // of what is remembered
    std::map<std::string, Open> open_;   // by letter
};

}   // namespace gateway::altinn
