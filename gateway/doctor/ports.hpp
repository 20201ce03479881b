#pragma once

// What examinations are made with. Nothing here has a deadline of its own beyond what it is given:
// who asks leaves when the time is over.

#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/http/examine.hpp"
#include "gateway/sdk/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::doctor {

/// A server that was found: the name it is to prove, at the address it was found.
struct Spot {
    core::IpAddress address;
    std::uint16_t port = 443;
    std::string host;
    bool tls = true;
    std::string ca_file;   // empty: the system's roots

    Spot() = default;
};

/// Whether the server said what time it is.
struct Heard {
    int status = 0;
    std::optional<core::Time> their_time;

    Heard() = default;
};

/// Any strand may call.
class Network {
public:
    virtual ~Network() = default;
    /// As http::resolve_blocking().
    virtual sdk::Task<core::Result<std::vector<core::IpAddress>>> resolve(std::string host,
                                                                          std::uint16_t port) = 0;
    /// As http::try_addresses().
    virtual sdk::Task<core::Result<core::IpAddress>>
    connect(std::vector<core::IpAddress> addresses, std::uint16_t port, sdk::Deadline deadline) = 0;
    /// As http::try_tls().
    virtual sdk::Task<core::Result<http::TlsSight>> look_at_tls(Spot spot) = 0;
    /// The head of the answer to a GET of "/", without credentials, over a verified connection.
    virtual sdk::Task<core::Result<Heard>> listen(Spot spot, sdk::Deadline deadline) = 0;
};

enum class KernelClock { unknown, synchronised, free_running };

/// The machine this runs on. Any strand may call.
class House {
public:
    virtual ~House() = default;
    virtual std::string data_path() const = 0;
    /// Writes, flushes and removes a small file in the data folder.
    virtual sdk::Task<core::Result<void>> try_data() = 0;
    struct Disk {
        std::uint64_t free = 0;    // bytes
        std::uint64_t least = 0;   // below this nothing is accepted

        Disk() = default;
    };
    virtual sdk::Task<core::Result<Disk>> disk() = 0;
    virtual sdk::Task<core::Result<KernelClock>> kernel_clock() = 0;
    /// Tenants whose sealing key cannot be read now.
    virtual sdk::Task<core::Result<std::vector<core::TenantId>>> unreadable_keys() = 0;
    /// Nothing: there is none. False: it does not answer.
    virtual sdk::Task<core::Result<std::optional<bool>>> scanner() = 0;
};

}   // namespace gateway::doctor
