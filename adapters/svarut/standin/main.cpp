#include "adapters/svarut/standin/service.hpp"

int main(int argc, char** argv) {
    gateway::standin::Definition definition;
    definition.name = "svarut";
    definition.own_options = {"maskinporten-url", "maskinporten-ca", "organisation", "mailbox-of",
                              "time-scale"};
    definition.make = [](gateway::standin::World& world) {
        return gateway::svarut::standin::make_service(world);
    };
    return gateway::standin::run_standin(argc, argv, definition);
}
