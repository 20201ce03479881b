#include "adapters/altinn_forms/standin/service.hpp"

int main(int argc, char** argv) {
    gateway::standin::Definition definition;
    definition.name = "altinn_forms";
    definition.own_options = {"maskinporten-url", "maskinporten-ca", "organisation", "time-scale",
                              "subscription-lag", "webhook-ca",      "public-url"};
    definition.make = [](gateway::standin::World& world) {
        return gateway::altinn_forms::standin::make_service(world);
    };
    return gateway::standin::run_standin(argc, argv, definition);
}
