#include "adapters/folkeregister/standin/service.hpp"

int main(int argc, char** argv) {
    gateway::standin::Definition definition;
    definition.name = "folkeregister";
    definition.own_options = {"maskinporten-url", "maskinporten-ca", "organisation", "households"};
    definition.make = [](gateway::standin::World& world) {
        return gateway::folkeregister::standin::make_service(world);
    };
    return gateway::standin::run_standin(argc, argv, definition);
}
