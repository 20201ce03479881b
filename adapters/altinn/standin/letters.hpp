#pragma once

#include "adapters/altinn/standin/platform.hpp"

namespace gateway::altinn::standin {

/// What is asked about, and done with, a correspondence that exists: by its sender or by its
/// recipient. One thread.
class Letters {
public:
    explicit Letters(Platform& platform) : platform_(platform) {}

    http::Response search(const http::Request& request, const Caller& caller);
    http::Response overview(const Caller& caller, const std::string& id, bool details);
    http::Response content(const Caller& caller, const std::string& id);
    http::Response mark_as_read(const Caller& caller, const std::string& id);
    http::Response confirm(const Caller& caller, const std::string& id);
    http::Response purge(const Caller& caller, const std::string& id);
    http::Response download(const Caller& caller, const std::string& id,
                            const std::string& attachment);
    /// The recipient as the control side plays it, persons too: fetch, read, confirm, download,
    /// purge.
    http::Response act(const std::string& id, const std::string& what);

private:
    enum class Side { none, sender, recipient };
    Side side_of(const Caller& caller, const Correspondence& correspondence) const;
    /// The recipient's correspondence, or why not.
    Correspondence* received(const Caller& caller, const std::string& id, Refusal& wrong);
    void fetched(Correspondence& correspondence);
    http::Response read(Correspondence& correspondence);
    http::Response confirmed(Correspondence& correspondence);
    http::Response purged(Correspondence& correspondence);

    Platform& platform_;
};

}   // namespace gateway::altinn::standin
