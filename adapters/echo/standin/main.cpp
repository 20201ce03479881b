// A receiver for the echo adapter: takes JSON by POST on any path and answers with an id. The same
// Idempotency-Key gets the first answer again, so a sender may repeat after a lost answer.

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/journal.hpp"
#include "adapters/common/standin/program.hpp"

#include <map>

namespace gateway::echo::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t body_bytes_max = 16U << 20U;

class Echo final : public kit::Service {
public:
    explicit Echo(kit::World& world) : journal_(world.options.state + "/letters.jsonl") {
        for (const auto& [id, letter] : journal_.take("letter")) {
            remember(id, letter);
        }
    }

    void open(const std::string&) override {}

    sdk::Task<http::Response> handle(http::Request& request) override {
        if (request.method != "POST") {
            co_return http::Response(405);
        }
        if (kit::media_type(request) != "application/json") {
            co_return http::Response(415);
        }
        const auto body = co_await kit::read_json(request, body_bytes_max);
        if (!body || !body->is_object()) {
            co_return http::Response(400);
        }
        const std::string key(request.header("Idempotency-Key"));
        const auto known = keys_.find(key);
        if (!key.empty() && known != keys_.end()) {
            co_return answer(200, known->second);
        }
        const std::string id = kit::random_uuid();
        Value letter;
        letter.set("key", key).set("path", request.path).set("body", *body);
        journal_.put("letter", id, letter);
        remember(id, letter);
        co_return answer(201, id);
    }

    Value state() override {
        Value letters = Value::array();
        for (const auto& [id, letter] : letters_) {
            Value item = letter;
            item.set("id", id);
            letters.push(std::move(item));
        }
        Value out;
        out.set("letters", std::move(letters));
        return out;
    }

    void reset() override {
        letters_.clear();
        keys_.clear();
        journal_.clear();
    }

private:
    static http::Response answer(int status, const std::string& id) {
        Value body;
        body.set("id", id);
        return kit::json_response(status, body);
    }

    void remember(const std::string& id, const Value& letter) {
        letters_[id] = letter;
        if (!letter["key"].as_string().empty()) {
            keys_[letter["key"].as_string()] = id;
        }
    }

    kit::Journal journal_;
    std::map<std::string, Value> letters_;
    std::map<std::string, std::string> keys_;
};

}   // namespace

}   // namespace gateway::echo::standin

int main(int argc, char** argv) {
    gateway::standin::Definition definition;
    definition.name = "echo";
    definition.make = [](gateway::standin::World& world) {
        return std::make_unique<gateway::echo::standin::Echo>(world);
    };
    return gateway::standin::run_standin(argc, argv, definition);
}
