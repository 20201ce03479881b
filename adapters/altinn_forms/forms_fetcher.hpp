#pragma once

// One form from Altinn into the inbox: the instance, every file of it, stored, and only then
// confirmed. Each step may be the last before a crash: what is done twice has the effect of once.

#include "adapters/altinn_forms/forms_client.hpp"
#include "adapters/altinn_forms/forms_content.hpp"
#include "adapters/altinn_forms/forms_ledger.hpp"

namespace gateway::altinn_forms {

/// Lives on its connection's strand; all it is given outlives it.
class Fetcher {
public:
    Fetcher(const Settings& settings, FormsClient& client, Ledger& ledger, sdk::Host& host)
        : settings_(settings), client_(client), ledger_(ledger), host_(host) {}

    /// What became of the form, and when all others had better wait, too.
    struct Taken {
        bool settled = false;
        std::optional<std::chrono::seconds> pause;

        Taken() = default;
    };
    /// As far as it goes: fetched, stored, confirmed. What cannot be done now is postponed.
    sdk::Task<Taken> take(InstanceRef instance);

private:
    /// Of one step.
    enum class Step { next, settled, later, all_later };
    struct Progress {
        Step step = Step::next;
        std::chrono::seconds wait{0};

        Progress() = default;
        explicit Progress(Step what, std::chrono::seconds how_long = {})
            : step(what), wait(how_long) {}
    };

    sdk::Task<Progress> fetch(const InstanceRef& asked, const Line& line);
    sdk::Task<Progress> judge(const Instance& instance, const Line& line, const std::string& text);
    sdk::Task<Progress> gather(const Instance& instance, const Line& line,
                               std::vector<Fetched>& files, const std::string& text);
    sdk::Task<Progress> download(const Instance& instance, const Line& line, const Element& element,
                                 std::uint64_t& room, std::vector<Fetched>& files,
                                 const std::string& text);
    sdk::Task<Progress> store(const Instance& instance, std::vector<Fetched> files,
                              const std::string& text);
    sdk::Task<Progress> confirm(const InstanceRef& instance, const Line& line);
    sdk::Task<Progress> missing(const InstanceRef& asked, const Line& line,
                                const sdk::Outcome& outcome);
    sdk::Task<Progress> set_aside(const InstanceRef& instance, const char* code,
                                  core::Params params, const std::string& text);
    sdk::Task<Progress> move(const std::string& guid, Stage from, Stage to, Step then);
    Progress failed(const Reply& reply, const Line& line, const char* step);
    sdk::Task<void> postpone(const std::string& guid, std::chrono::seconds wait);
    void say(sdk::Severity severity, const char* event, const InstanceRef& instance,
             core::Params params = {});

    const Settings& settings_;
    FormsClient& client_;
    Ledger& ledger_;
    sdk::Host& host_;
};

}   // namespace gateway::altinn_forms
