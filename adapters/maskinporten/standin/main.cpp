#include "adapters/maskinporten/standin/service.hpp"

int main(int argc, char** argv) {
    gateway::standin::Definition definition;
    definition.name = "maskinporten";
    definition.own_options = {"issuer", "organisation", "lifetime-max"};
    definition.make = [](gateway::standin::World& world) {
        return gateway::maskinporten::standin::make_service(world);
    };
    return gateway::standin::run_standin(argc, argv, definition);
}
