#include "tests/unit/client/desk.hpp"

#include "tests/support/run.hpp"

namespace tests::client {
namespace {

class ScriptedGate final : public client::Gate {
public:
    explicit ScriptedGate(Script& script) : script_(script) {}

    core::Result<client::Answer> ask(const client::Question& question) override {
        Asked asked;
        asked.method = question.method;
        asked.target = question.target;
        asked.body = question.body ? json::write(*question.body) : "";
        script_.asked.push_back(std::move(asked));
        return next();
    }
    core::Result<client::Answer> send(sdk::HttpRequest request, std::chrono::seconds) override {
        Asked asked;
        asked.method = request.method;
        asked.target = request.url;
        asked.headers = request.headers;
        asked.body = request.body;
        if (request.stream) {
            const auto promised = request.stream->size();
            asked.body = run(sdk::read_all(*request.stream, 64U << 20U)).value();
            if (promised != asked.body.size()) {
                return core::Failure(core::Errc::internal, "the size was a lie");
            }
        }
        script_.asked.push_back(std::move(asked));
        return next();
    }
    core::Result<client::Answer> follow(const std::string& target,
                                        const client::OnLine& on_line) override {
        Asked asked;
        asked.method = "GET";
        asked.target = target;
        script_.asked.push_back(std::move(asked));
        if (script_.streams.empty()) {
            return core::Failure(core::Errc::unreachable);
        }
        const auto lines = script_.streams.front();
        script_.streams.pop_front();
        for (const auto& line : lines) {
            if (!on_line(json::parse(line).value())) {
                return client::Answer(200, {});
            }
        }
        return core::Failure(core::Errc::answer_lost);
    }
    void pause(std::chrono::milliseconds) override { ++script_.pauses; }
    std::string where() const override { return "unix:/data/admin.sock"; }

private:
    core::Result<client::Answer> next() {
        if (script_.answers.empty()) {
            return core::Failure(core::Errc::unreachable);
        }
        auto answer = std::move(script_.answers.front());
        script_.answers.pop_front();
        return answer;
    }

    Script& script_;
};

}   // namespace

TestDesk::TestDesk() {
    desk.local_time = [](core::Time at) { return core::to_rfc3339(at).substr(11, 8); };
    desk.open_gate = [this](const client::GatePlace&) {
        std::unique_ptr<client::Gate> gate = std::make_unique<ScriptedGate>(script);
        return core::Result<std::unique_ptr<client::Gate>>(std::move(gate));
    };
}

}   // namespace tests::client
