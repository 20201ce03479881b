#include "adapters/enhetsregisteret/standin/service.hpp"

int main(int argc, char** argv) {
    gateway::standin::Definition definition;
    definition.name = "enhetsregisteret";
    definition.own_options = {"units", "updates"};
    definition.make = [](gateway::standin::World& world) {
        return gateway::enhetsregisteret::standin::make_service(world);
    };
    return gateway::standin::run_standin(argc, argv, definition);
}
