#include "adapters/altinn_broker/standin/service.hpp"

int main(int argc, char** argv) {
    gateway::standin::Definition definition;
    definition.name = "altinn_broker";
    definition.own_options = {"maskinporten-url", "maskinporten-ca",     "organisation",
                              "time-scale",       "searches-per-minute", "calls-per-minute"};
    definition.make = [](gateway::standin::World& world) {
        return gateway::altinn_broker::standin::make_service(world);
    };
    return gateway::standin::run_standin(argc, argv, definition);
}
