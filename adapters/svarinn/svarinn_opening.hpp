#pragma once

// Opens what was downloaded: the CMS envelope with whichever of our keys fits, the ZIP inside (or,
// by v1, the one PDF), and each file into the document store, its hash held against the listing.
// Constant memory; what is heavy happens away from the strand.

#include "adapters/svarinn/svarinn_listing.hpp"
#include "adapters/svarinn/svarinn_settings.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/seal/asic_reader.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace gateway::svarinn {

/// The files, in the listing's order; or why there are none.
struct Opening {
    std::optional<std::vector<core::DocumentRef>> documents;
    core::Code code;   // without documents
    core::Params params;
    bool passing = false;   // our own trouble: the shipment is as good as before

    Opening() = default;
};

/// Lives on its connection's strand; both outlive it.
class Opener {
public:
    Opener(const Settings& settings, sdk::Host& host) : settings_(settings), host_(host) {}

    /// `sealed`: finished.
    sdk::Task<Opening> open(const Listed& listed, sdk::Spool& sealed);

private:
    struct Source;
    using Files = std::vector<core::DocumentRef>;

    /// Plain bytes in `plain`, finished. A key that does not fit is `seal.cms_not_decryptable`.
    sdk::Task<core::Result<void>> decrypt(sdk::Spool& sealed, sdk::Spool& plain, std::size_t which);
    sdk::Task<Opening> unpack(const Listed& listed, sdk::Spool& plain);
    sdk::Task<Opening> single(const Listed& listed, sdk::Spool& plain);
    sdk::Task<core::Result<core::DocumentRef>> keep(const ListedFile& file,
                                                    seal::EntryReader& reader);

    const Settings& settings_;
    sdk::Host& host_;
};

}   // namespace gateway::svarinn
