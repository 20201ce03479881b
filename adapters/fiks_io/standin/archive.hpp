#pragma once

// An archive system on an account of its own: takes what Fiks Arkiv's protocol lets others ask of
// it, keeps records, and answers. Facts: wire notes 4.

#include "adapters/fiks_io/standin/archive_xml.hpp"

namespace gateway::fiks_io::standin {

/// One thread. Borrows all.
class Archive {
public:
    Archive(gateway::standin::World& world, gateway::standin::Journal& journal, Party& party);

    /// What it makes of a message; answers go out before it returns. False: not now, once more.
    sdk::Task<bool> handle(Opened message);
    json::Value audit() const;
    void clear() { records_.clear(); }

private:
    struct Reply {
        std::string type;   // what follows the protocol's name
        std::vector<gateway::standin::PackageFile> files;
    };
    Reply create(const Opened& message);
    Reply change(const Opened& message, std::string_view root);
    Reply look(const Opened& message, std::string_view root);
    Reply search(const Opened& message);
    Reply made(const Done& done);
    sdk::Task<bool> reply(const Opened& message, Reply reply);
    std::string now() const;
    std::int64_t year() const;

    gateway::standin::World& world_;
    Party& party_;
    ArchiveRecords records_;
    std::map<std::string, std::string> files_;   // by systemID, of what was archived lately
    json::Value last_refusal_;
};

}   // namespace gateway::fiks_io::standin
