#pragma once

// A folder that goes with the test, a configuration in it, and an adapter that counts its life.

#include "gateway/app/gateway.hpp"

#include <atomic>
#include <string>

namespace tests {

class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const std::string& path() const { return path_; }
    void write(const std::string& name, const std::string& text) const;   // mode 0600
    std::string read(const std::string& name) const;
    bool has(const std::string& name) const;
    void replace(const std::string& name, const std::string& from, const std::string& to) const;

private:
    std::string path_;
};

/// config/sluse.toml, config/tenants/310001007.toml, its key; listeners on free loopback ports.
void write_right_config(const Folder& folder);

struct FakeLife {
    std::atomic<int> created{0};
    std::atomic<int> started{0};
    std::atomic<int> stopped{0};
};

/// Adapter "fake", carries letter/v1. Counts since the last call.
std::shared_ptr<gateway::plugins::Registry> fake_adapters();
FakeLife& fake_life();

gateway::app::GatewayOptions gateway_options(const Folder& folder);

}   // namespace tests
