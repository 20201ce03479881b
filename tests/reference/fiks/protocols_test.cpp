#include "adapters/fiks_io/protocols.hpp"

#include "gateway/json/value.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

using namespace gateway;
using namespace gateway::fiks_io;

namespace {

const json::Value& published() {
    static const json::Value list = [] {
        std::ifstream file(std::string(SLUSE_REFERENCE_DIR) + "/fiks/message-types.json");
        std::ostringstream text;
        text << file.rdbuf();
        return *json::parse(text.str());
    }();
    return list;
}

template <class See>
void for_each_published(See see) {
    for (const auto& protocol : published()["protocols"].items()) {
        for (const auto& type : protocol["messageTypes"].items()) {
            INFO(type["id"].as_string());
            see(type);
        }
    }
}

/// The list writes some names of answers otherwise than the names themselves.
std::string mended(std::string name) {
    const std::string wrong = "no.ks.fik.arkiv";
    if (name.starts_with(wrong)) {
        name.replace(0, wrong.size(), "no.ks.fiks.arkiv");
    }
    return name;
}

bool is_beside_the_list(const MessageType& type) {
    return type.misspelt || type.name.starts_with("no.nav.digisos.") ||
           type.name.starts_with("no.ks.fiks.bekymringsmelding.") ||
           type.name.starts_with("no.ssb.");
}

}   // namespace

TEST_CASE("reference: the table of protocols has every published message type, and no other") {
    std::set<std::string> names;
    for_each_published([&](const json::Value& type) {
        names.insert(type["id"].as_string());
        const MessageType* found = find(type["id"].as_string());
        REQUIRE(found != nullptr);
        CHECK_FALSE(found->misspelt);
    });
    CHECK(names.size() == 146);
    for (const auto& type : all_types()) {
        INFO(type.name);
        CHECK((is_beside_the_list(type) || names.contains(type.name)));
    }
}

TEST_CASE("reference: each type carries the files that are published for it") {
    for_each_published([](const json::Value& type) {
        const MessageType* found = find(type["id"].as_string());
        const json::Value& payload = type["payload"];
        if (payload.is_array()) {
            for (const auto& name : payload.items()) {
                CHECK(found->takes_file(name.as_string()));
            }
            CHECK(found->payload.size() == payload.items().size());
        } else if (payload.is_null()) {
            CHECK_FALSE(found->has_payload());
        } else if (payload.as_string().empty() || payload.as_string().starts_with("[")) {
            CHECK(found->payload_of_any_name);
        } else if (payload.as_string() != "unverified") {
            CHECK(found->payload == std::vector<std::string>{payload.as_string()});
        }
    });
}

TEST_CASE("reference: what is published as the answer to a message may answer it") {
    for_each_published([](const json::Value& type) {
        const MessageType* found = find(type["id"].as_string());
        for (const auto& reply : type["replies"].items()) {
            const std::string name = mended(reply.as_string());
            INFO("-> " << name);
            // A copy's mistake in the list: errors of another protocol.
            const bool strange = name.starts_with("no.ks.fiks.plan.") &&
                                 !found->name.starts_with("no.ks.fiks.plan.");
            CHECK(found->may_be_answered_by(name) != strange);
        }
        for (const auto& asked : type["replyTo"].items()) {
            const MessageType* question = find(asked.as_string());
            if (question == nullptr || !question->opens()) {
                continue;   // no message type, or an answer to itself: mistakes of the list
            }
            INFO("<- " << question->name);
            CHECK(question->may_be_answered_by(found->name));
        }
    });
}
