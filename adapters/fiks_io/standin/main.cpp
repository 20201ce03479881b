#include "adapters/fiks_io/standin/service.hpp"

int main(int argc, char** argv) {
    gateway::standin::Definition definition;
    definition.name = "fiks_io";
    definition.own_options = {
        "maskinporten-url",     "maskinporten-ca", "organisation", "certificate",
        "certificate-password", "amqp-port",       "inline-bytes", "broker"};
    definition.make = [](gateway::standin::World& world) {
        return gateway::fiks_io::standin::make_service(world);
    };
    return gateway::standin::run_standin(argc, argv, definition);
}
