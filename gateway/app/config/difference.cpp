#include "gateway/app/config/difference.hpp"

#include <tuple>

namespace gateway::app {
namespace {

auto server_limits(const core::Limits& limits) {
    return std::tie(limits.header_bytes_max, limits.document_bytes_max, limits.message_bytes_max,
                    limits.connections_max, limits.header_time_max, limits.idle_time_max,
                    limits.body_rate_min);
}

bool has_tls(const core::ListenConfig& listener) {
    return !listener.certificate.empty();
}

void compare_listener(const std::string& name, const core::ListenConfig& before,
                      const core::ListenConfig& next, std::vector<Said>& said) {
    if (before.address != next.address) {
        said.emplace_back("adressen til [listen." + name + "] tas i bruk ved neste omstart",
                          "the address of [listen." + name + "] waits for a restart");
    }
    if (has_tls(before) != has_tls(next) || before.client_ca != next.client_ca) {
        said.emplace_back("TLS og client_ca for [listen." + name + "] tas i bruk ved neste omstart",
                          "TLS and client_ca of [listen." + name + "] wait for a restart");
    }
}

}   // namespace

std::vector<Said> needs_restart(const core::Configuration& before,
                                const core::Configuration& next) {
    std::vector<Said> said;
    compare_listener("public", before.public_listener, next.public_listener, said);
    compare_listener("admin", before.admin_listener, next.admin_listener, said);
    if (before.data_path != next.data_path || before.store_engine != next.store_engine) {
        said.emplace_back("[store] tas i bruk ved neste omstart; flytt først mappen",
                          "[store] waits for a restart; move the folder first");
    }
    if (server_limits(before.limits) != server_limits(next.limits)) {
        said.emplace_back("lytternes grenser i [limits] tas i bruk ved neste omstart",
                          "the listeners' part of [limits] waits for a restart");
    }
    if (before.limits.free_disk_min != next.limits.free_disk_min) {
        said.emplace_back(
            "[limits] free_disk_bytes_min gjelder meldinger nå, og filer fra neste omstart",
            "[limits] free_disk_bytes_min holds for messages now, and for files from "
            "the next restart");
    }
    return said;
}

}   // namespace gateway::app
