#include "adapters/altinn/standin/service.hpp"

int main(int argc, char** argv) {
    gateway::standin::Definition definition;
    definition.name = "altinn";
    definition.own_options = {"maskinporten-url", "maskinporten-ca", "organisation", "time-scale"};
    definition.make = [](gateway::standin::World& world) {
        return gateway::altinn::standin::make_service(world);
    };
    return gateway::standin::run_standin(argc, argv, definition);
}
