#include "adapters/digital_post/standin/service.hpp"

int main(int argc, char** argv) {
    gateway::standin::Definition definition;
    definition.name = "digital_post";
    definition.own_options = {"maskinporten-url", "maskinporten-ca",  "certificates",
                              "trusted",          "audience",         "time-scale",
                              "opens-after",      "signature-age-max"};
    definition.make = [](gateway::standin::World& world) {
        return gateway::digital_post::standin::make_service(world);
    };
    return gateway::standin::run_standin(argc, argv, definition);
}
