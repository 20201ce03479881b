#include "adapters/krr/standin/service.hpp"

int main(int argc, char** argv) {
    gateway::standin::Definition definition;
    definition.name = "krr";
    definition.own_options = {"maskinporten-url", "maskinporten-ca", "certificates",
                              "certificate-form"};
    definition.make = [](gateway::standin::World& world) {
        return gateway::krr::standin::make_service(world);
    };
    return gateway::standin::run_standin(argc, argv, definition);
}
